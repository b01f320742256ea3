"""The complete program of each view, with the settings on screen written in."""

import torch
from torch import Tensor

from core.loss_functions.calculation import Calculation
from core.loss_functions.constant import LOSSES, BestConstants, read_data
from core.loss_functions.cross_entropy import NAMES
from core.loss_functions.curve import Curves, Surface
from core.loss_functions.mistakes import right_and_wrong
from core.loss_functions.probability import TwoLosses
from core.loss_functions.settings import CurveSettings, MistakeSettings
from core.program import Program, source, with_constants, with_lines


def _argument_code(found: Calculation) -> list[str]:
    return [a.code(numbers) for a, numbers in zip(found.loss.arguments, found.numbers, strict=True)]


def _digits(values: Tensor) -> list[str]:
    return [f"{value:.9g}" for value in values.flatten().tolist()]


def cross_entropy_program(found: Calculation) -> Program:
    """The course's cross-entropy with this table and these options."""
    name, temperature, scores = "loss_functions_cross_entropy", found.loss.temperature, found.numbers[0]
    scores_code, target_code = _argument_code(found)
    course = found.numbers == ([[2.0, 5.0]], [1])
    classes = ", ".join(f"{name} = {i}" for i, name in enumerate(NAMES[: len(scores[0])]))
    dog = "# A single image of a dog, where cat = 0 and dog = 1 (index 0 and 1)."
    text = with_lines(
        with_constants(source(name), {"TEMPERATURE": temperature}),
        {
            dog: dog if course else f"# The right classes, where {classes}.",
            "predicted_tensor = torch.tensor([[2.0, 5.0]]).requires_grad_()": scores_code,
            "target_tensor = torch.tensor([1])": target_code,
            "loss_function = nn.CrossEntropyLoss()": f"loss_function = {found.code}",
        },
    )
    probabilities = (torch.tensor(scores) / temperature).softmax(dim=1)
    gradient = torch.stack(list(found.gradients.values()), dim=1)
    prints = [*f"loss {found.value!s}".splitlines(), f"all digits {_digits(found.value)}"]
    return Program(name, text, [*prints, f"probabilities {_digits(probabilities)}", f"gradient {_digits(gradient)}"])


def call_program(found: Calculation, name: str) -> Program:
    """The course's snippet around any other loss of the page."""
    first, *others = _argument_code(found)
    learned = [argument for argument in found.loss.arguments if argument.learned]
    names, tensors = (", ".join(a.name for a in arguments) for arguments in (found.loss.arguments, learned))
    call = "loss_value = loss_function(predicted_tensor, actual_tensor)"
    text = with_lines(
        source("loss_functions_regression"),
        {
            "predicted_tensor = torch.tensor([320000.0]).requires_grad_()": first,
            "actual_tensor = torch.tensor([300000.0])": "\n".join(others),
            "loss_function = nn.MSELoss()": f"loss_function = {found.code}",
            call: f"loss_value = loss_function({names})",
            "for tensor in [predicted_tensor]:": f"for tensor in [{tensors}]:",
        },
    )
    slopes = iter(found.gradients.values())
    gradients = [torch.stack([next(slopes) for _ in argument.columns], dim=1) for argument in learned]
    return Program(name, text, [f"loss {_digits(found.value)}", *(f"gradient {_digits(g)}" for g in gradients)])


CURVES = (
    '"MSELoss": lambda x, t: nn.MSELoss()(x, t),',
    '"HuberLoss": lambda x, t: nn.HuberLoss(delta=0.5)(x, t),',
    '"SmoothL1Loss": lambda x, t: nn.SmoothL1Loss(beta=0.5)(x, t),',
    '"L1Loss": lambda x, t: nn.L1Loss()(x, t),',
)


def curve_program(found: Curves | Surface) -> Program:
    """The losses at the reader's point, with their slopes."""
    s, name = found.settings, "loss_functions_curve"
    first, *others = CURVES
    text = with_lines(source(name), dict.fromkeys(others, "") | {first: "\n    ".join(_curves(s))})
    if isinstance(found, Surface):
        point = {"PREDICTION": [[s.at, s.second]], "TARGET": [int(s.target)]}
        slopes = ", ".join(_digits(torch.tensor(found.gradient)))
        prints = [f"CrossEntropyLoss: loss {found.loss + 0.0:.9g}, slope {slopes}"]  # 0, not −0
    else:
        point = {"PREDICTION": [s.at], "TARGET": [0.0 if s.shape == "numbers" else float(s.target)]}
        prints = [f"{curve}: loss {loss:.9g}, slope {slope:.9g}" for curve, (loss, slope) in found.at.items()]
    return Program(name, with_constants(text, point), prints)


def _curves(s: CurveSettings) -> list[str]:
    """The lines of the program's dictionary."""
    if s.shape == "numbers":
        return [line.replace("=0.5", f"={s.delta!r}") for line in CURVES]
    if s.shape != "yes_no":
        return [f'"CrossEntropyLoss": lambda x, t: nn.CrossEntropyLoss()(x / {s.temperature!r}, t),']
    bce = f"nn.BCEWithLogitsLoss(pos_weight=torch.tensor([{s.pos_weight!r}]))(x, t)"
    return [
        f'"BCEWithLogitsLoss": lambda x, t: {bce},',
        '"SoftMarginLoss": lambda x, t: nn.SoftMarginLoss()(x, 2 * t - 1),',
        '"MarginRankingLoss": lambda x, t: nn.MarginRankingLoss(margin=1.0)(x, torch.zeros(1), 2 * t - 1),',
        '"MSELoss": lambda x, t: nn.MSELoss()(x.sigmoid(), t),',
    ]


def constant_program(found: BestConstants) -> Program:
    """The search for the best constants of these data."""
    s, name = found.settings, "loss_functions_constant"
    text = with_constants(source(name), {"DATA": read_data(s), "DELTA": s.delta, "QUANTILE": s.quantile})
    ends = zip(LOSSES, found.path[-1].tolist(), strict=True)
    return Program(name, text, [f"{loss} chooses {constant:.4f}" for loss, constant in ends])


def mistake_program(settings: MistakeSettings) -> Program:
    """The mistake beside the right way, at the reader's point."""
    logits, target, right, wrong = mistake_lines(settings)
    text = with_lines(
        source("loss_functions_mistakes"),
        {
            "logits = torch.tensor([[5.0, 0.0, 0.0]])": logits,
            "target = torch.tensor([0])": target,
            "right = nn.CrossEntropyLoss()(logits, target)": f"right = {right}",
            "wrong = nn.CrossEntropyLoss()(logits.softmax(dim=1), target)": f"wrong = {wrong}",
        },
    )
    found = zip(("right", "wrong"), right_and_wrong(settings), strict=True)
    return Program("loss_functions_mistakes", text, [f"{name}: {value:.9g}" for name, value in found])


def mistake_lines(s: MistakeSettings) -> tuple[str, str, str, str]:
    """The lines that make the inputs and the target, then the right way and the mistake."""
    rest, index = f"[0.0] * {s.classes - 1}", "target = torch.tensor([0])  # the right class"
    logits = f"logits = torch.tensor([[{s.gap!r}] + {rest}])"
    nll, cross_entropy, kl = "nn.NLLLoss()", "nn.CrossEntropyLoss()", 'nn.KLDivLoss(reduction="batchmean")'
    if s.mistake == "softmax_twice":
        return logits, index, f"{cross_entropy}(logits, target)", f"{cross_entropy}(logits.softmax(dim=1), target)"
    if s.mistake == "probabilities_nll":
        return logits, index, f"{nll}(logits.log_softmax(dim=1), target)", f"{nll}(logits.softmax(dim=1), target)"
    if s.mistake == "kl_order":
        q = f"q = torch.tensor([[{s.said!r}, {1 - s.said!r}]])  # what the model says"
        p = f"p = torch.tensor([[{s.truth!r}, {1 - s.truth!r}]])  # the truth"
        return q, p, f"{kl}(q.log(), p)  # first the model, as logarithms, then the truth", f"{kl}(p.log(), q)"
    if s.mistake == "kl_mean":
        q = f"q = torch.full((1, {s.classes}), 1 / {s.classes})  # the model: all classes alike"
        p = f"p = torch.tensor([[{s.truth!r}] + [(1 - {s.truth!r}) / {s.classes - 1}] * {s.classes - 1}])  # the truth"
        return q, p, f"{kl}(q.log(), p)", 'nn.KLDivLoss(reduction="mean")(q.log(), p)'
    if s.mistake == "mse_classes":
        mse = f"nn.MSELoss()(logits.softmax(dim=1), torch.eye({s.classes})[:1])"
        losses = (f"{cross_entropy}(logits, target)", mse)
        ways = (f"torch.autograd.grad({loss}, logits)[0][0, 0].abs()" for loss in losses)
        return f"logits = torch.tensor([[{s.gap!r}] + {rest}], requires_grad=True)", index, *ways
    logits = f"logits = torch.tensor([[{s.wide_gap!r}, 0.0]])"
    target = f"target = {0 if s.side == 'ahead' else 1}  # the right class"
    right, wrong = "torch.log_softmax(logits, dim=1)", "torch.log(torch.softmax(logits, dim=1))"
    return logits, target, f"{right}[0, target]", f"{wrong}[0, target]"


def probability_program(found: TwoLosses) -> Program:
    """Both losses of one probability."""
    name, settings = "loss_functions_probability", found.settings
    prints = [f"{loss}: {value:.6g}, slope {slope:.6g}" for loss, (value, slope) in found.chosen.items()]
    return Program(name, with_constants(source(name), {"P": settings.p, "UNIT": settings.unit}), prints)
