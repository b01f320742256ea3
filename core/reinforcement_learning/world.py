"""Worlds made of cells: Gymnasium's cliff and lakes from its own tables, and a map that the reader draws."""

from dataclasses import dataclass, replace
from functools import cached_property

import torch
from torch import Tensor

from core.cache import cached
from core.reinforcement_learning.map_text import read_map
from core.reinforcement_learning.settings import MAP, WorldSettings

DIRECTIONS = {"up": (-1, 0), "right": (0, 1), "down": (1, 0), "left": (0, -1)}


@dataclass(frozen=True)
class Rules:
    """What happens at each kind of cell.

    Attributes:
        actions: names of the moves in Gymnasium's order; the neighbours of each in the circle are to its sides.
        floor, goal, pit, coin: rewards of a move that leads there.
        back: whether a pit sends the agent back to the start; else it ends the episode.
        longest: moves after which an episode is cut off.
    """

    actions: tuple[str, ...] = ("up", "right", "down", "left")
    floor: float = 0.0
    goal: float = 1.0
    pit: float = -1.0
    coin: float = 0.2
    back: bool = False
    longest: int = 200


_LAKE = Rules(actions=("left", "down", "right", "up"), pit=0.0, longest=100)  # Gymnasium's own limits: 100 and 200
RULES = {
    "cliff": Rules(floor=-1.0, goal=-1.0, pit=-100.0, back=True, longest=1_000),
    "lake": _LAKE,
    "lake8": replace(_LAKE, longest=200),
    "map": Rules(),
}


@dataclass(frozen=True, eq=False, repr=False)
class World:
    """What each move leads to. A cell is counted along the rows from 0.

    Attributes:
        rows: the map, one text a row, letters as in `map_text.LETTERS`.
        next: the cell to which a step in a direction leads, shape (cells, 4), int64; the directions are the actions.
        reward: what it brings, shape (cells, 4), float64. ends: whether it ends the episode, shape (cells, 4), bool.
        slip: how often a move goes to one of its sides instead, each side half of the time.
    """

    rules: Rules
    rows: tuple[str, ...]
    next: Tensor
    reward: Tensor
    ends: Tensor
    slip: float

    @property
    def shape(self) -> tuple[int, int]:
        return len(self.rows), len(self.rows[0])

    @property
    def letters(self) -> str:
        return "".join(self.rows)

    @property
    def start(self) -> int:
        return self.letters.index("S")

    @property
    def n_cells(self) -> int:
        return len(self.letters)

    @cached_property
    def is_open(self) -> Tensor:
        """Where the agent can stand and choose a move, shape (cells,)."""
        return torch.tensor([letter in "S.R" for letter in self.letters])

    @property
    def chances(self) -> tuple[float, float, float]:
        """Of a step in the direction of the move, in that before it in the circle, in that after it."""
        return 1 - self.slip, self.slip / 2, self.slip / 2

    def outcomes(self, cell: int, action: int) -> list[tuple[float, int, float, bool]]:
        """Probability, next cell, reward and whether it ends, of whatever a move may lead to."""
        found = []
        for chance, turn in zip(self.chances, (0, -1, 1), strict=True):
            way = (action + turn) % 4
            if chance > 0:
                found.append(
                    (chance, int(self.next[cell, way]), float(self.reward[cell, way]), bool(self.ends[cell, way]))
                )
        return found


def build(rows: tuple[str, ...], rules: Rules, slip: float = 0.0, step_cost: float = 0.0) -> World:
    """A world by its rules: whoever walks into a wall or out of the map stays where they are."""
    (n_rows, n_columns), letters = (len(rows), len(rows[0])), "".join(rows)
    rewards = {"G": rules.goal, "H": rules.pit, "R": rules.coin}
    n = len(letters)
    to, reward, ends = torch.zeros(n, 4, dtype=torch.int64), torch.zeros(n, 4).double(), torch.zeros(n, 4).bool()
    for cell in range(n):
        row, column = divmod(cell, n_columns)
        for a, name in enumerate(rules.actions):
            r, c = row + DIRECTIONS[name][0], column + DIRECTIONS[name][1]
            inside = 0 <= r < n_rows and 0 <= c < n_columns
            there = r * n_columns + c if inside and rows[r][c] != "#" else cell
            if letters[cell] in "GH#":  # nobody moves from here
                to[cell, a], ends[cell, a] = cell, True
                continue
            letter = letters[there]
            falls = letter == "H" and rules.back
            to[cell, a] = letters.index("S") if falls else there
            reward[cell, a] = rewards.get(letter, rules.floor) - step_cost
            ends[cell, a] = letter == "G" or (letter == "H" and not rules.back)
    return World(rules, rows, to, reward, ends, slip)


@cached
def make_world(settings: WorldSettings, text: str = MAP) -> World:
    """The world of the settings.

    Args:
        text: the reader's map; counts only where the settings say so.
    """
    if settings.world == "map":
        return build(read_map(text), RULES["map"], settings.slip, settings.step_cost)
    return from_gymnasium(settings.world, settings.slip, settings.step_cost)


def from_gymnasium(name: str, slip: float, step_cost: float) -> World:
    """One of Gymnasium's toy worlds, read from its transition table without slip.

    Source: https://gymnasium.farama.org/environments/toy_text/
    """
    # Imported here: few visitors come to a view that needs it.
    from gymnasium.envs.toy_text.cliffwalking import CliffWalkingEnv
    from gymnasium.envs.toy_text.frozen_lake import FrozenLakeEnv

    if name == "cliff":
        env = CliffWalkingEnv(is_slippery=False)
        n_rows, n_columns = env.shape
        rows = ("." * n_columns,) * (n_rows - 1) + ("S" + "H" * (n_columns - 2) + "G",)
    else:
        env = FrozenLakeEnv(map_name={"lake": "4x4", "lake8": "8x8"}[name], is_slippery=False)
        rows = tuple("".join(letter.decode() for letter in row).replace("F", ".") for row in env.desc)
    moves = [[env.P[cell][a][0][1:] for a in range(4)] for cell in range(len(env.P))]
    to, reward, ends = ([[move[i] for move in four] for four in moves] for i in range(3))
    costs = torch.tensor([0.0 if letter in "GH" else step_cost for letter in "".join(rows)], dtype=torch.float64)
    reward = torch.tensor(reward, dtype=torch.float64) - costs[:, None]
    return World(RULES[name], rows, torch.tensor(to), reward, torch.tensor(ends), slip)


def reachable(world: World) -> Tensor:
    """Which cells the agent can come to from the start, itself included; shape (cells,), bool."""
    found = torch.zeros(world.n_cells, dtype=torch.bool)
    found[world.start] = True
    while True:
        standing = (found & world.is_open).nonzero().flatten()
        wider = found.clone()
        wider[world.next[standing].flatten()] = True
        if torch.equal(wider, found):
            return found
        found = wider


def distances(world: World, cell: int) -> list[int]:
    """Steps from each open cell to one cell without slip, around walls and pits; −1 where there is no way."""
    steps, frontier, count = {cell: 0}, [cell], 0
    row_length = world.shape[1]
    while frontier:
        count += 1
        around = [(divmod(at, row_length), move) for at in frontier for move in DIRECTIONS.values()]
        near = {(r + dr, c + dc) for (r, c), (dr, dc) in around}
        inside = [r * row_length + c for r, c in near if 0 <= r < world.shape[0] and 0 <= c < row_length]
        frontier = [at for at in inside if at not in steps and world.is_open[at]]
        steps |= dict.fromkeys(frontier, count)
    return [steps.get(at, -1) for at in range(world.n_cells)]


def trouble(world: World) -> str:
    """Why no episode of this world can end well: "no goal", "closed in", "unreachable"; "" where one can."""
    goals = [cell for cell, letter in enumerate(world.letters) if letter == "G"]
    if not goals:
        return "no goal"
    found = reachable(world)
    if any(found[goal] for goal in goals):
        return ""
    return "closed in" if found.sum() == 1 else "unreachable"


def shortest(world: World) -> int | None:
    """How many moves the shortest way to a goal takes without slip; None where there is none."""
    goals = [cell for cell, letter in enumerate(world.letters) if letter == "G"]
    found = [distances(world, goal)[world.start] for goal in goals]
    return min((steps for steps in found if steps > 0), default=None)


def place(world: World, cell: int) -> str:
    """Where a cell lies, as people count: from 1, from the top left."""
    row, column = divmod(cell, world.shape[1])
    return f"row {row + 1}, column {column + 1}"
