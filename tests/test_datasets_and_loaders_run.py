"""Sorted digits, simulated workers, mistakes and own tables, against plain loops and closed forms."""

import csv
import io
from dataclasses import replace

import pytest
import torch
from hostile import HOSTILE, interpreted
from programs import printed
from torch import nn, optim
from torch.utils.data import DataLoader, TensorDataset
from visitor import after_presets, charts, visit

from core.csv_table import read_table
from core.datasets_and_loaders.measure import measure
from core.datasets_and_loaders.mistakes import MISTAKES, drawn, try_mistake
from core.datasets_and_loaders.order import OrderRun, OrderTask, digits_split, last_said, sorted_falls
from core.datasets_and_loaders.own import ROWS, column_types, first_missing, has_constant, load_own, numbered
from core.datasets_and_loaders.program import mistakes_program, order_program, own_program, workers_program
from core.datasets_and_loaders.settings import KINDS, MistakesSettings, OrderSettings, OwnSettings, WorkersSettings
from core.datasets_and_loaders.workers import (
    by_workers,
    enough_workers,
    load_times,
    simulate,
    speed_up,
    steady_ms,
    waited_later,
)
from core.program import source
from core.sample_tables import sample_table
from core.task import result_of
from core.tried import effect
from figures.datasets_and_loaders import mistakes as mistakes_figure
from figures.datasets_and_loaders import order as order_figure
from figures.datasets_and_loaders import own as own_figure
from figures.datasets_and_loaders import workers as workers_figure
from pages.datasets_and_loaders import collate as collate_page
from pages.datasets_and_loaders import order as order_page
from pages.datasets_and_loaders import samplers as samplers_page
from pages.datasets_and_loaders import workers as workers_page
from pages.datasets_and_loaders.mistakes import MISTAKES as SHOWN

IRIS = (["sepal length (cm)", "petal width (cm)"], "species")


@pytest.fixture(scope="module")
def sorted_digits():
    return result_of(OrderTask(OrderSettings()))


def test_sorted_digits_ruin_training(sorted_digits):
    ends = {order: sorted_digits.accuracy(order)[-1] for order in sorted_digits.said}
    assert ends["shuffled"] == pytest.approx(0.94, abs=0.02) == ends["once"]
    assert ends["sorted"] == pytest.approx(0.39, abs=0.05)
    assert sorted_falls(sorted_digits) == "far"
    said, real = last_said(sorted_digits, -1)
    assert said > 2 * real
    assert len(sorted_digits.said["sorted"]) == 11 == len(order_figure.labels(sorted_digits))


def test_the_presets_show_what_they_promise(sorted_digits):
    runs = {}
    for label in ("Larger steps", "Small steps", "All digits in one batch"):
        _, values = order_page.PRESETS[label]
        settings = OrderSettings(**{name.removeprefix("order."): value for name, value in values.items()})
        runs[label] = result_of(OrderTask(settings))
    behind = {label: run.accuracy("shuffled")[-1] - run.accuracy("sorted")[-1] for label, run in runs.items()}
    assert runs["Larger steps"].accuracy("sorted")[-1] < sorted_digits.accuracy("sorted")[-1]
    assert 0 < behind["Small steps"] < sorted_digits.accuracy("shuffled")[-1] - sorted_digits.accuracy("sorted")[-1]
    assert max(runs["Small steps"].accuracy("shuffled")) < 0.7
    assert sorted_falls(runs["All digits in one batch"]) == "same"


def test_the_first_epoch_is_a_plain_loop_bit_for_bit(sorted_digits):
    X, y, X_holdout, _ = digits_split(0)
    with torch.random.fork_rng():
        torch.manual_seed(0)
        batches = DataLoader(TensorDataset(X, y), 32, shuffle=True)
        model = nn.Sequential(nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 10))
        optimizer = optim.SGD(model.parameters(), lr=0.1)
        for images, truth in batches:
            nn.functional.cross_entropy(model(images), truth).backward()
            optimizer.step()
            optimizer.zero_grad()
    assert torch.equal(model(X_holdout).argmax(1), sorted_digits.said["shuffled"][1])


@pytest.mark.parametrize(
    ("shuffled", "in_order", "said"),
    [(0.9, 0.4, "far"), (0.9, 0.85, "below"), (0.9, 0.88, "same"), (0.5, 0.9, "above"), (0.0, 0.0, "same")],
)
def test_how_the_sorted_digits_fall(shuffled, in_order, said):
    truth = torch.zeros(100, dtype=torch.int64)
    rows = {
        name: (torch.arange(100) >= round(100 * share)).long()[None]
        for name, share in (("shuffled", shuffled), ("once", 0.0), ("sorted", in_order))
    }
    assert sorted_falls(OrderRun(OrderSettings(), truth, rows)) == said


def test_answers_that_are_not_finite_are_no_answers():
    run = OrderRun(OrderSettings(num_epochs=1), torch.zeros(4, dtype=torch.int64), {"sorted": torch.full((2, 4), -1)})
    assert run.accuracy("sorted") == [0.0, 0.0]
    assert run.counts("sorted").sum() == 0


CHOSEN = [
    WorkersSettings(num_workers=w, prefetch_factor=p, uneven=u) for w in (0, 1, 3) for p in (1, 4) for u in (0, 1)
]
CHOSEN += [WorkersSettings(num_workers=8, start_ms=200, n_batches=4), WorkersSettings(load_ms=200, train_ms=1)]


@pytest.mark.parametrize("chosen", CHOSEN, ids=range(len(CHOSEN)))
def test_a_timeline_obeys_the_rules_of_a_loader(chosen):
    run = simulate(chosen)
    workers = range(-1, chosen.num_workers)
    pieces = {worker: [p for p in (*run.loads, *run.trains) if p.worker == worker] for worker in workers}
    for work in pieces.values():  # nobody does two things at once
        work.sort(key=lambda piece: piece.start)
        assert all(one.end <= other.start + 1e-9 for one, other in zip(work, work[1:], strict=False))
    assert [load.end - load.start for load in run.loads] == pytest.approx(load_times(chosen))
    assert all(load.end <= train.start + 1e-9 for load, train in zip(run.loads, run.trains, strict=True))
    waits = sum(wait.end - wait.start for wait in run.waits)
    busy = chosen.n_batches * chosen.train_ms + (0 if chosen.num_workers else sum(load_times(chosen)))
    assert run.total == pytest.approx(waits + busy)
    ahead = chosen.num_workers * chosen.prefetch_factor
    for batch in range(ahead, chosen.n_batches if ahead else 0):  # never more batches ahead than that
        assert run.loads[batch].start >= run.trains[batch - ahead].start - 1e-9
    assert len(workers_figure.timeline(run).caption.split()) <= 45
    assert "**" in workers_figure.by_hand(run)


@pytest.mark.parametrize("workers, load, train", [(0, 40, 20), (1, 40, 20), (2, 40, 20), (4, 40, 20), (1, 5, 60)])
def test_a_long_epoch_takes_what_the_formula_says(workers, load, train):
    chosen = WorkersSettings(num_workers=workers, load_ms=load, train_ms=train, n_batches=40)
    run = simulate(chosen)
    each = (run.trains[-1].end - run.trains[19].end) / 20
    assert each == pytest.approx(steady_ms(chosen))
    assert by_workers(chosen)[workers] == run.per_second


def test_how_many_workers_are_enough():
    assert waited_later(simulate(WorkersSettings())) == 0
    assert waited_later(simulate(WorkersSettings(num_workers=1))) == 11
    assert "still waits for 11 batches" in workers_figure.why(simulate(WorkersSettings(num_workers=1)))
    slow = workers_figure.speed_by_workers(simulate(WorkersSettings(load_ms=200, train_ms=1, n_batches=40)))
    assert slow.caption.startswith("Of these, 8 workers are the fastest")
    assert enough_workers(WorkersSettings()) == 2
    assert enough_workers(WorkersSettings(load_ms=20, train_ms=60)) == 1
    assert speed_up(WorkersSettings()) == pytest.approx(720 / 280)
    assert speed_up(WorkersSettings(num_workers=0)) == 1
    nothing = WorkersSettings(load_ms=1, train_ms=200)  # no worker is needed
    assert enough_workers(nothing) == 0
    assert workers_figure.speed_by_workers(simulate(nothing)).caption.startswith("Workers bring at most 5%")


def test_uneven_loading_never_beats_the_formula():
    """Averaged over seeds, since a single epoch may draw short times."""
    for workers, load in ((1, 40), (2, 40), (4, 90)):
        chosen = [WorkersSettings(workers, load, uneven=1.0, n_batches=40, seed=seed) for seed in range(30)]
        mean = sum(simulate(one).total for one in chosen) / 40 / 30
        assert mean > steady_ms(chosen[0])
        assert "takes at least the larger" in workers_figure.by_hand(simulate(chosen[0]))


@pytest.mark.parametrize(
    ("chosen", "right", "wrong", "said"),
    [
        ({"mistake": "long"}, 3, 2, "error"),
        ({"mistake": "long", "extra": 0}, 3, 3, "none"),
        ({"mistake": "long", "batch_size": 10, "extra": 1}, 1, 1, "error"),
        ({"mistake": "ragged"}, 3, 0, "error"),
        ({"mistake": "ragged", "batch_size": 1}, 10, 10, "none"),
        ({"mistake": "state", "num_epochs": 5}, 110, 150, "silence"),
        ({"mistake": "state", "num_epochs": 1}, 110, 110, "none"),
        ({"mistake": "generator", "num_workers": 4}, 10, 3, "silence"),
        ({"mistake": "generator", "num_workers": 1}, 10, 10, "none"),
        ({"mistake": "too_large"}, 1, 0, "silence"),
        ({"mistake": "too_large", "large": 5}, 2, 2, "none"),
    ],
)
def test_what_comes_of_a_mistake(chosen, right, wrong, said):
    tried = try_mistake(MistakesSettings(**chosen))
    assert (tried.right, tried.wrong, effect(tried)) == (right, wrong, said)
    assert len(mistakes_figure.two_bars(tried).caption.split()) <= 45
    assert f"**{wrong}**" in mistakes_figure.by_hand(tried) or chosen["mistake"] == "ragged"
    assert SHOWN.keys() == MISTAKES.keys()


def test_copies_of_a_generator_draw_alike():
    numbers = drawn(2, own_seeds=False)
    assert numbers[::2] == numbers[1::2]
    assert len(set(drawn(5, own_seeds=True))) == 10


def test_every_way_is_measured():
    assert all(speed > 0 for speed in measure().values())


GAPS = b"a,b,kind\n" + b"".join(
    b"%d,%s,%s\n" % (i, b"" if i % 5 == 0 else b"2.5", b"xyz"[i % 3 :][:1]) for i in range(40)
)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("more", [{}, {"shuffle": False, "drop_last": True}, {"batch_size": 256, "drop_last": True}])
def test_every_row_of_a_table_goes_somewhere(kind, more):
    table = read_table(GAPS, rows=ROWS)
    loaded = load_own(OwnSettings(kind=kind, **more), table, (["a", "b"], "kind"))
    assert has_constant(loaded)  # b is 2.5 wherever it is anything
    assert (loaded.rows, loaded.prepared.dropped, loaded.validation, loaded.train) == (40, 8, 6, 26)
    picture = own_figure.where_rows_went(loaded)
    assert picture.table["count"].sum() == 40
    assert len(picture.caption.split()) <= 45
    assert (loaded.length is None) == (kind == "iterable")
    assert loaded.length in (None, loaded.n_batches)
    assert any("shuffle=True" in error for error in loaded.errors) == (kind == "iterable" and loaded.settings.shuffle)
    assert (loaded.first is None) == (loaded.n_batches == 0)
    if kind != "iterable":
        return
    plain = load_own(replace(loaded.settings, kind="tensors", shuffle=False), table, (["a", "b"], "kind"))
    assert str(plain.first) == str(loaded.first)


def test_types_and_missing_values_are_named():
    table = read_table(GAPS, rows=ROWS)
    loaded = load_own(OwnSettings(), table, (["a", "b"], "kind"))
    assert first_missing(table, loaded.prepared) == "Row 2, column `b`: the cell is empty"
    gaps = sample_table("gaps")
    line = gaps.frame.to_csv(index=False).splitlines()[10]  # the 11th, counted from 1
    assert first_missing(gaps, load_own(OwnSettings(), gaps, (IRIS[0][:1], "species")).prepared).startswith("Row 11,")
    assert line.endswith(",")
    assert first_missing(sample_table("iris"), load_own(OwnSettings(), sample_table("iris"), IRIS).prepared) == ""
    assert not has_constant(load_own(OwnSettings(), sample_table("iris"), IRIS))
    assert column_types(sample_table("gaps"), {})["missing"].tolist() == [3, 3, 2, 2, 2]
    found = column_types(table, {})
    assert found.to_dict("list") == {
        "column": ["a", "b", "kind"],
        "type": ["numbers", "numbers", "text"],
        "missing": [0, 8, 0],
        "example": ["0", "2.5", "x"],
    }


def test_text_columns_as_numbers():
    table = read_table(GAPS, rows=ROWS)
    changed, texts = numbered(table)
    assert texts == {"kind": ["x", "y", "z"]}
    assert changed.frame["kind"].tolist()[:4] == [0, 1, 2, 0]
    assert column_types(changed, texts)["type"].tolist()[2] == "text, as 0 to 2"
    loaded = load_own(OwnSettings(task="regression"), changed, (["a", "kind"], "b"))
    assert loaded.prepared.features == ("a", "kind")
    long = b"a,name\n" + b"".join(b"%d,n%d\n" % (i, i) for i in range(30))
    assert numbered(read_table(long))[1] == {}


def test_the_programs_print_what_the_page_says(sorted_digits, tmp_path):
    programs = [order_program(sorted_digits), workers_program(simulate(WorkersSettings()))]
    programs.append(order_program(result_of(OrderTask(OrderSettings(num_epochs=1, batch_size=360, hidden=8, seed=3)))))
    programs.append(workers_program(simulate(CHOSEN[-2])))
    programs.append(workers_program(simulate(WorkersSettings(uneven=0.5, seed=4, num_workers=3, start_ms=20))))
    programs += [mistakes_program(MistakesSettings()), mistakes_program(MistakesSettings("long", 0, 10, 20, 1, 1))]
    assert programs[0].text == source("datasets_and_loaders_order")
    table = read_table(GAPS, rows=ROWS)
    (tmp_path / "own.csv").write_bytes(GAPS)
    for name in ("iris", "gaps", "diabetes"):
        sample_table(name).frame.to_csv(tmp_path / f"{name}.csv", index=False)
    changed, texts = numbered(table)
    for target, task in (("a", "regression"), ("kind", "automatic"), ("kind", "regression")):
        features = [name for name in ("a", "kind") if name != target]
        loaded = load_own(OwnSettings(task=task), changed, (features, target))
        programs.append(own_program(loaded, "own.csv", table.dialect, texts))
    for kind in KINDS:
        loaded = load_own(OwnSettings(kind=kind, drop_last=True, batch_size=4), table, (["a", "b"], "kind"))
        programs.append(own_program(loaded, "own.csv", table.dialect))
    for name in ("iris", "gaps", "diabetes"):
        table = sample_table(name)
        columns = (["bmi", "bp"], "progression") if name == "diabetes" else IRIS
        loaded = load_own(OwnSettings(source=name, shuffle=name == "iris", validation=0.5), table, columns)
        programs.append(own_program(loaded, f"{name}.csv", table.dialect))
    said = printed((program.text for program in programs), folder=tmp_path)
    assert said == [list(program.prints) for program in programs]


def test_the_page_reads_a_large_table_and_says_what_is_wrong_with_others():
    at = visit("datasets_and_loaders", view="own", **{"own.source": "upload"})

    def upload(content):
        at.file_uploader(key="loaders-csv").set_value(("t.csv", content, "text/csv")).run()
        assert not at.exception
        return [element.value for element in (*at.error, *at.markdown)]

    rows = b"a,b,kind\n" + b"".join(b"%d,%d,%d\n" % (i, i % 7, i % 3) for i in range(30_000))
    assert any("30,000 rows, 3 columns" in text for text in upload(rows))
    assert upload(b"a,b\n1,2\n")[0].startswith("The table has 1 rows; allowed: 10 to 100,000")
    said = upload(GAPS)
    at.selectbox(key=next(box.key for box in at.selectbox if box.label == "Target")).set_value("a").run()
    at.toggle(key="datasets_and_loaders.own.numbered").set_value(True).run()
    assert not at.exception
    assert any("TEXTS = {'kind': ['x', 'y', 'z']}" in code.value for code in at.code)
    assert any("40 rows − 8 without a value" in text for text in said)


def test_names_in_a_strangers_table_are_shown_letter_by_letter():
    names = [*HOSTILE, "y", "class"]
    rows = [[str(i * j % 60 / 7) for j in range(len(HOSTILE) + 1)] + [HOSTILE[i % len(HOSTILE)]] for i in range(60)]
    rows[7][0] = ""
    text = io.StringIO()
    csv.writer(text).writerows([names, *rows])
    at = visit("datasets_and_loaders", view="own", **{"own.source": "upload"})
    at.file_uploader(key="loaders-csv").set_value((f"{HOSTILE[0]}.csv", text.getvalue().encode(), "text/csv")).run()
    assert not at.exception
    assert interpreted(at) == []
    assert charts(at)


@pytest.mark.parametrize(
    "page", [samplers_page, order_page, collate_page, workers_page], ids=lambda page: page.__name__.rpartition(".")[2]
)
def test_every_preset_of_a_view_runs(page):
    at = visit("datasets_and_loaders", view=page.__name__.rpartition(".")[2], **{"order.num_epochs": "1"})
    pictures = set()
    for _ in after_presets(at, "datasets_and_loaders", {name: said for name, (said, _) in page.PRESETS.items()}):
        pictures.add(charts(at)[0]["figure"])
    assert len(pictures) == len(page.PRESETS)


def test_the_table_that_the_program_reads_keeps_its_texts():
    at = visit("datasets_and_loaders", view="own", **{"own.numbered": "1", "own.source": "gaps"})
    assert not at.exception
    at.session_state["gaps-table"] = True  # opens the whole table
    table = at.run().dataframe[-1].value
    assert len(table) == 150 and table["species"].iloc[0] == "setosa"


def test_the_server_is_measured_when_asked():
    at = visit("datasets_and_loaders", view="workers")
    assert not at.dataframe
    at.button(key="datasets_and_loaders-measure").click().run()
    assert not at.exception
    assert len(at.dataframe[0].value) == 3
