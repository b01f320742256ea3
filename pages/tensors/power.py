"""Powers of a matrix: growth, overflow, walks, chains."""

import streamlit as st

from core.expression.errors import ExpressionError, TorchError
from core.tensors.exact import walks
from core.tensors.power import Power, is_chain, is_graph, power
from core.tensors.program import power_program
from core.tensors.settings import PowerSettings
from figures.tensors.power import chain, comparison, eigenvalues, graph, growth, result, verdict
from pages.tensors.shared import may_be_typed, more_settings, show_error
from ui.chart import chart
from ui.controls import Controls
from ui.program import program_panel

MOST_WALKS = 12
EXAMPLES = {  # label: what it shows, and what it sets
    "n = 2": ("The course: [[2, 1], [1, 1]].", {"n": 2}),
    "n = 3": ("The course: [[3, 2], [2, 1]].", {"n": 3}),
    "n = 4": ("The course: [[5, 3], [3, 2]].", {"n": 4}),
    "Last right: 91": ("The last power that fits into int64.", {"n": 91}),
    "First wrong: 92": ("F(93) does not fit: a negative number appears.", {}),
    "Rounded": ("float64 keeps 53 binary digits.", {"n": 92, "dtype": "float64"}),
    "Backwards": ("A negative power undoes steps.", {"n": -4, "dtype": "float64"}),
    "No inverse for int64": ("PyTorch's refusal, explained.", {"n": -1}),
    "Quarter turns": ("Every fourth power is the same.", {"matrix": "[[0, -1], [1, 0]]", "n": 12}),
    "Shrinks": ("All eigenvalues below 1.", {"matrix": "[[0.5, 0.2], [0.1, 0.4]]", "n": 20, "dtype": "float64"}),
    "Walks": (
        "Powers count walks in a graph.",
        {"matrix": "[[0, 1, 1, 0], [1, 0, 1, 0], [1, 1, 0, 1], [0, 0, 1, 0]]", "n": 3, "look": "walks"},
    ),
    "Weather": (
        "A Markov chain settles.",
        {"matrix": "[[0.9, 0.1], [0.5, 0.5]]", "n": 12, "dtype": "float64", "look": "chain"},
    ),
}


@st.cache_data(max_entries=32, show_spinner=False)
def _power(settings: PowerSettings, seed: int) -> Power:
    return power(settings, seed)


def show(controls: Controls) -> None:
    picture, side = st.columns([2.6, 1], gap="large")
    with side:
        controls.show("power.matrix", "power.n", "power.dtype", "power.look")
        more_settings(controls)
        _presets(controls)
        may_be_typed()
    settings, seed = controls.read(PowerSettings), controls.values["seed"]
    with picture:
        try:
            found = _power(settings, seed)
        except ExpressionError as error:
            show_error(error)
            _questions()
            wrong = isinstance(error, TorchError)
            shown = settings if wrong else PowerSettings()
            lead = "It ends with that error." if wrong else "The program of the example."
            program_panel(power_program(shown, seed), "tensors_power", lead)
            return
        st.markdown(f"**A to the power {found.n}.** {verdict(found)}")
        one, two = st.columns([1, 1.5])
        with one:
            chart(result(found), "power")
        with two:
            _look(settings, found)
        _more(settings, found)
        _questions()
    program_panel(power_program(settings, seed), "tensors_power")


def _look(settings: PowerSettings, found: Power) -> None:
    if settings.look == "walks":
        if not is_graph(found.a):
            st.info("Entries that count arrows must be whole numbers; allowed: 0 to 9. Shown instead: how large.")
        else:
            chart(graph(found), "graph")
            return
    if settings.look == "chain":
        if not is_chain(found.a) or found.n < 0:
            st.info(
                "In a Markov chain each row holds probabilities; allowed: no entry below 0, each row together 1, and "
                "n at least 0. Shown instead: how large."
            )
        else:
            chart(chain(found), "chain")
            return
    chart(growth(found), "growth")


def _more(settings: PowerSettings, found: Power) -> None:
    one, two = st.columns([1.4, 1], gap="large")
    with one:
        st.markdown("**Every entry**" if found.exact is None else "**Every entry, and what it should be**")
        st.table(comparison(found).set_index("entry"))  # unlike st.dataframe it wraps long numbers
        if settings.look == "walks" and is_graph(found.a) and found.n >= 0:
            _walks(found)
    with two:
        chart(eigenvalues(found), "eigenvalues")


def _walks(found: Power) -> None:
    """The walks from node 0 to the last node, one by one, against the entry that counts them."""
    whole = [[int(entry) for entry in row] for row in found.a.tolist()]
    end = len(whole) - 1
    count = int(found.exact[0][end])
    some = walks(whole, found.n, 0, end, MOST_WALKS)
    written = "; ".join(" → ".join(map(str, path)) for path in some) or "none"
    rest = f" and {count - len(some):,} more" if count > len(some) else ""
    st.markdown(
        f"Entry [0, {end}] of A to the power {found.n} is **{count:,}**: so many walks of {found.n} steps lead from "
        f"node 0 to node {end}. Followed arrow by arrow: {written}{rest}."
    )


def _questions() -> None:
    st.markdown(
        "**Find out by moving the controls.** At which n does float32 lose its first Fibonacci number, and at which "
        "float64? Which matrices come back to themselves? How many steps does the weather need to forget the first "
        "day?"
    )


def _presets(controls: Controls) -> None:
    usual = controls.defaults_of("power")
    with st.container(horizontal=True):
        for label, (what, values) in EXAMPLES.items():
            controls.preset(label, what, **usual | {f"power.{name}": value for name, value in values.items()})
