"""A calculation as a graph: values forward, and backward the messages of which each gradient is the sum.

    tape = Tape()
    x, y = tape.leaf("x", torch.tensor(3.0)), tape.leaf("y", torch.tensor(2.0))
    tape.apply("*", operator.mul, "{0} * {1}", x, y)
    graph = tape.finish()
    graph.nodes[x].gradient  # 2.0

No rule of differentiation stands here. The gradients come from one `backward()` over the whole, the derivatives on the
edges from `torch.autograd.grad` of each operation alone.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import count

import torch
from torch import Tensor

Call = Callable[..., Tensor]
SLIGHT = 1e-3  # so small a gradient that the result can also be said to stay


@dataclass(frozen=True, eq=False)
class Node:
    """A leaf, or an operation with what it makes.

    Attributes:
        name: as the graph calls it. sign: what it does, such as "*", "+ 1" or "relu"; "" for a leaf.
        code: how it is made, by the names of its inputs; "" for a leaf.
        parents: the places of its inputs among the nodes; x * x has the same one twice. call: from them to the value.
        value: any shape; detached. gradient: dresult/dvalue, same shape; None where none is asked for.
        derivatives: of the operation by each input alone, if all are single numbers, else empty.
        messages: to each input, the gradient times its derivative (a vector-Jacobian product for tensors); None to one
            that asks for no gradient.
    """

    name: str
    sign: str
    code: str
    parents: tuple[int, ...]
    call: Call | None
    value: Tensor
    gradient: Tensor | None = None
    derivatives: tuple[Tensor, ...] = ()
    messages: tuple[Tensor | None, ...] = ()

    @property
    def nbytes(self) -> int:
        """About how much memory it takes."""
        return 2_000 + 8 * self.value.numel() * (2 + 2 * len(self.parents))


@dataclass(frozen=True)
class Edge:
    """From an operation back to one of its inputs: the places of both among the nodes, and which input it is."""

    child: int
    parent: int
    slot: int


@dataclass(frozen=True)
class Moment:
    """What happens at a step: "start", "forward" (a node computes), "seed" (the result's gradient is 1), "backward" (a
    node sends its messages) or "end"."""

    kind: str
    node: int | None = None


@dataclass(frozen=True, eq=False)
class Graph:
    """All nodes, inputs before what is made of them; the last one is the result, a single number."""

    nodes: tuple[Node, ...]

    @property
    def result(self) -> Node:
        """The last node."""
        return self.nodes[-1]

    @property
    def leaves(self) -> list[int]:
        """The places of the leaves that ask for a gradient."""
        return [i for i, node in enumerate(self.nodes) if not node.parents and node.gradient is not None]

    @cached_property
    def edges(self) -> tuple[Edge, ...]:
        """Every edge, by its child."""
        return tuple(Edge(i, p, slot) for i, node in enumerate(self.nodes) for slot, p in enumerate(node.parents))

    @cached_property
    def moments(self) -> tuple[Moment, ...]:
        """Every step: forward node by node, the seed, backward in the reverse order."""
        made = [i for i, node in enumerate(self.nodes) if node.parents]
        back = [i for i in reversed(made) if self.nodes[i].gradient is not None]
        steps = [Moment("forward", i) for i in made] + [Moment("seed", len(self.nodes) - 1)]
        return (Moment("start"), *steps, *(Moment("backward", i) for i in back), Moment("end"))

    @cached_property
    def known_from(self) -> tuple[int, ...]:
        """For each node the moment from which its value is known."""
        at = {moment.node: i for i, moment in enumerate(self.moments) if moment.kind == "forward"}
        return tuple(at.get(i, 0) for i in range(len(self.nodes)))

    @cached_property
    def sent_at(self) -> dict[int, int]:
        """For each node that sends messages, the moment at which it does."""
        return {moment.node: i for i, moment in enumerate(self.moments) if moment.kind == "backward"}

    def effects(self, node: int) -> list[str]:
        """What the result does when a single number grows by a little: "grows", "falls" or "stays", if not both."""
        gradient = self.nodes[node].gradient
        moves = ["grows"] if gradient > 0 else ["falls"] if gradient < 0 else []
        return moves + ["stays"] * (abs(gradient) < SLIGHT).item()

    def incoming(self, node: int) -> list[Edge]:
        """The edges on which messages come to a node."""
        return [edge for edge in self.edges if edge.parent == node and self.message(edge) is not None]

    def message(self, edge: Edge) -> Tensor | None:
        """What is sent on an edge; None if nothing is."""
        messages = self.nodes[edge.child].messages
        return messages[edge.slot] if messages else None

    def arrived(self, node: int, moment: int) -> list[Edge]:
        """The edges on which messages have come to a node until a moment."""
        return [edge for edge in self.incoming(node) if self.sent_at[edge.child] <= moment]

    def collected(self, node: int, moment: int) -> tuple[Tensor | None, bool]:
        """The sum of the messages that have come to a node until a moment, and whether that is all of them."""
        if self.nodes[node].gradient is None:
            return None, True
        if node == len(self.nodes) - 1:
            seeded = self.moments[moment].kind in ("seed", "backward", "end")
            return (self.result.gradient, True) if seeded else (None, False)
        arrived = self.arrived(node, moment)
        total = sum((self.message(edge) for edge in arrived), torch.zeros(())) if arrived else None
        return total, len(arrived) == len(self.incoming(node))


@dataclass
class Tape:
    """Records a calculation while it is done by torch; the code of what is recorded has {0}, {1} for its inputs."""

    recorded: list[Node] = field(default_factory=list)

    def leaf(self, name: str, value: Tensor, learns: bool = True) -> int:
        """A variable; returns its place. It asks for a gradient if it learns."""
        value = value.detach().clone().requires_grad_(learns)
        self.recorded.append(Node(name, "", "", (), None, value))
        return len(self.recorded) - 1

    def apply(self, sign: str, call: Call, template: str, *parents: int, name: str = "") -> int:
        """Does an operation; returns its place.

        Args:
            template: how it is written, with {0}, {1} for its inputs.
        """
        value = call(*(self.recorded[p].value for p in parents))
        if any(value is self.recorded[p].value for p in parents):
            value = value.view_as(value)  # such as a vector's flatten(): with a gradient of its own
        if value.requires_grad:
            value.retain_grad()
        self.recorded.append(Node(name, sign, template, parents, call, value))
        return len(self.recorded) - 1

    def finish(self) -> Graph:
        """Goes backward from what was done last, a single number that is made of everything before."""
        self.recorded[-1].value.backward()
        names = self._names()
        return Graph(tuple(self._node(one, name, names) for one, name in zip(self.recorded, names, strict=True)))

    def unused(self) -> list[int]:
        """The places of what nothing is made of, but for the last."""
        used = {p for one in self.recorded for p in one.parents}
        return [i for i in range(len(self.recorded) - 1) if i not in used]

    def _names(self) -> list[str]:
        """A name for each node: its own, with a dash more each time it is given again; v1, v2, ... for those without.

        Another letter where the reader has given such names.
        """
        given = [one.name for one in self.recorded]
        letter = next((c for c in "vuqmnk" if not any(n[:1] == c and n[1:].isdigit() for n in given)), "v")
        names, auto = [], count(1)
        for name in given:
            name = name or f"{letter}{next(auto)}"
            while name in names:
                name += "′"
            names.append(name)
        return names

    def _node(self, one: Node, name: str, names: list[str]) -> Node:
        inputs, gradient = [self.recorded[p].value for p in one.parents], one.value.grad
        code = one.code.format(*(names[p] for p in one.parents))
        node = replace(one, name=name, code=code, value=one.value.detach(), gradient=gradient)
        if gradient is None or not one.parents:
            return node
        single = all(v.dim() == 0 and v.is_floating_point() for v in (one.value, *inputs))
        derivatives = _pulled_back(one.call, inputs, torch.ones_like(gradient)) if single else ()
        products = _pulled_back(one.call, inputs, gradient)
        messages = tuple(m if v.requires_grad else None for m, v in zip(products, inputs, strict=True))
        return replace(node, derivatives=derivatives, messages=messages)


def _pulled_back(call: Call, inputs: list[Tensor], upstream: Tensor) -> tuple[Tensor | None, ...]:
    """The gradient by each input of this operation alone, from a gradient by its output; each edge has its own.

    None for an input of whole numbers, which has no derivative.
    """
    own = [value.detach().clone().requires_grad_(value.is_floating_point()) for value in inputs]
    # A gradient handed over as an argument would have torch import sympy: 35 MB, for the same numbers.
    gradients = iter(torch.autograd.grad((call(*own) * upstream).sum(), [v for v in own if v.requires_grad]))
    return tuple(next(gradients) if value.requires_grad else None for value in own)
