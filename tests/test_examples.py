"""The programs on the page, run by themselves, print the page's numbers digit for digit."""

from programs import printed

from core.program import source
from core.training_loop.addition import answer
from core.training_loop.own_data import OwnDataSettings, holdout_score, own_data_training, prepare
from core.training_loop.program import own_data_program, program
from core.training_loop.settings import TrainingLoopSettings
from core.training_loop.table import read_table, sample_table
from core.training_loop.train import train

SMALL = {"data_low": 0, "data_high": 20, "num_epochs": 4, "hidden": 16}
SOME_SETTINGS = [
    {"loop": "course", "validation": 0.2, "seed": 7, "optimizer": "SGD_momentum", "lr": 1e-4},
    {"loop": "no_zero_grad", "shuffle": False, "optimizer": "AdamW", "lr": 0.05},
    {"loop": "no_step", "validation": 0.3, "batch_size": 500},
    {"loop": "step_before_backward", "batch_size": 33, "data_low": -5},
]


def expected(settings):
    """The same lines from the recorded run."""
    run = train(settings)
    lines = run.lines()
    if run.validation_losses:
        validation = [f"         Validation Loss = {loss:.5f}" for loss in run.validation_losses]
        lines = [line for pair in zip(lines, validation, strict=True) for line in pair]
    return [*lines, f"3 + 7 = {answer(run.weights, 3, 7):.4f}"]


def test_the_programs_print_the_numbers_of_the_runs_on_the_page():
    chosen = [TrainingLoopSettings(**{**SMALL, **some}) for some in SOME_SETTINGS]
    found = printed([source("training_loop"), *map(program, chosen)])
    for settings, lines in zip([TrainingLoopSettings(), *chosen], found, strict=True):
        assert lines == expected(settings), settings


SCORES = {"accuracy": "Holdout accuracy", "typical error": "Holdout typical error"}
BY_HAND = "\ufeffheight, width,colour ,kind\n" + "".join(
    f"{i % 7}.5,{i * i % 11 if i % 9 else ''}, red,{('small', 'big')[i % 7 > 3] if i % 13 else ''}\n" for i in range(50)
)


TABLES = [
    (sample_table("iris").to_csv(index=False), "species", OwnDataSettings(num_epochs=5)),
    (sample_table("diabetes").to_csv(index=False), "progression", OwnDataSettings(num_epochs=5, optimizer="RMSprop")),
    (BY_HAND, "kind", OwnDataSettings(seed=3, batch_size=7, lr=0.1)),
]


def test_the_programs_on_tables_print_the_numbers_of_the_page(tmp_path):
    programs, wanted = [], []
    for content, target, settings in TABLES:
        table = read_table(content.encode())
        features = [name for name in table.columns if table[name].dtype.kind in "if" and name != target]
        ready = prepare(table, features, target, settings)
        training = own_data_training(settings, ready)
        training.advance(training.total_updates)
        name, score = holdout_score(training.run(), ready)
        assert (ready.dropped > 0) == (content is BY_HAND)
        file = f"my {target}.csv"
        (tmp_path / file).write_text(content, encoding="utf-8")
        programs.append(own_data_program(settings, ready, file))
        wanted.append([*training.run().lines(), f"{SCORES[name]} = {score:.4f}"])
    assert printed(programs, tmp_path) == wanted
