"""The complete programs for the settings on screen, and the lines that they print."""

from core.csv_dialect import Dialect
from core.program import Program, source, with_constants, with_line
from core.settings import Settings
from core.table_tensors import Prepared
from core.training_loop.addition import answer
from core.training_loop.map import ADAMW_DECAY, BATCH_SIZES, LEARNING_RATES, LrMap
from core.training_loop.own import holdout_score
from core.training_loop.run import Run
from core.training_loop.settings import MapSettings, OwnSettings, TrainingLoopSettings

ZERO, STEP, BACKWARD = "optimizer.zero_grad()", "optimizer.step()", "loss.backward()"
PAIR = (3.0, 7.0)  # what the course asks its network


def program(settings: TrainingLoopSettings, run: Run | None = None, pair: tuple[float, float] = PAIR) -> Program:
    """The course's program with these settings written in, and its loop broken where the settings say so.

    Args:
        run: the run of these settings; what the program prints is known for a whole one from fresh weights only.
        pair: what the trained network is asked.
    """
    names = ("seed", "data_range", "validation", "hidden", "batch_size", "shuffle", "lr", "num_epochs")
    text = with_constants(source("training_loop"), _constants(settings, *names) | {"PAIR": pair})
    count = settings.data_high - settings.data_low
    numbers = f"  # the numbers {settings.data_low} to {settings.data_high - 1}, so {count**2:,} pairs"
    text = with_line(text, f"DATA_RANGE = {settings.data_range}", f"DATA_RANGE = {settings.data_range}{numbers}")
    text = _with_optimizer(text, settings.optimizer, "model.parameters()", "LR")
    if settings.loop == "no_zero_grad":
        text = with_line(text, ZERO, f"# {ZERO} is left out on purpose: gradients add up")
    elif settings.loop == "no_step":
        text = with_line(text, STEP, f"# {STEP} is left out on purpose: no weight moves")
    elif settings.loop == "step_before_backward":
        text = with_line(text, STEP, "")
        text = with_line(text, BACKWARD, f"{STEP}  # too early on purpose\n        {BACKWARD}")
    known = run is not None and run.start is None and run.finished
    return Program("training_loop", text, printed(run, pair) if known else ())


def printed(run: Run, pair: tuple[float, float] = PAIR) -> list[str]:
    """What the loop has printed, with the validation losses if there are any, and the answer at the end."""
    lines = run.lines()
    if run.validation_losses:
        validation = [f"         Validation Loss = {loss:.5f}" for loss in run.validation_losses]
        lines = [line for epoch in zip(lines, validation, strict=True) for line in epoch]
    a, b = pair
    return [*lines, f"{a:g} + {b:g} = {answer(run.weights, a, b):.4f}"]


def map_program(settings: TrainingLoopSettings, map_settings: MapSettings, found: LrMap | None = None) -> Program:
    """The program that trains the whole map and prints its final losses, once they are known."""
    values = _constants(settings, "seed", "data_range", "validation", "hidden", "shuffle")
    values |= _constants(map_settings, "num_epochs")
    values["WEIGHT_DECAY"] = ADAMW_DECAY if settings.optimizer == "AdamW" else 0.0
    text = with_constants(source("training_loop_map"), values)
    lines = []
    if found is not None and found.batch_sizes == BATCH_SIZES:
        rows = zip(found.batch_sizes, found.final_loss.tolist(), strict=True)
        lines = ["batch size" + "".join(f"{lr:>10g}" for lr in LEARNING_RATES)]
        lines += [f"{size:>10}" + "".join(f"{loss:>10.4g}" for loss in losses) for size, losses in rows]
    return Program("training_loop_map", _with_optimizer(text, settings.optimizer, "units", "1.0"), lines)


def own_program(
    settings: OwnSettings, prepared: Prepared, file_name: str, dialect: Dialect, run: Run | None = None
) -> Program:
    """The program that reads the reader's table and trains on the chosen columns."""
    values = _constants(settings, "seed", "hidden", "batch_size", "lr", "num_epochs")
    values |= {"FILE": file_name, "FEATURES": list(prepared.features), "TARGET": prepared.target}
    values |= {"CLASSES": list(prepared.values)} | {name.upper(): value for name, value in vars(dialect).items()}
    text = with_constants(source("training_loop_own"), values)
    lines = []
    if run is not None and run.finished:
        lines = [*run.lines(), "Holdout {} = {:.4f}".format(*holdout_score(run, prepared))]
    return Program("training_loop_own", _with_optimizer(text, settings.optimizer, "model.parameters()", "LR"), lines)


def _constants(settings: Settings, *names: str) -> dict[str, object]:
    return {name.upper(): getattr(settings, name) for name in names}


def _with_optimizer(text: str, name: str, weights: str, lr: str) -> str:
    cls, momentum = ("SGD", ", momentum=0.9") if name == "SGD_momentum" else (name, "")
    line = f"optimizer = optim.Adam({weights}, lr={lr})"
    return with_line(text, line, f"optimizer = optim.{cls}({weights}, lr={lr}{momentum})")
