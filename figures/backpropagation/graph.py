"""A calculation as a graph: values above the nodes, gradients below, messages on the edges; one frame a step."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from torch import Tensor

from core.backpropagation.check import central_differences
from core.backpropagation.graph import Edge, Graph, Moment, Node
from core.cache import cached
from figures.backpropagation.layout import Placement, place
from figures.picture import Picture
from figures.style import BLUE, GREEN, GREY, VERMILLION, axes
from figures.words import fmt, plural, typeset

WIDE, PHONE = (820, 380), (325, 235)  # pixels that the graph has, at the least
ROOM = (54, 44)  # pixels of a column and a row in which a node's numbers have room
ROOM_FOR_NAMES = 84
FEW_EDGES = 12  # so many can keep their labels
HEIGHT = 420
SHORT = {"sigmoid": "σ", "Linear": "lin", "E": "½Σ²"}
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
    where = drawn.placed
    figure.update_xaxes(visible=False, range=[-0.6, where.columns - 0.4], fixedrange=True)
    figure.update_yaxes(visible=False, range=[where.rows - 0.25, -0.75], fixedrange=True)
    alt = f"Graph of a calculation with {len(graph.nodes)} nodes and {len(graph.edges)} edges. {caption}"
    return Picture(figure, caption, alt, node_table(graph), frames)


@dataclass
class _Drawing:
    graph: Graph
    placed: Placement
    chosen: int

    def __post_init__(self) -> None:
        graph, last = self.graph, len(self.graph.moments) - 1
        self.wide, self.phone = self._cell(WIDE), self._cell(PHONE)
        self.values = [shown(node.value) for node in graph.nodes]
        named = self.wide[0] >= ROOM_FOR_NAMES
        self.named = [
            f"{node.name} = {text}" if node.parents else text
            for node, text in zip(graph.nodes, self.values, strict=True)
        ]
        self.above = self.named if named else self.values
        self.keeps_labels = len(graph.edges) <= FEW_EDGES
        self.into_chosen = set(graph.arrived(self.chosen, last))

    def _cell(self, room: tuple[int, int]) -> tuple[float, float]:
        return room[0] / self.placed.columns, room[1] / self.placed.rows

    def traces(self) -> tuple[go.Figure, list[int]]:
        """All traces, and the places of those that change."""
        x, y = zip(*self.placed.at, strict=True)
        figure = go.Figure()
        figure.add_scatter(**self._lines(self.graph.edges), mode="lines", line={"color": GREY, "width": 1.5})
        figure.add_scatter(x=[], y=[], mode="lines", line={"width": 4})
        ring = {"symbol": "circle-open", "color": GREEN, "line": {"width": 4}}
        sizes, small = (size_of(cell) for cell in (self.wide, self.phone))
        (cx, cy), phone = self.placed.at[self.chosen], {"phone": {"marker": {"size": small + 9}}}
        figure.add_scatter(x=[cx], y=[cy], mode="markers", marker=ring | {"size": sizes + 12}, meta=phone)
        fill = {"color": "#fdfcf9", "size": sizes, "opacity": 1, "line": {"width": 2, "color": GREY}}
        meta = {"dark": {"marker": {"color": "#12161b"}}, "phone": {"marker": {"size": small}}}
        if small < 17:
            meta["phone"]["mode"] = "markers"
        signs = [signed(node) for node in self.graph.nodes]
        font = {"size": [12 if len(sign) < 4 else 9 for sign in signs] if sizes > 26 else 9}
        figure.add_scatter(x=x, y=y, mode="markers+text", text=signs, marker=fill, textfont=font, meta=meta)
        for roomy in (True, False):  # all numbers where there is room; else those of the nodes of the moment
            on_wide, on_phone = (fits(cell) == roomy for cell in (self.wide, self.phone))
            for side in ("top center", "bottom center"):
                clear, meta = {"size": sizes, "opacity": 0}, {"phone": {"visible": on_phone, "marker": {"size": small}}}
                figure.add_scatter(
                    x=x, y=y, mode="markers+text", textposition=side, marker=clear, visible=on_wide, meta=meta
                )
        middles = [self.placed.middle(edge) for edge in self.graph.edges]
        figure.add_scatter(x=[p[0] for p in middles], y=[p[1] for p in middles], mode="text", textfont={"size": 11})
        return figure, [1, 3, 4, 5, 6, 7, 8]

    def changes(self, at: int) -> list[dict[str, object]]:
        """What a moment changes, trace by trace."""
        graph, moment = self.graph, self.graph.moments[at]
        focus, active = self._focus(moment), self._active(moment)
        known = [at >= since for since in graph.known_from]
        collected = [graph.collected(i, at) for i in range(len(graph.nodes))]
        above = [text if k else "" for text, k in zip(self.above, known, strict=True)]
        below = [_gradient_text(total, whole) for total, whole in collected]
        near = [text if k and i in focus else "" for i, (text, k) in enumerate(zip(self.named, known, strict=True))]
        near_below = [text if i in focus else "" for i, text in enumerate(below)]
        now = moment.node if moment.kind != "end" else None
        done = [total is not None and whole for total, whole in collected]
        colors = [VERMILLION if d else BLUE if k else GREY for d, k in zip(done, known, strict=True)]
        widths = [5 if i == now else 3 if d else 2 for i, d in enumerate(done)]
        color = BLUE if moment.kind == "forward" else VERMILLION
        return [
            self._lines(active) | {"line": {"color": color}},
            {"marker": {"line": {"color": colors, "width": widths}}},
            *({"text": texts} for texts in (above, below, near, near_below)),
            {"text": [self._label(edge, at, active) for edge in graph.edges]},
        ]

    def _lines(self, edges: Sequence[Edge]) -> dict[str, list[float | None]]:
        points = [point for edge in edges for point in (*self.placed.paths[edge], (None, None))]
        return {"x": [x for x, _ in points], "y": [y for _, y in points]}

    def _focus(self, moment: Moment) -> set[int]:
        """The nodes whose numbers are written where not all have room."""
        nodes = self.graph.nodes
        if moment.kind == "start":
            return {i for i, node in enumerate(nodes) if not node.parents}
        if moment.kind == "end":
            return {self.chosen, *(edge.child for edge in self.into_chosen)}
        return {moment.node, *nodes[moment.node].parents}

    def _active(self, moment: Moment) -> list[Edge]:
        """The edges on which something moves."""
        if moment.kind in ("forward", "backward"):
            edges = [edge for edge in self.graph.edges if edge.child == moment.node]
            return edges if moment.kind == "forward" else [e for e in edges if self.graph.message(e) is not None]
        return [edge for edge in self.graph.edges if edge in self.into_chosen] if moment.kind == "end" else []

    def _label(self, edge: Edge, at: int, active: list[Edge]) -> str:
        graph, kind = self.graph, self.graph.moments[at].kind
        sent = graph.sent_at.get(edge.child, at + 1) <= at and graph.message(edge) is not None
        if not sent or not (self.keeps_labels or (edge in active and kind != "forward")):
            return ""
        return edge_text(graph, edge)


def size_of(cell: tuple[float, float]) -> float:
    """Pixels of a node in a cell of so many pixels."""
    return round(min(34, max(8, 0.62 * cell[0]), max(8, (cell[1] - 26) if fits(cell) else 0.62 * cell[1])))


def fits(cell: tuple[float, float]) -> bool:
    """Whether a node's numbers have room in a cell of so many pixels."""
    return cell[0] >= ROOM[0] and cell[1] >= ROOM[1]


def signed(node: Node) -> str:
    """What stands in the node."""
    if not node.parents:
        return node.name
    word = node.sign.split()
    return (
        " ".join(SHORT.get(w, w) for w in word).replace("*", "×").replace("/", "÷").replace("-", "−").replace("^ ", "^")
    )


def shown(value: Tensor, digits: int = 4) -> str:
    """A single number as it is, anything else by its shape."""
    if value.dim() == 0:
        return fmt(value.item(), digits)
    return plural(len(value), "number") if value.dim() == 1 else "×".join(map(str, value.shape))


def written(code: str) -> str:
    """A piece of the calculation as mathematicians write it."""
    return typeset(code.replace("**", "^").replace("*", "·").replace("/", "÷"))


def _gradient_text(total: Tensor | None, whole: bool) -> str:
    if total is None:
        return ""
    return f"← {shown(total)}" + ("" if whole else " + …")


def edge_text(graph: Graph, edge: Edge) -> str:
    """ "× derivative = message", from the gradient right of it; for tensors the message's shape."""
    child, message = graph.nodes[edge.child], graph.message(edge)
    if not child.derivatives:
        return f"← {shown(message)}"
    return f"× {fmt(child.derivatives[edge.slot].item())} = {fmt(message.item())}"


def labels(graph: Graph) -> Texts:
    """What to say at each moment."""
    return [_said(graph, moment) for moment in graph.moments]


def _said(graph: Graph, moment: Moment) -> str:
    if moment.kind == "start":
        return "Start: the values of the leaves are given."
    if moment.kind == "end":
        return "End: each gradient is the sum of the messages that have come."
    node = graph.nodes[moment.node]
    if moment.kind == "forward":
        return f"Forward: {node.name} = {written(node.code)} = {shown(node.value)}"
    if moment.kind == "seed":
        return f"Backward begins at the result {node.name}: its gradient by itself is 1."
    sent = []
    for slot, parent in enumerate(node.parents):
        if node.messages[slot] is not None:
            text = edge_text(graph, Edge(moment.node, parent, slot))
            by = f"{fmt(node.gradient.item())} {text}" if node.derivatives else text.removeprefix("← ")
            sent.append(f"to {graph.nodes[parent].name} {by}")
    return f"Backward: {node.name} = {written(node.code)} sends {', '.join(sent)}"


def node_table(graph: Graph) -> pd.DataFrame:
    """Every node with its value and gradient; single numbers also with their central differences."""
    single = all(node.value.dim() == 0 for node in graph.nodes)
    tell: Callable[[Tensor], object] = (
        (lambda v: v.item()) if single else (lambda v: str(np.round(v.tolist(), 6).tolist()))
    )
    columns = {
        "node": [node.name for node in graph.nodes],
        "is": [written(node.code) for node in graph.nodes],
        "value": [tell(node.value) for node in graph.nodes],
        "gradient": [None if node.gradient is None else tell(node.gradient) for node in graph.nodes],
    }
    if single:
        columns["central difference"] = central_differences(graph).tolist()
    return pd.DataFrame(columns)


def node_near(graph: Graph, x: float, y: float) -> int | None:
    """The node next to a click, if it is near enough to be meant."""
    places = placement(graph).at
    nearest = min(range(len(places)), key=lambda i: (places[i][0] - x) ** 2 + (places[i][1] - y) ** 2)
    return nearest if abs(places[nearest][0] - x) <= 0.6 and abs(places[nearest][1] - y) <= 0.8 else None
