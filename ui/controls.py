"""The controls of a page: each field of its settings, bound to one widget and to the link.

    controls = Controls("descent", DescentSettings)
    controls.show("lr", "momentum")             # two widgets
    settings = controls.read(DescentSettings)   # DescentSettings(lr=..., momentum=...)

Values live in the session under the page's name, so they outlast widgets that are not on screen (another view,
another page). A wrong value in a link becomes a sentence beside the control that it was meant for. What no link can
carry, such as a file, is kept in `controls.unlinked`; a preset forgets all of it.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from difflib import get_close_matches
from types import MappingProxyType
from typing import TypeVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.quote import quote
from core.settings import Parameter, Real, Settings, Text, defaults, parameters
from ui import link
from ui.presets import Presets, preset_row
from ui.reset import reset_row
from ui.typed_values import typed_field
from ui.widget import said, seed, widget

MOST_PROBLEMS = 5  # unknown names that are listed, however many a link holds
MOST_LISTED = 8  # names that a page has, in a sentence about one that it does not have

S = TypeVar("S", bound=Settings)


def unusable(error: ValueError) -> str:
    """Why something cannot be used, and what is on the screen meanwhile."""
    return f"{str(error).rstrip('.')}. Until that is mended, you see the last picture that could be drawn."


class Controls:
    """Every parameter of one page.

    Args:
        page: the page's name, as in its link.
        settings: settings classes whose fields are named plainly in the link.
        aliases: names that links had in an older version -> the names that parameters have today.
        prefixed: further classes whose fields are named `prefix.field` in the link.
    """

    def __init__(
        self,
        page: str,
        *settings: type[Settings],
        aliases: Mapping[str, str] = MappingProxyType({}),
        **prefixed: type[Settings],
    ) -> None:
        self.page, self.aliases = page, aliases
        self.prefixes = dict.fromkeys(settings, "") | {cls: f"{name}." for name, cls in prefixed.items()}
        self.kinds: dict[str, Parameter] = {}
        self.defaults: dict[str, object] = {}
        self.owners: dict[str, type[Settings]] = {}
        for cls, prefix in self.prefixes.items():
            self.owners |= {prefix + name: cls for name in parameters(cls)}
            self.kinds |= {prefix + name: kind for name, kind in parameters(cls).items()}
            self.defaults |= {prefix + name: default for name, default in defaults(cls).items()}
        self.view: str | None = None  # the field that says which view is open, if the page has views
        self.shown: list[str] = []  # the fields whose widgets are on screen, in their order
        self.forgets: list[str] = []  # names in `unlinked` that a reset of the view forgets
        self.explained: set[type[Settings]] = set()  # settings that are not fine together, which the screen says
        self.promise: tuple[DeltaGenerator, str] | None = None  # see `ui/presets.py`
        st.session_state["scrubbed"] = {}  # see `ui/scrubber.py`
        self.values: dict[str, object] = st.session_state.setdefault(page, dict(self.defaults))
        self.unlinked: dict[str, object] = st.session_state.setdefault(f"{page}:unlinked", {})
        self.problems: dict[str, str] = st.session_state.setdefault(f"{page}:problems", {})
        self._take_from_widgets()
        self._take_from_link(link.arrived(page))
        link.show_address(page, self.query())

    def query(self) -> dict[str, list[str]]:
        """What a link must carry: every value that is not the default."""
        return {
            name: [kind.write(self.values[name])]
            for name, kind in self.kinds.items()
            if self.values[name] != self.defaults[name]
        }

    def read(self, cls: type[S], **instead: object) -> S:
        """The settings as they stand, but for values that a view has `instead` of some.

        Raises:
            ValueError: if the values are fine one by one but not together; the message says why.
        """
        prefix = self.prefixes[cls]
        return cls(**{name: self.values[prefix + name] for name in parameters(cls)} | instead)

    def read_or_last(self, cls: type[S], **instead: object) -> S:
        """The settings; where they are not fine together, the last that were, with the reason on the screen."""
        key = ":".join((self.page, "last", cls.__name__, *instead))
        try:
            st.session_state[key] = self.read(cls, **instead)
        except ValueError as error:
            if cls not in self.explained:
                self.explained.add(cls)
                st.error(unusable(error))
        return st.session_state.get(key) or cls(**instead)

    def set(self, **values: object) -> None:
        """Changes values; only before their widgets are on screen, or in a callback."""
        for name, value in values.items():
            self.values[name] = self.kinds[name].accept(value)
            self.problems.pop(name, None)
            if self._key(name) in st.session_state:
                st.session_state[self._key(name)] = self.values[name]

    def show_presets(self, presets: Presets, *fresh: type[Settings]) -> None:
        """The way back, and a row of buttons, each of which sets some values.

        Args:
            presets: label -> what it shows, and the values by their names in the link.
            fresh: settings whose other fields go back to their defaults, as with a reset; all else stays as it is, and
                so does a text that none of the presets has: it is the reader's own.
        """
        texts = {
            name: {values[name] for _, values in presets.values() if name in values}
            for name, kind in self.kinds.items()
            if isinstance(kind, Text)
        }
        self.reset_button(*fresh, texts=texts)
        names = [self.prefixes[cls] + name for cls in fresh for name in parameters(cls) if name != "view"]
        usual = {name: self.defaults[name] for name in names if texts.get(name, True)}
        preset_row(self, presets, usual)

    def _take(self, values: dict[str, object]) -> None:
        self.unlinked.clear()
        self.set(**values)

    def reset_button(self, *own: type[Settings], texts: Mapping[str, Collection[str]] = MappingProxyType({})) -> None:
        """The way back to the defaults of what the view shows and of its own settings; shown below its controls.

        Args:
            texts: name -> texts that the view offers; any other is the reader's own, and stays.
        """
        reset_row(self, own, texts)

    def show(
        self,
        *names: str,
        on_change: Callable[[object], None] | None = None,
        say: Callable[[int], str] | None = None,
        most: int | None = None,
    ) -> None:
        """The widgets of some fields, one under the other, each with what was wrong with its link value.

        Args:
            on_change: gets the new value when the reader moves one of them; may set other fields.
            say: what a slider of whole numbers shows instead of them.
            most: the largest whole number that means something now; a larger value is shown as this one.
        """
        for name in names:
            kind, value = self.kinds[name], self.values[name]
            if most is not None:
                kind, value = replace(kind, high=most), min(value, most)
            self.shown.append(name)
            if isinstance(kind, Real) and not kind.ticks:
                typed_field(self, name, self._key(name))
                continue
            widget(kind, self._key(name), value, on_change, say)
            self.show_problem(name)
            if isinstance(kind, Text):  # what is wrong with it is said below it
                self.read_or_last(self.owners[name])

    def show_more(self, *names: str) -> DeltaGenerator:
        """The widgets of less important fields in an expander, which is open while one of them has a problem."""
        expander = st.expander("More settings", expanded=any(name in self.problems for name in names))
        with expander:
            self.show(*names)
        return expander

    def show_problem(self, name: str) -> None:
        """What was wrong with the link's value for this parameter, if anything."""
        if name in self.problems:
            st.warning(self.problems[name])

    def show_views(self, name: str) -> str:
        """The row of views at the top of a page; returns the chosen one."""
        self.view, kind, key = name, self.kinds[name], self._key(name)
        seed(key, self.values[name])
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
            try:
                value = said(kind, st.session_state.get(self._key(name)))
            except ValueError:  # the last good value stays
                continue
            if value != self.values[name]:
                self.values[name] = value
                self.problems.pop(name, None)

    def _take_from_link(self, query: dict[str, list[str]] | None) -> None:
        if query is None:
            return
        if set(query) != {"view"}:  # it says what to see, so no guess holds anything back
            st.session_state[f"{self.page}:linked"] = True
        query = {self.aliases.get(name, name): texts for name, texts in query.items()}
        values, problems = dict(self.defaults), {}
        for name in query.keys() & self.kinds.keys():
            kind, text = self.kinds[name], query[name][-1]
            try:
                values[name] = kind.parse(text)
            except ValueError:
                problems[name] = (
                    f"The link says {name} = {quote(text)}; allowed: {kind.allowed}. "
                    f"Shown instead: {kind.say(self.defaults[name])}."
                )
        unknown = [name for name in query if name not in self.kinds]
        if unknown:
            listed = ", ".join(quote(name) for name in unknown[:MOST_PROBLEMS])
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
