"""The program of the comparison on a network for the settings on screen, and the lines that it prints."""

from core.optim.hyperparameters import Hyperparameters, hyperparameters_of
from core.optim.known import OPTIMIZERS
from core.optimizers.network import Comparison, NetworkSettings
from core.program import source, with_constants, with_line


def network_program(found: Comparison) -> str:
    """Every optimizer with the first seed."""
    settings = found.settings
    text = with_constants(
        source("optimizers_network"),
        {
            "SEED": settings.seed,
            "STEPS": found.moments[-1],
            "BATCH_SIZE": settings.batch_size,
            "HIDDEN": settings.hidden,
        },
    )
    usual = NetworkSettings()
    as_printed = _listed(tuple(hyperparameters_of(name)(lr=usual.lr) for name in usual.optimizers))
    if text.count(as_printed) != 1:
        raise ValueError("the list of optimizers must stand in the program once")
    text = text.replace(as_printed, _listed(tuple(run.hparams for run in found.runs)))
    return (
        text if settings.data == "spiral" else with_line(text, "X, y = spirals(generator)", "X, y = digits(generator)")
    )


def _listed(all_hparams: tuple[Hyperparameters, ...]) -> str:
    rows = []
    for hparams in all_hparams:
        arguments = ", ".join(f'"{key}": {_python(value)}' for key, value in hparams.changed.items())
        name = hparams.name
        rows.append(f'    ("{name}", torch.optim.{OPTIMIZERS[name].torch_name}, {{{arguments}}}),\n')
    return f"OPTIMIZERS = [\n{''.join(rows)}]\n"


def _python(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else repr(value)


def network_lines(found: Comparison) -> list[str]:
    """What `network_program` prints."""
    lines = []
    for run in found.runs:
        loss, right, lost = run.loss[0, -1].item(), run.accuracy[0, -1].item(), run.diverged_at[0]
        ended = "" if lost is None else f", diverged after {lost} steps"
        lines.append(f"{run.name}: training loss {loss}, validation accuracy {right}{ended}")
    return lines
