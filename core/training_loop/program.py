"""The complete program for the settings on screen: run by itself, it prints the page's numbers."""

from core.program import source, with_constants, with_line
from core.training_loop.own_data import OwnDataSettings, Prepared
from core.training_loop.settings import TrainingLoopSettings

ZERO, STEP, BACKWARD = "optimizer.zero_grad()", "optimizer.step()", "loss.backward()"


def program(settings: TrainingLoopSettings) -> str:
    """The course's program with these settings written in, and its loop broken where the settings say so."""
    text = with_constants(
        source("training_loop"),
        {
            "SEED": settings.seed,
            "DATA_RANGE": settings.data_range,
            "VALIDATION": settings.validation,
            "HIDDEN": settings.hidden,
            "BATCH_SIZE": settings.batch_size,
            "SHUFFLE": settings.shuffle,
            "LR": settings.lr,
            "NUM_EPOCHS": settings.num_epochs,
        },
    )
    count = settings.data_high - settings.data_low
    numbers = f"  # the numbers {settings.data_low} to {settings.data_high - 1}, so {count**2:,} pairs"
    text = with_line(text, f"DATA_RANGE = {settings.data_range}", f"DATA_RANGE = {settings.data_range}{numbers}")
    text = _with_optimizer(text, settings.optimizer)
    if settings.loop == "no_zero_grad":
        text = with_line(text, ZERO, f"# {ZERO} is left out on purpose: gradients add up")
    elif settings.loop == "no_step":
        text = with_line(text, STEP, f"# {STEP} is left out on purpose: no weight moves")
    elif settings.loop == "step_before_backward":
        text = with_line(text, STEP, "")
        text = with_line(text, BACKWARD, f"{STEP}  # too early on purpose\n        {BACKWARD}")
    return text


def own_data_program(settings: OwnDataSettings, prepared: Prepared, file_name: str) -> str:
    """The program that reads the reader's table and trains on the chosen columns."""
    text = with_constants(
        source("training_loop_own_data"),
        {
            "FILE": file_name,
            "FEATURES": list(prepared.features),
            "TARGET": prepared.target,
            "CLASSES": bool(prepared.classes),
            "SEED": settings.seed,
            "HIDDEN": settings.hidden,
            "BATCH_SIZE": settings.batch_size,
            "LR": settings.lr,
            "NUM_EPOCHS": settings.num_epochs,
        },
    )
    return _with_optimizer(text, settings.optimizer)


def _with_optimizer(text: str, name: str) -> str:
    made = (
        "SGD(model.parameters(), lr=LR, momentum=0.9)"
        if name == "SGD_momentum"
        else f"{name}(model.parameters(), lr=LR)"
    )
    return with_line(text, "optimizer = optim.Adam(model.parameters(), lr=LR)", f"optimizer = optim.{made}")
