"""Tensors: numbers with a shape, and how they lie in memory."""

from ui.page import begin, show_page

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
    TensorsViewState,
)
from pages.tensors import broadcast, create, image, index, matmul, power, storage
from ui.controls import Controls

VIEWS = {
    "create": create,
    "index": index,
    "storage": storage,
    "broadcast": broadcast,
    "matmul": matmul,
    "power": power,
    "image": image,
}

controls = Controls(
    "tensors",
    TensorsViewState,
    CreateSettings,
    aliases={"power.look": "power.style"},
    index=IndexSettings,
    storage=StorageSettings,
    broadcast=BroadcastSettings,
    matmul=MatmulSettings,
    power=PowerSettings,
    image=ImageSettings,
)
show_page(controls, VIEWS)
