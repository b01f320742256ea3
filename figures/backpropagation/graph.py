"""A calculation as a graph: values above the nodes, gradients below, messages on the edges; one frame a step."""

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go
from torch import Tensor

from core.backpropagation.graph import Edge, Graph, Moment
from core.cache import cached
from figures.backpropagation.labels import edge_text, node_table, shown, signed, written
from figures.backpropagation.layout import Placement, place
from figures.picture import Picture
from figures.style import BLUE, GREEN, GREY, VERMILLION, axes

WIDE, PHONE = (820, 375), (325, 235)  # pixels that the graph has, at the least
NODES = 3  # the place of the nodes among the traces
HEIGHT = 420
LETTER = 5.5  # pixels that one has in a label
BLANK = " "  # not "": plotly takes the place of an empty text away, and then has none for the next moment's
Texts = list[str]


@cached
def placement(graph: Graph) -> Placement:
    """Where the nodes stand; the same at every moment."""
    return place(graph)


@cached
def graph_picture(graph: Graph, chosen: int, caption: str) -> Picture:
    """The graph with a ring around the chosen node. The last moment shows how its gradient is added up."""
    drawn = _Drawing(graph, placement(graph), chosen)
    figure, moving = drawn.traces()
    frames = [{"traces": moving, "data": drawn.changes(at)} for at in range(len(graph.moments))]
    for trace, change in zip(moving, frames[-1]["data"], strict=True):
        figure.data[trace].update(change)
    axes(figure, "from the variables to the result", "nodes").update_layout(height=HEIGHT, margin={"t": 10})
    figure.update_traces(showlegend=False, hoverinfo="none")
    names = [f"{node.name} = {written(node.code)}" if node.parents else node.name for node in graph.nodes]
    figure.data[NODES].update(hovertext=names, hoverinfo="text")
    where = drawn.placed
    figure.update_xaxes(visible=False, range=[-0.6, where.columns - 0.4], fixedrange=True)
    figure.update_yaxes(visible=False, range=[where.rows - 0.25, -0.75], fixedrange=True)
    alt = f"Graph of a calculation with {len(graph.nodes)} nodes and {len(graph.edges)} edges. {caption}"
    return Picture(figure, caption, alt, node_table(graph), frames)


@dataclass(frozen=True)
class _Cell:
    """The pixels that a node has, and what has room in them: "both" numbers, "one", or only those of the moment."""

    width: float
    height: float

    @property
    def level(self) -> str:
        if self.width < 46 or self.height < 37:
            return "moment"
        return "both" if self.height >= 66 else "one"

    @property
    def labels(self) -> bool:
        """Whether the edges have room for what is sent on them."""
        return self.level == "both" and self.width > 84

    @property
    def node(self) -> int:
        """The size of a node."""
        taken = {"both": 2 * self.font + 24, "one": self.font + 8, "moment": 0.4 * self.height}[self.level]
        return round(min(44, max(8, self.height - taken), max(8, 0.6 * self.width)))

    @property
    def font(self) -> int:
        return 15 if self.width > 120 and self.height > 100 else 12 if self.width > 84 else 11

    @property
    def digits(self) -> int:
        return 4 if self.width > 84 else 3


@dataclass
class _Drawing:
    graph: Graph
    placed: Placement
    chosen: int

    def __post_init__(self) -> None:
        last = len(self.graph.moments) - 1
        self.wide, self.phone = (
            _Cell(w / (self.placed.columns + 0.2), h / (self.placed.rows + 0.5)) for w, h in (WIDE, PHONE)
        )
        self.into_chosen = set(self.graph.arrived(self.chosen, last))

    def traces(self) -> tuple[go.Figure, list[int]]:
        """All traces, and the places of those that change."""
        x, y = zip(*self.placed.at, strict=True)
        size, small = self.wide.node, self.phone.node
        figure = go.Figure()
        figure.add_scatter(**self._lines(self.graph.edges), mode="lines", line={"color": GREY, "width": 1.5})
        figure.add_scatter(x=[], y=[], mode="lines", line={"width": 4})
        (cx, cy), phone = self.placed.at[self.chosen], {"phone": {"marker": {"size": small + 9}}}
        ring = {"symbol": "circle-open", "color": GREEN, "line": {"width": 4}, "size": size + 12}
        figure.add_scatter(x=[cx], y=[cy], mode="markers", marker=ring, meta=phone)
        fill = {"color": "#fdfcf9", "size": size, "opacity": 1, "line": {"width": 2, "color": GREY}}
        phone = {"marker": {"size": small}, "textfont": {"size": 10 if small > 24 else 8}}
        meta = {"dark": {"marker": {"color": "#12161b"}}, "phone": phone}
        if small < 17:
            meta["phone"]["mode"] = "markers"
        signs = [signed(node) for node in self.graph.nodes]
        font = {"size": [self.wide.font if len(sign) < 4 else 9 for sign in signs] if size > 24 else 9}
        figure.add_scatter(x=x, y=y, mode="markers+text", text=signs, marker=fill, textfont=font, meta=meta)
        for cell, wide in ((self.wide, True), (self.phone, False)):
            look = {
                "marker": {"size": cell.node + (6 if cell.level == "both" else 2), "opacity": 0},
                "textfont": {"size": cell.font},
                "visible": wide,
            }
            for side in ("top center", "bottom center"):
                meta = {"phone": {"visible": not wide}}
                look |= {"textposition": side, "cliponaxis": False}
                figure.add_scatter(x=x, y=y, mode="markers+text", meta=meta, **look)
        meta, visible = {"phone": {"visible": self.phone.labels}}, self.wide.labels
        reach, last = LETTER / 2 / self.wide.width, len(self.graph.moments) - 1
        at = [self.placed.label(edge, reach * len(self._label(edge, last))) for edge in self.graph.edges]
        x, y, side = zip(*at, strict=True)
        figure.add_scatter(x=x, y=y, mode="text", textposition=side, textfont={"size": 12}, meta=meta, visible=visible)
        return figure, [1, NODES, 4, 5, 6, 7, 8]

    def changes(self, at: int) -> list[dict[str, object]]:
        """What a moment changes, trace by trace."""
        graph, moment = self.graph, self.graph.moments[at]
        active, known = self._active(moment), [at >= since for since in graph.known_from]
        collected = [graph.collected(i, at) for i in range(len(graph.nodes))]
        now = moment.node if moment.kind != "end" else None
        done = [total is not None and whole for total, whole in collected]
        colors = [VERMILLION if d else BLUE if k else GREY for d, k in zip(done, known, strict=True)]
        widths = [5 if i == now else 3 if d else 2 for i, d in enumerate(done)]
        color = BLUE if moment.kind == "forward" else VERMILLION
        return [
            self._lines(active) | {"line": {"color": color}},
            {"marker": {"line": {"color": colors, "width": widths}}},
            *(
                {"text": [text or BLANK for text in texts]}
                for cell in (self.wide, self.phone)
                for texts in self._numbers(cell, moment, known, collected)
            ),
            {"text": [self._label(edge, at) or BLANK for edge in graph.edges]},
        ]

    def _numbers(self, cell: _Cell, moment: Moment, known: list[bool], collected: list) -> tuple[Texts, Texts]:
        """What stands above and below each node."""
        above, below = [], []
        for i, node in enumerate(self.graph.nodes):
            value = shown(node.value, cell.digits) if known[i] else ""
            gradient = _gradient_text(*collected[i], cell.digits)
            named = f"{node.name} = {value}" if value and node.parents else value
            if cell.level == "one":
                value, gradient = gradient or value, ""
            elif cell.level == "both":
                value = named if cell.width > 84 else value
            elif i == (self.chosen if moment.kind == "end" else moment.node):
                value = named
            else:
                value = gradient = ""
            above.append(value)
            below.append(gradient)
        return above, below

    def _lines(self, edges: Sequence[Edge]) -> dict[str, list[float | None]]:
        points = [point for edge in edges for point in (*self.placed.paths[edge], (None, None))]
        return {"x": [x for x, _ in points], "y": [y for _, y in points]}

    def _active(self, moment: Moment) -> list[Edge]:
        """The edges on which something moves."""
        if moment.kind in ("forward", "backward"):
            edges = [edge for edge in self.graph.edges if edge.child == moment.node]
            return edges if moment.kind == "forward" else [e for e in edges if self.graph.message(e) is not None]
        return [edge for edge in self.graph.edges if edge in self.into_chosen] if moment.kind == "end" else []

    def _label(self, edge: Edge, at: int) -> str:
        sent = self.graph.sent_at.get(edge.child, at + 1) <= at and self.graph.message(edge) is not None
        return edge_text(self.graph, edge) if sent else ""


def _gradient_text(total: Tensor | None, whole: bool, digits: int) -> str:
    if total is None:
        return ""
    return f"← {shown(total, digits)}" + ("" if whole else " + …")


def node_near(graph: Graph, x: float, y: float) -> int | None:
    """The node next to a click, if it is near enough to be meant."""
    places = placement(graph).at
    nearest = min(range(len(places)), key=lambda i: (places[i][0] - x) ** 2 + (places[i][1] - y) ** 2)
    return nearest if abs(places[nearest][0] - x) <= 0.6 and abs(places[nearest][1] - y) <= 0.8 else None
