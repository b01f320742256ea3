"""What happened to each word of a sentence in eight copies, and one copy word by word."""

import pandas as pd
import plotly.graph_objects as go

from core.data_augmentation.text import Change, Copies, Copy, times
from core.quote import literal, printable
from figures.picture import Picture
from figures.style import BLUE, GREEN, PURPLE, VERMILLION, axes
from figures.words import drawn_text, fmt, listed

SIGNS = {  # kind -> letter, colour, what it says
    "replaced": ("R", BLUE, "replaced"),
    "inserted": ("+", GREEN, "a synonym of it is inserted"),
    "swapped": ("S", PURPLE, "swapped"),
    "deleted": ("×", VERMILLION, "deleted"),
    "mended": ("m", "#80868c", "a or an mended"),
}
HIDDEN = tuple(range(1, len(SIGNS) + 1))  # places of the marks among the traces
LONGEST = 14  # letters of a word at the axis


def what_happened(copies: Copies) -> Picture:
    """A row a word, a column a copy, and a mark where something was done."""
    tokens = copies.tokens
    names = [f"{place + 1}. {drawn_text(token.word[:LONGEST])}" for place, token in enumerate(tokens)]
    numbers = list(range(1, len(copies.copies) + 1))
    figure = go.Figure()
    points = {"x": numbers * len(names), "y": [name for name in names for _ in numbers], "mode": "markers"}
    dot = {"size": 4, "color": "#80868c", "symbol": "circle-open"}
    figure.add_scatter(**points, marker=dot, name="as it was", hoverinfo="skip")
    for kind, (letter, color, said) in SIGNS.items():
        places = [(number, place) for number, copy in enumerate(copies.copies, 1) for place in _places(copy, kind)]
        figure.add_scatter(
            x=[number for number, _ in places],
            y=[names[place] for _, place in places],
            mode="markers+text",
            text=[letter] * len(places),
            textfont={"size": 13},
            marker={"size": 19, "color": color, "symbol": "square-open", "line": {"width": 3}},
            name=said,
            showlegend=bool(places),
            hoverinfo="skip",
        )
    axes(figure, "copy", "word of the sentence")
    figure.update_xaxes(tickvals=numbers, range=[0.4, len(numbers) + 0.6])
    figure.update_yaxes(categoryorder="array", categoryarray=names[::-1], range=[-0.7, len(names) - 0.3])
    figure.update_layout(height=110 + 23 * len(names))
    changed = sum(copy.text != " ".join(map(str, tokens)) for copy in copies.copies)
    caption = (
        f"A column is a copy, a mark is a change of its row's word. Other than the sentence: {changed} of "
        f"{len(numbers)} copies."
    )
    table = pd.DataFrame({"copy": numbers, "sentence": [printable(copy.text) for copy in copies.copies]})
    return Picture(figure, caption, f"A grid of words and copies with marks. {caption}", table)


def _places(copy: Copy, kind: str) -> list[int]:
    found = {one.place for one in copy.changes if one.kind == kind}
    found |= {one.other for one in copy.changes if one.kind == kind and one.other is not None}
    return sorted(found - set(_places(copy, "swapped")) if kind == "mended" else found)  # one mark is legible


def word_diff(copies: Copies, copy: Copy) -> str:
    """The sentence and the copy in one line: [-gone-] and {+new+}; between two swapped words both are marked."""
    words, parts, at = [token.word for token in copies.tokens], [], 0
    swapped = copies.settings.operation == "swap"
    for i, ((word, place), part) in enumerate(zip(copy.words, copy.parts, strict=True)):
        was = i if swapped else place
        if was is None:
            parts.append(f"{{+{part}+}}")
            continue
        parts += [f"[-{gone}-]" for gone in words[at:was]]
        at = was + 1
        same = word.lower() == words[was].lower()
        parts.append(part if same else f"[-{words[was]}-] {{+{part}+}}")
    return " ".join(parts + [f"[-{gone}-]" for gone in words[at:]])


def reasons(copy: Copy) -> str:
    """Every change of a copy with its reason, as a list."""
    lines = [f"- {_reason(one)}" for one in copy.changes]
    return "\n".join(lines or ["- Nothing has changed."])


def _reason(one: Change) -> str:
    before, after = literal(one.before), literal(one.after)
    if one.kind == "replaced":
        return f"{before} → {after}: both can mean *{one.reason}*."
    if one.kind == "inserted":
        return f"{after} came in at a place drawn at random: like {before}, it can mean *{one.reason}*."
    if one.kind == "swapped":
        return f"{before} and {after} changed places; both were drawn at random."
    if one.kind == "deleted":
        return f"{before} is gone: its number, drawn between 0 and 1, was below α."
    return f"{before} → {after}: another word follows it now."


DAMAGE = {
    "deleted": "Gone, and it may decide between praise and blame: {}.",
    "moved": "Moved, so that the negation may turn another word round: {}.",
    "inserted": "New, where the negation may not reach it: {}.",
}


def warnings(found: list[tuple[str, str]]) -> str:
    """Why the label of a copy may be wrong now."""
    words = {kind: [literal(word) for what, word in found if what == kind] for kind in DAMAGE}
    said = [DAMAGE[kind].format(listed(those)) for kind, those in words.items() if those]
    return f"**The label may be wrong now.** {' '.join(said)}"


def by_hand(copies: Copies) -> str:
    """How many words are changed."""
    n, s = len(copies.tokens), copies.settings
    if s.operation == "back":
        return f"The table knows {len(copies.known)} of {n} words in their sense here: {len(copies.known)} / {n} = " + (
            f"**{len(copies.known) / n:.4f}** of them can change."
        )
    if s.operation == "delete":
        return f"Each of {n} words goes with probability α, so on average {s.alpha:g} · {n} = **{s.alpha * n:g}** go."
    wanted = times(n, s.alpha)
    able = {"replace": len(copies.known), "insert": wanted * bool(copies.known), "swap": wanted * (n > 1)}[s.operation]
    only = "" if able >= wanted else f" Only {able} can be done: the table knows no more, or there is one word."
    return (
        f"The strength α sets how many times: {s.alpha:g} · {n} = {fmt(s.alpha * n)}, rounded (a half up) and at least "
        f"1, is **{wanted}**.{only}"
    )
