"""The class of a model, written out as the course writes it."""

from core.neural_networks.layers import ACTIVATIONS, Layer, class_name, names_of
from core.neural_networks.model import registered


def class_code(layers: tuple[Layer, ...]) -> str:
    """The text of the class. The number of inputs is an argument where the first layer is linear."""
    named = dict(zip(names_of(layers), layers, strict=True))
    size = ", input_size" if takes_size(layers) else ""
    made = [f"        self.{name} = nn.{named[name].code}" for name in registered(layers)]
    if size:
        inputs = layers[0].values["in_features"]
        made[0] = made[0].replace(f"Linear({inputs},", "Linear(input_size,", 1)
    head = [f"class {class_name(layers)}(nn.Module):", f"    def __init__(self{size}):", "        super().__init__()"]
    *calls, last = _calls(named)
    body = ["", "    def forward(self, x):", *(f"        x = {call}" for call in calls), f"        return {last}"]
    return "\n".join([*head, *made, *body]) + "\n"


def model_code(layers: tuple[Layer, ...]) -> str:
    """The call that makes the model.

    >>> model_code(read_layers("Linear(10, 64), ReLU(), Linear(64, 2)"))
    'MLP(input_size=10)'
    """
    size = f"input_size={layers[0].values['in_features']}" if takes_size(layers) else ""
    return f"{class_name(layers)}({size})"


def takes_size(layers: tuple[Layer, ...]) -> bool:
    """Whether the class gets the number of its inputs as the course's does."""
    return layers[0].kind == "Linear"


def _calls(named: dict[str, Layer]) -> list[str]:
    """One call for each layer; an activation stands around the layer before it, as in the course."""
    calls: list[str] = []
    for name, layer in named.items():
        if calls and layer.kind in ACTIVATIONS and calls[-1].endswith("(x)"):
            calls[-1] = f"self.{name}({calls[-1]})"
        else:
            calls.append(f"self.{name}(x)")
    return calls
