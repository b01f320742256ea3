"""The complete programs for the settings on screen, and the lines that they print."""

from core.activation_functions.collapse import Collapse
from core.activation_functions.depth import DepthRun
from core.activation_functions.function import Curve, corners
from core.activation_functions.gated import GATES, Gated
from core.activation_functions.normal import Outputs
from core.program import Program, source, with_constants, with_line, with_lines


def function_program(curves: list[Curve], curvature: bool) -> Program:
    """Values and slopes of every curve at z, and the corners of the first."""
    name, first = "activation_functions", curves[0]
    constants = {"Z": first.at, "CURVATURE": curvature, "CORNERS": [corner.z for corner in first.corners]}
    made = "\n    ".join(f'"{curve.name}": {curve.activation.code},' for curve in curves)
    text = with_line(with_constants(source(name), constants), '"ReLU": nn.ReLU(),', made)
    prints = []
    for curve in curves:
        prints.append(f"{curve.name}({curve.at:g}) = {curve.value:.6g}, slope {curve.slope:.6g}")
        if curvature:
            prints.append(
                "torch has no second derivative of it"
                if curve.curvature is None
                else f"second derivative {curve.curvature:.6g}"
            )
        prints.append(f"saturated (slope below 0.05) on {curve.saturated_share:.1%} of the axis from -6 to 6")
    for corner in first.corners:
        prints.append(f"at its corner z = {corner.z:g} autograd returns the slope {corner.torch_slope:.6g}")
    return Program(name, text, prints)


def normal_program(found: Outputs) -> Program:
    """What comes out when normal sums go in."""
    name, settings = "activation_functions_normal", found.settings
    places = [corner.z for corner in corners(found.activation)]
    text = with_constants(source(name), {"MEAN": settings.mean, "STD": settings.std, "CORNERS": places})
    prints = [
        f"mean of the outputs {found.mean:.5g}, of their squares {found.mean_square:.5g}",
        f"variance {found.variance:.5g}",
        f"output or slope exactly 0 for {found.dead:.2%} of the sums",
        f"saturated (slope below 0.05) for {found.saturated:.2%}",
        f"gain that keeps the size of the sums {found.gain:.5g}",
    ]
    return Program(name, with_line(text, "f = nn.ReLU()", f"f = {found.activation.code}"), prints)


INIT_LINE = "nn.init.kaiming_uniform_(layer.weight, a=math.sqrt(5), generator=generator)"
BIAS_LINE = "nn.init.uniform_(layer.bias, -1 / math.sqrt(WIDTH), 1 / math.sqrt(WIDTH), generator=generator)"
INIT_LINES = {
    "xavier": "nn.init.xavier_normal_(layer.weight, generator=generator)",
    "kaiming": 'nn.init.kaiming_normal_(layer.weight, nonlinearity="relu", generator=generator)',
    "normal": "nn.init.normal_(layer.weight, std={scale!r} / math.sqrt(WIDTH), generator=generator)",
}


def depth_program(found: DepthRun) -> Program:
    """What reaches each layer of one network."""
    name, settings = "activation_functions_depth", found.settings
    constants = {"DEPTH": settings.depth, "WIDTH": settings.width, "SEED": settings.seed}
    text = with_line(with_constants(source(name), constants), "f = nn.ReLU()", f"f = {found.activation.code}")
    if settings.init != "default":
        text = with_line(text, INIT_LINE, INIT_LINES[settings.init].format(scale=settings.scale))
        text = with_line(text, BIAS_LINE, "nn.init.zeros_(layer.bias)")
    rows = zip(found.spreads[1:].tolist(), found.errors.tolist(), found.dead.tolist(), strict=True)
    prints = [
        f"layer {i}: spread {spread:.4g}, error {error:.4g}, dead units {dead:.1%}"
        for i, (spread, error, dead) in enumerate(rows, start=1)
    ]
    return Program(name, text, prints)


def collapse_program(found: Collapse) -> Program:
    """Three networks that learn XOR, and the product of the layers of the first."""
    name, settings = "activation_functions_collapse", found.settings
    constants = {"HIDDEN": settings.hidden, "LR": settings.lr, "UPDATES": settings.updates, "SEED": settings.seed}
    text = with_line(
        with_constants(source(name), constants), '"Tanh": nn.Tanh(),', f'"{settings.curved}": nn.{settings.curved}(),'
    )
    prints = [
        f"{run.activation}: {run.right[-1]} of 4 right, loss {run.loss:.4f}, largest hidden gradient {run.gradient:.6f}"
        for run in found.runs
    ]
    product, bias = found.product[0].tolist(), found.bias.item()
    one = f"one layer instead of two: w = {product[0]:.6f}, {product[1]:.6f}, b = {bias:.6f}"
    return Program(name, text, [*prints, one, f"equal within a millionth: {found.difference < 1e-6}"])


TORCH_GLU = 'print("nn.GLU makes of a and g {:.6f}".format(nn.GLU()(torch.stack([a, g])).item()))'


def gated_program(found: Gated) -> Program:
    """A gated unit at one point."""
    name, settings, gate = "activation_functions_gated", found.settings, GATES[found.settings.gate]
    lines = {
        "gate = nn.Sigmoid()": f"gate = nn.{gate.make.__name__}()",
        "gate_slope = s * (1 - s)": f"gate_slope = {gate.code}",
    }
    prints = [
        f"gate {found.gate:.6f}, output {found.output:.6f}",
        f"slope by a {found.slopes[0]:.6f}, by g {found.slopes[1]:.6f}",
        f"by formula {found.formulas[0]:.6f}, {found.formulas[1]:.6f}",
    ]
    if settings.gate == "glu":
        prints.append(f"nn.GLU makes of a and g {found.output:.6f}")
    else:
        lines[TORCH_GLU] = ""
    text = with_lines(with_constants(source(name), {"A": settings.a, "G": settings.g}), lines)
    return Program(name, text, prints)
