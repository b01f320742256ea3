"""Tensors: numbers with a shape, and how they lie in memory."""

from ui.page import begin

begin(
    "What is a tensor, and where are its numbers?",
    "A tensor is a box of numbers with a shape: a single number, a row, a table, a stack of images. In memory it is "
    "one long row of cells. Many operations move no number at all; they only read that row in another way.",
)

from core.tensors.settings import (
    BroadcastSettings,
    CreateSettings,
    ImageSettings,
    IndexSettings,
    MatmulSettings,
    PowerSettings,
    StorageSettings,
    TensorsLook,
)
from pages.tensors import arrange, background, broadcasting, create, index, pictures, power, products
from ui.controls import Controls

controls = Controls(
    "tensors",
    TensorsLook,
    CreateSettings,
    index=IndexSettings,
    storage=StorageSettings,
    broadcast=BroadcastSettings,
    matmul=MatmulSettings,
    power=PowerSettings,
    image=ImageSettings,
)
controls.show_link_problems()
view = controls.show_views("view")

if view == "create":
    create.show(controls)
elif view == "index":
    index.show(controls)
elif view == "storage":
    arrange.show(controls)
elif view == "broadcast":
    broadcasting.show(controls)
elif view == "matmul":
    products.show(controls)
elif view == "power":
    power.show(controls)
else:
    pictures.show(controls)

background.show()
