"""The complete program of each view, with the settings on screen written in."""

from core.loss_functions.calculation import Calculation
from core.loss_functions.classes import NAMES, class_columns, read_weights
from core.loss_functions.constant import read_data
from core.loss_functions.curve import Curves, Surface
from core.loss_functions.settings import MAX_ROWS, ClassSettings, ConstantSettings, CurveSettings, MistakeSettings
from core.number_rows import read_rows
from core.program import source, with_constants, with_line


def class_program(settings: ClassSettings) -> str:
    """The course's cross-entropy with this table and these options."""
    rows = read_rows(settings.table, class_columns(settings.table), MAX_ROWS)
    scores, target = [list(row[:-1]) for row in rows], [row[-1] for row in rows]
    weights = read_weights(settings.weight, len(scores[0]))
    options = [f"weight=torch.tensor({weights!r})"] if weights else []
    options += [f"ignore_index={settings.ignore_index}"] if settings.ignore_index != -100 else []
    options += [f"label_smoothing={settings.label_smoothing!r}"] if settings.label_smoothing else []
    options += [f"reduction={settings.reduction!r}"] if settings.reduction != "mean" else []
    text = with_constants(source("loss_functions"), {"TEMPERATURE": settings.temperature})
    if (scores, target) != ([[2.0, 5.0]], [1]):
        named = ", ".join(f"{name} = {i}" for i, name in enumerate(NAMES[: len(scores[0])]))
        text = with_line(
            text,
            "# A single image of a dog, where cat = 0 and dog = 1 (index 0 and 1).",
            f"# The right classes, where {named}.",
        )
    text = with_line(text, "target_tensor = torch.tensor([1])", f"target_tensor = torch.tensor({target!r})")
    text = with_line(
        text,
        "predicted_tensor = torch.tensor([[2.0, 5.0]], requires_grad=True)",
        f"predicted_tensor = torch.tensor({scores!r}, requires_grad=True)",
    )
    made = f"loss_function = nn.CrossEntropyLoss({', '.join(options)})"
    return with_line(text, "loss_function = nn.CrossEntropyLoss()", made)


def one_call_program(found: Calculation) -> str:
    """The course's snippet around any loss of the page."""
    text = source("loss_functions_one_call")
    first, *others = [argument.code for argument in found.arguments]
    text = with_line(text, "predicted_tensor = torch.tensor([320000.0]).requires_grad_()", first)
    text = with_line(text, "actual_tensor = torch.tensor([300000.0])", "\n".join(others))
    text = with_line(text, "loss_function = nn.MSELoss()", f"loss_function = {found.code}")
    names = ", ".join(argument.name for argument in found.arguments)
    text = with_line(
        text, "loss_value = loss_function(predicted_tensor, actual_tensor)", f"loss_value = loss_function({names})"
    )
    learned = ", ".join(argument.name for argument in found.arguments if argument.learned)
    text = with_line(text, "for tensor in [predicted_tensor]:", f"for tensor in [{learned}]:")
    if found.name != "MSELoss" or found.arguments[0].numbers != [320000.0]:
        text = with_line(text, "# Compute the loss: here 20000 * 20000 / 1", "# Compute the loss")
    return text


def printed_by_one_call(found: Calculation) -> list[str]:
    """What that program prints: torch's loss, then the gradient of each tensor that has one."""
    lines = [f"loss {[f'{v:.9g}' for v in found.value.flatten().tolist()]}"]
    for argument in found.arguments:
        if argument.learned:
            columns = [found.gradients[column].tolist() for column in argument.columns]
            by_sample = [value for row in zip(*columns, strict=True) for value in row]
            lines.append(f"gradient {[f'{v:.9g}' for v in by_sample]}")
    return lines


def curve_program(settings: CurveSettings) -> str:
    """The losses at the reader's point, with their slopes."""
    text = source("loss_functions_curve")
    if settings.shape == "numbers":
        text = with_line(
            text,
            '"HuberLoss": lambda x, t: nn.HuberLoss(delta=1.0)(x, t),',
            f'"HuberLoss": lambda x, t: nn.HuberLoss(delta={settings.delta!r})(x, t),',
        )
        text = with_line(
            text,
            '"SmoothL1Loss": lambda x, t: nn.SmoothL1Loss(beta=1.0)(x, t),',
            f'"SmoothL1Loss": lambda x, t: nn.SmoothL1Loss(beta={settings.delta!r})(x, t),',
        )
        return with_constants(text, {"PREDICTION": [settings.at]})
    for old in ("MSELoss", "SmoothL1Loss", "L1Loss"):
        made = f"nn.{old}(beta=1.0)" if old == "SmoothL1Loss" else f"nn.{old}()"
        text = with_line(text, f'"{old}": lambda x, t: {made}(x, t),', "")
    return _two_scores(text, settings) if settings.shape in ("map", "surface") else _yes_no(text, settings)


def _yes_no(text: str, settings: CurveSettings) -> str:
    bce = f"nn.BCEWithLogitsLoss(pos_weight=torch.tensor([{settings.pos_weight!r}]))(x, t)"
    lines = [
        f'"BCEWithLogitsLoss": lambda x, t: {bce},',
        '"SoftMarginLoss": lambda x, t: nn.SoftMarginLoss()(x, 2 * t - 1),',
        '"MarginRankingLoss": lambda x, t: nn.MarginRankingLoss(margin=1.0)(x, torch.zeros(1), 2 * t - 1),',
        '"MSELoss": lambda x, t: nn.MSELoss()(x.sigmoid(), t),',
    ]
    text = _with_losses(text, lines)
    return with_constants(text, {"PREDICTION": [settings.at], "TARGET": [float(settings.target)]})


def _two_scores(text: str, settings: CurveSettings) -> str:
    text = _with_losses(
        text, [f'"CrossEntropyLoss": lambda x, t: nn.CrossEntropyLoss()(x / {settings.temperature!r}, t),']
    )
    return with_constants(text, {"PREDICTION": [[settings.at, settings.second]], "TARGET": [int(settings.target)]})


def _with_losses(text: str, lines: list[str]) -> str:
    return with_line(text, '"HuberLoss": lambda x, t: nn.HuberLoss(delta=1.0)(x, t),', "\n    ".join(lines))


def printed_by_curve(found: Curves | Surface) -> list[str]:
    """What that program prints."""
    if isinstance(found, Surface):
        slopes = ", ".join(f"{g:.9g}" for g in found.gradient)
        return [f"CrossEntropyLoss: loss {found.loss:.9g}, slope {slopes}"]
    names = [curve.name.split(",")[0].split(" ")[0] for curve in found.lines]
    return [
        f"{name}: loss {curve.at[0]:.9g}, slope {curve.at[1]:.9g}"
        for name, curve in zip(names, found.lines, strict=True)
    ]


def constant_program(settings: ConstantSettings) -> str:
    """The search for the best constants of these data."""
    return with_constants(
        source("loss_functions_constant"),
        {"DATA": read_data(settings), "DELTA": settings.delta, "QUANTILE": settings.quantile},
    )


def mistake_program(settings: MistakeSettings) -> str:
    """The mistake beside the right way, at the reader's point."""
    logits, target, right, wrong = _mistake_lines(settings)
    text = source("loss_functions_mistakes")
    text = with_line(text, "logits = torch.tensor([[5.0, 0.0, 0.0]])", logits)
    text = with_line(text, "target = torch.tensor([0])", target)
    text = with_line(text, "right = nn.CrossEntropyLoss()(logits, target)", right)
    return with_line(text, "wrong = nn.CrossEntropyLoss()(logits.softmax(dim=1), target)", wrong)


def _mistake_lines(s: MistakeSettings) -> tuple[str, str, str, str]:
    """The lines that make the inputs, the target, the right way and the mistake."""
    logits = f"logits = torch.tensor([[{s.gap!r}] + [0.0] * {s.classes - 1}])  # the right class is class 0"
    target = "target = torch.tensor([0])"
    if s.mistake == "softmax_twice":
        wrong = "wrong = nn.CrossEntropyLoss()(logits.softmax(dim=1), target)"
        return (
            logits,
            target,
            "right = nn.CrossEntropyLoss()(logits, target)",
            f"{wrong}  # CrossEntropyLoss takes the softmax itself",
        )
    if s.mistake == "probabilities_nll":
        return (
            logits,
            target,
            "right = nn.NLLLoss()(logits.log_softmax(dim=1), target)",
            "wrong = nn.NLLLoss()(logits.softmax(dim=1), target)  # NLLLoss takes no logarithm",
        )
    if s.mistake == "kl_order":
        loss = 'nn.KLDivLoss(reduction="batchmean")'
        return (
            f"q = torch.tensor([[{s.said!r}, {1 - s.said!r}]])  # what the model says",
            f"p = torch.tensor([[{s.truth!r}, {1 - s.truth!r}]])  # the truth",
            f"right = {loss}(q.log(), p)  # first the model, as logarithms, then the truth",
            f"wrong = {loss}(p.log(), q)",
        )
    if s.mistake == "kl_mean":
        others = f"[(1 - {s.truth!r}) / {s.classes - 1}] * {s.classes - 1}"
        return (
            f"q = torch.full((1, {s.classes}), 1 / {s.classes})  # the model: all classes alike",
            f"p = torch.tensor([[{s.truth!r}] + {others}])  # the truth",
            'right = nn.KLDivLoss(reduction="batchmean")(q.log(), p)',
            'wrong = nn.KLDivLoss(reduction="mean")(q.log(), p)  # divides by the number of classes too',
        )
    if s.mistake == "mse_classes":
        code = logits.replace("]])  #", "]], requires_grad=True)  #").replace(
            f"{s.classes - 1}])", f"{s.classes - 1}], requires_grad=True)"
        )
        mse = f"nn.MSELoss()(logits.softmax(dim=1), torch.eye({s.classes})[:1])"
        return (
            code,
            target,
            "right = torch.autograd.grad(nn.CrossEntropyLoss()(logits, target), logits)[0][0, 0]  # the slope",
            f"wrong = torch.autograd.grad({mse}, logits)[0][0, 0]",
        )
    side = 0 if s.side == "ahead" else 1
    return (
        f"logits = torch.tensor([[{s.wide_gap!r}, 0.0]])",
        f"target = {side}  # the right class",
        "right = torch.log_softmax(logits, dim=1)[0, target]",
        "wrong = torch.log(torch.softmax(logits, dim=1))[0, target]",
    )
