"""The controls of a page: each field of its settings, bound to one widget and to the link.

    controls = Controls("descent", DescentSettings)
    controls.show("lr", "momentum")             # two widgets
    settings = controls.read(DescentSettings)   # DescentSettings(lr=..., momentum=...)

Values live in the session under the page's name, so they outlast widgets that are not on screen (another view,
another page). A wrong value in a link becomes a sentence beside the control that it was meant for. What no link can
carry, such as a file, is kept in `controls.beyond`; a reset or a preset forgets it.
"""

from collections.abc import Callable
from difflib import get_close_matches
from typing import TypeVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.settings import Choice, Integer, Parameter, Settings, Several, Switch, Text, defaults, parameters, quote
from ui import link

MOST_PROBLEMS = 5  # unknown names that are listed, however many a link holds
MOST_LISTED = 8  # names that a page has, in a sentence about one that it does not have
WIDEST_SLIDER = 300  # values; beyond that a number is typed
SHORTEST_LIST = 30  # characters of all options together; beyond that they unfold as a list

S = TypeVar("S", bound=Settings)


class Controls:
    """Every parameter of one page.

    Args:
        page: the page's name, as in its link.
        settings: settings classes whose fields are named plainly in the link.
        prefixed: further classes whose fields are named `prefix.field` in the link.
    """

    def __init__(self, page: str, *settings: type[Settings], **prefixed: type[Settings]) -> None:
        self.page = page
        self.prefixes = dict.fromkeys(settings, "") | {cls: f"{name}." for name, cls in prefixed.items()}
        self.kinds: dict[str, Parameter] = {}
        self.defaults: dict[str, object] = {}
        for cls, prefix in self.prefixes.items():
            self.kinds |= {prefix + name: kind for name, kind in parameters(cls).items()}
            self.defaults |= {prefix + name: default for name, default in defaults(cls).items()}
        self.view: str | None = None  # the field that says which view is open, if the page has views
        self.values: dict[str, object] = st.session_state.setdefault(page, dict(self.defaults))
        self.beyond: dict[str, object] = st.session_state.setdefault(f"{page}:beyond", {})
        self.problems: dict[str, str] = st.session_state.setdefault(f"{page}:problems", {})
        self._take_from_widgets()
        self._take_from_link(link.arrived(page))
        link.show_address(page, self.query())

    def defaults_of(self, *prefixes: str) -> dict[str, object]:
        """The defaults of all fields with one of some prefixes, by their names in the link; for presets."""
        begun = tuple(f"{prefix}." for prefix in prefixes)
        return {name: value for name, value in self.defaults.items() if name.startswith(begun)}

    def query(self) -> dict[str, list[str]]:
        """What a link must carry: every value that is not the default."""
        return {
            name: [kind.write(self.values[name])]
            for name, kind in self.kinds.items()
            if self.values[name] != self.defaults[name]
        }

    def read(self, cls: type[S]) -> S:
        """The settings as they stand.

        Raises:
            ValueError: if the values are fine one by one but not together; the message says why.
        """
        prefix = self.prefixes[cls]
        return cls(**{name: self.values[prefix + name] for name in parameters(cls)})

    def read_or_explain(self, cls: type[S]) -> S | None:
        """The settings; or None, with the reason on the screen."""
        try:
            return self.read(cls)
        except ValueError as error:
            st.error(str(error))
            return None

    def set(self, **values: object) -> None:
        """Changes values; only before their widgets are on screen, or in a callback."""
        for name, value in values.items():
            self.values[name] = self.kinds[name].accept(value)
            self.problems.pop(name, None)
            if self._key(name) in st.session_state:
                st.session_state[self._key(name)] = self.values[name]

    def reset(self) -> None:
        """Everything back to the defaults, but for the view: the reader stays where they are."""
        self.problems.clear()
        self.beyond.clear()
        self.set(**{name: value for name, value in self.defaults.items() if name != self.view})

    def preset(self, label: str, what_it_shows: str, **values: object) -> None:
        """A button that sets some values and leaves the others."""

        def take() -> None:
            self.beyond.clear()
            self.set(**values)

        st.button(label, help=what_it_shows, on_click=take, key=f"{self.page}-preset-{label}")

    def reset_button(self) -> None:
        st.button("Reset", help="Every control back to its default.", on_click=self.reset, key=f"{self.page}-reset")

    def show(
        self,
        *names: str,
        on_change: Callable[[object], None] | None = None,
        say: Callable[[int], str] | None = None,
    ) -> None:
        """The widgets of some fields, one under the other, each with what was wrong with its link value.

        Args:
            on_change: gets the new value when the reader moves one of them; may set other fields.
            say: what a slider of whole numbers shows instead of them.
        """
        for name in names:
            self._widget(name, on_change, say)
            self.show_problem(name)

    def show_more(self, *names: str) -> DeltaGenerator:
        """The widgets of less important fields under a lid, which is open while one of them has a problem."""
        lid = st.expander("More settings", expanded=any(name in self.problems for name in names))
        with lid:
            self.show(*names)
        return lid

    def show_problem(self, name: str) -> None:
        """What was wrong with the link's value for this parameter, if anything."""
        if name in self.problems:
            st.warning(self.problems[name])

    def show_views(self, name: str) -> str:
        """The row of views at the top of a page; returns the chosen one."""
        self.view = name
        kind, key = self.kinds[name], self._key(name)
        self._seed(key, self.values[name])
        st.segmented_control(
            kind.label, list(kind.options), format_func=kind.say, required=True, key=key, label_visibility="collapsed"
        )
        self.show_problem(name)
        return self.values[name]

    def show_link_problems(self) -> None:
        """What was wrong with the link and belongs to no control."""
        for text in [text for name, text in self.problems.items() if name not in self.kinds]:
            st.warning(text)

    def _key(self, name: str) -> str:
        return f"{self.page}.{name}"

    def _take_from_widgets(self) -> None:
        for name, kind in self.kinds.items():
            value = st.session_state.get(self._key(name))
            if isinstance(kind, Integer) and isinstance(value, float) and value.is_integer():
                value = int(value)
            try:
                value = kind.accept(value)
            except ValueError:  # not on screen, emptied, or forged: the last good value stays
                continue
            if value != self.values[name]:
                self.values[name] = value
                self.problems.pop(name, None)

    def _take_from_link(self, query: dict[str, list[str]]) -> None:
        if not query:
            return
        values, problems = dict(self.defaults), {}
        for name in query.keys() & self.kinds.keys():
            kind, text = self.kinds[name], query[name][-1]
            try:
                values[name] = kind.parse(text)
            except ValueError:
                problems[name] = (
                    f"The link says `{name}={quote(text)}`; allowed: {kind.allowed}. "
                    f"Shown instead: {kind.say(self.defaults[name])}."
                )
        unknown = [name for name in query if name not in self.kinds]
        if unknown:
            listed = ", ".join(f"`{quote(name)}`" for name in unknown[:MOST_PROBLEMS])
            more = f" and {len(unknown) - MOST_PROBLEMS:,} more" if len(unknown) > MOST_PROBLEMS else ""
            problems["unknown names"] = (
                f"The link names {listed}{more}, which this page does not have. {self._allowed(unknown[0])} "
                "The rest of the link was used."
            )
        self.set(**values)
        self.problems.clear()
        self.problems.update(problems)

    def _allowed(self, unknown: str) -> str:
        """The known names that are like an unknown one; some of all where none is."""
        alike = [name for name in self.kinds if name.rpartition(".")[2] == unknown]
        alike += [name for name in get_close_matches(unknown, self.kinds) if name not in alike]
        if alike:
            return f"Perhaps it means {' or '.join(alike[:MOST_PROBLEMS])}."
        names, rest = list(self.kinds)[:MOST_LISTED], len(self.kinds) - MOST_LISTED
        return f"Allowed: {', '.join(names)}{f' and {rest:,} more' if rest > 0 else ''}."

    def _widget(
        self, name: str, on_change: Callable[[object], None] | None = None, say: Callable[[int], str] | None = None
    ) -> None:
        kind, key, value = self.kinds[name], self._key(name), self.values[name]
        label = f"{kind.label} ({kind.unit})" if kind.unit else kind.label
        shared = {"key": key, "help": kind.help or None}
        if on_change:
            shared["on_change"] = lambda: on_change(st.session_state[key])
        if isinstance(kind, Text):
            self._seed(key, value)
            st.text_input(label, max_chars=kind.max_length, **shared)
        elif isinstance(kind, Switch):
            self._seed(key, value)
            st.toggle(label, **shared)
        elif isinstance(kind, Choice):
            self._seed(key, value)
            short = sum(map(len, kind.options.values())) <= SHORTEST_LIST
            pick: Callable = st.segmented_control if short else st.selectbox
            pick(label, list(kind.options), format_func=kind.say, **shared)
        elif isinstance(kind, Several):
            self._seed(key, list(value))
            st.pills(label, list(kind.options), selection_mode="multi", format_func=kind.options.get, **shared)
        elif kind.ticks:
            self._seed(key, value)
            st.select_slider(label, sorted({*kind.ticks, value}), format_func=kind.say, **shared)
        elif isinstance(kind, Integer) and say:
            self._seed(key, value)
            st.select_slider(label, list(range(kind.low, kind.high + 1)), format_func=say, **shared)
        elif isinstance(kind, Integer) and kind.high - kind.low <= WIDEST_SLIDER:
            self._seed(key, value)
            st.slider(label, kind.low, kind.high, step=1, **shared)
        else:  # typed; as a float, since Streamlit's whole-number input fails on infinity
            self._seed(key, float(value))
            shape = {"step": 1.0, "format": "%.0f"} if isinstance(kind, Integer) else {"format": "%g"}
            # None as its own value: an emptied field then says nothing, instead of the lowest number.
            st.number_input(label, float(kind.low), float(kind.high), None, **shape, **shared)

    @staticmethod
    def _seed(key: str, value: object) -> None:
        """Gives the widget our value where it has none or another; never otherwise, so that dragging stays smooth."""
        if st.session_state.get(key) != value:
            st.session_state[key] = value
