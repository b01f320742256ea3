"""Where the nodes of a graph stand: columns from the leaves to the result, edges that go around what is in between.

A node stands one column right of its last input, a leaf one column left of its first use. Long edges get a place in
each column on their way. Then every column is ordered and shifted towards what its nodes are joined to.
"""

from dataclasses import dataclass

from core.backpropagation.graph import Edge, Graph

SWEEPS = 24
NARROW = 0.55  # rows that an edge passing by needs, where a node needs 1
LATER = 0.55  # of the way to what is made: edges from one node lie further apart there
BOW = 0.3  # rows by which two edges between the same nodes bend apart


@dataclass(frozen=True)
class Placement:
    """Columns and rows, both counted from 0; the first row is the upper one.

    Attributes:
        at: column and row of each node. paths: the points of each edge, from the input to what is made of it.
    """

    at: tuple[tuple[float, float], ...]
    paths: dict[Edge, list[tuple[float, float]]]
    columns: int
    rows: float

    def label(self, edge: Edge, reach: float = 0.0) -> tuple[float, float, str]:
        """Where an edge's label stands, and on which side of that; it reaches so many columns to both sides.

        It stands on the edge's upper side, and under an edge that hangs down there.
        """
        path = self.paths[edge]
        at = len(path) // 2
        (x0, y0), (x1, y1) = path[(len(path) - 1) // 2], path[at]  # one point, or the two in the middle
        if x0 == x1:
            hangs = y0 > max(path[at - 1][1], path[at + 1][1])
            return x0, y0, "bottom center" if hangs else "top center"
        x, y = x0 + LATER * (x1 - x0), y0 + LATER * (y1 - y0)
        return x, y - reach * abs((y1 - y0) / (x1 - x0)), "top center"


def place(graph: Graph) -> Placement:
    """Places every node and every edge."""
    column = _columns(graph)
    chains: dict[Edge, list[int]] = {}  # the places in the columns on the way, made up after the nodes
    for edge in graph.edges:
        between = range(column[edge.parent] + 1, column[edge.child])
        chains[edge] = [edge.parent, *range(len(column), len(column) + len(between)), edge.child]
        column += between
    joined: list[list[int]] = [[] for _ in column]
    for chain in chains.values():
        for one, other in zip(chain, chain[1:], strict=False):
            joined[one].append(other)
            joined[other].append(one)
    rows = _first_rows(graph, chains, len(column))
    width = [1.0 if i < len(graph.nodes) else NARROW for i in range(len(column))]
    members = [[i for i, c in enumerate(column) if c == k] for k in range(max(column) + 1)]
    for sweep in range(SWEEPS):
        for those in members if sweep % 2 == 0 else members[::-1]:
            _settle(those, rows, joined, width)
    top = min(rows)
    points = [(float(c), row - top) for c, row in zip(column, rows, strict=True)]
    paths = {edge: [points[i] for i in chain] for edge, chain in chains.items()}
    return Placement(tuple(points[: len(graph.nodes)]), _bowed(paths), len(members), max(rows) - top + 1)


def _columns(graph: Graph) -> list[int]:
    column = [0] * len(graph.nodes)
    for i, node in enumerate(graph.nodes):
        column[i] = 1 + max((column[p] for p in node.parents), default=-1)
    for i, node in enumerate(graph.nodes):
        if not node.parents:
            column[i] = min(column[edge.child] for edge in graph.edges if edge.parent == i) - 1
    return column


def _first_rows(graph: Graph, chains: dict[Edge, list[int]], count: int) -> list[float]:
    """Leaves one under the other in the order in which they are met, everything else in the middle of its inputs."""
    rows, met = [0.0] * count, set()
    free = iter(range(count))

    def visit(i: int) -> float:
        if i not in met:
            met.add(i)
            above = [visit(p) for p in graph.nodes[i].parents]
            rows[i] = sum(above) / len(above) if above else float(next(free))
        return rows[i]

    visit(len(graph.nodes) - 1)
    for chain in chains.values():
        for step, i in enumerate(chain[1:-1], start=1):
            share = step / (len(chain) - 1)
            rows[i] = (1 - share) * rows[chain[0]] + share * rows[chain[-1]]
    return rows


def _settle(those: list[int], rows: list[float], joined: list[list[int]], width: list[float]) -> None:
    """Moves the places of a column to the middle of what they are joined to, as far apart as they need."""
    wanted = {i: sum(rows[k] for k in joined[i]) / len(joined[i]) for i in those}
    order = sorted(those, key=lambda i: (wanted[i], rows[i]))
    placed: list[float] = []
    for before, i in zip([None, *order], order, strict=False):
        least = placed[-1] + (width[before] + width[i]) / 2 if placed else wanted[i]
        placed.append(max(wanted[i], least))
    shift = sum(wanted[i] - row for i, row in zip(order, placed, strict=True)) / len(order)
    for i, row in zip(order, placed, strict=True):
        rows[i] = row + shift


def _bowed(paths: dict[Edge, list[tuple[float, float]]]) -> dict[Edge, list[tuple[float, float]]]:
    """The same, but for edges between the same two neighbours, which bend apart."""
    found = {}
    for edge, path in paths.items():
        twin = any(e != edge and (e.child, e.parent) == (edge.child, edge.parent) for e in paths)
        if twin and len(path) == 2:
            (x0, y0), (x1, y1) = path
            path = [path[0], ((x0 + x1) / 2, (y0 + y1) / 2 + (BOW if edge.slot else -BOW)), path[1]]
        found[edge] = path
    return found
