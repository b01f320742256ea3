"""Parameters of the reinforcement-learning page, each one once."""

from dataclasses import dataclass

from core.quote import quote
from core.reinforcement_learning.map_text import read_map
from core.settings import Choice, Integer, Real, Settings, Text, parameter

VIEWS = {
    "loop": "The loop",
    "planning": "Planning",
    "prediction": "Prediction",
    "learning": "Learning",
    "compare": "Comparing",
    "policy": "A policy network",
}
WORLDS = {
    "cliff": "Cliff walking",
    "lake": "Frozen lake 4 × 4",
    "lake8": "Frozen lake 8 × 8",
    "map": "Your map",
}
SLIPPERY = 2 / 3  # Gymnasium's slippery ice: a third each straight on, to the left and to the right
MAP = "...G/.#.H/S..."  # the grid of Russell and Norvig's chapter on sequential decisions
CORRIDOR = "H..S..G"  # Sutton and Barto's random walk, example 6.2, with −1 at its left end
COIN = "...G/.#.H/SR.."
LONGEST_MAP = 107  # characters: 9 rows of 11 cells
BRUSHES = {
    "look": "Nothing",
    "floor": "Floor",
    "wall": "Wall",
    "pit": "Pit",
    "goal": "Goal",
    "reward": "Reward",
    "start": "Start",
}
POLICIES = {"random": "Any move, at random", "best": "The best moves", "mixed": "The best, 1 in 5 at random"}
METHODS = {"mc": "Monte Carlo", "td": "TD(0)", "n_step": "n-step"}
ALGORITHMS = {"q_learning": "Q-learning", "sarsa": "SARSA", "expected": "Expected SARSA"}
CHANGES = {"none": "Nothing", "pit": "A pit opens on its way", "goal": "The goal moves as far as it can"}
SHOWS = {"learned": "Q, as learned", "exact": "Q*, exact", "visits": "Times made"}
MAX_EPISODES, MAX_UPDATES, MAX_SWEEPS = 1_000, 50_000, 1_000
MAX_MOVES = 60
KEYS = {"u": "up", "d": "down", "l": "left", "r": "right"}
MAX_CELL = 98  # the last of 9 × 11

WORLD = Choice("World", WORLDS)
GAMMA = Real("Discount γ", 0.0, 1.0, (0.0, 0.5, 0.8, 0.9, 0.95, 0.99, 1.0), help="What a reward one step later counts.")
SLIP = Real(
    "Slip",
    0.0,
    0.9,
    (0.0, 0.1, 0.2, 0.4, SLIPPERY),
    help="How often a move goes to its left or right instead, each half of the time. Gymnasium's slippery ice: 2/3.",
)
COST = Real("Step cost", 0.0, 2.0, (0.0, 0.02, 0.04, 0.1, 0.5, 2.0), help="Taken from the reward of every move.")
SEED = Integer("Seed", 0, 999, help="Of every random draw: same seed, same run.")
ALPHA = Real(
    "Step size α", 0.01, 1.0, (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0), help="Which share of the error is corrected."
)


@dataclass(frozen=True)
class MapSettings(Settings):
    """The world that the reader draws; all views share it."""

    map: str = parameter(
        MAP,
        Text(
            "Map",
            LONGEST_MAP,
            help="Rows with / between them: S start, G goal (+1, ends), H pit (−1, ends), R reward (+0.2 at each "
            "visit), # wall, . floor.",
        ),
    )
    brush: str = parameter("look", Choice("A click on the map sets", BRUSHES))

    def __post_init__(self) -> None:
        super().__post_init__()
        read_map(self.map)


@dataclass(frozen=True)
class WorldSettings(Settings):
    """A world, and what its rewards count."""

    world: str = parameter("cliff", WORLD)
    slip: float = parameter(0.0, SLIP)
    step_cost: float = parameter(0.0, COST)
    gamma: float = parameter(1.0, GAMMA)


@dataclass(frozen=True)
class LoopSettings(WorldSettings):
    """What the reader does in the loop."""

    moves: str = parameter("uurr", Text("Your moves", MAX_MOVES, help="u up, d down, l left, r right."))
    seed: int = parameter(0, SEED)

    def __post_init__(self) -> None:
        super().__post_init__()
        wrong = [letter for letter in self.moves if letter not in KEYS]
        if wrong:
            raise ValueError(f"Your moves have {quote(wrong[0])}; allowed: u, d, l and r, for up, down, left and right")


@dataclass(frozen=True)
class PlanningSettings(WorldSettings):
    """Value iteration; it has nothing but the world."""

    world: str = parameter("lake", WORLD)
    slip: float = parameter(SLIPPERY, SLIP)
    gamma: float = parameter(0.99, GAMMA)


@dataclass(frozen=True)
class PredictionSettings(WorldSettings):
    """The value of a given policy, from episodes."""

    world: str = parameter("map", WORLD)
    step_cost: float = parameter(0.04, COST)
    policy: str = parameter("random", Choice("How it moves", POLICIES))
    method: str = parameter("td", Choice("Method", METHODS))
    alpha: float = parameter(0.1, ALPHA)
    n: int = parameter(4, Integer("n of n-step", 2, 16, help="Rewards that are counted before an estimate steps in."))
    episodes: int = parameter(100, Integer("Episodes", 1, 300, (1, 10, 30, 100, 200, 300)))
    seed: int = parameter(0, SEED)


@dataclass(frozen=True)
class LearningSettings(WorldSettings):
    """A table of values that is learned from what happens."""

    algorithm: str = parameter("q_learning", Choice("Algorithm", ALGORITHMS))
    alpha: float = parameter(0.5, ALPHA)
    epsilon: float = parameter(
        0.1, Real("Exploration ε", 0.0, 1.0, (0.0, 0.01, 0.05, 0.1, 0.2, 0.5, 1.0), help="The share of random moves.")
    )
    episodes: int = parameter(500, Integer("Episodes", 1, MAX_EPISODES, (1, 10, 50, 100, 200, 500, 1000)))
    ties: str = parameter("random", Choice("Among equally good moves", {"random": "Any of them", "first": "The first"}))
    change: str = parameter("none", Choice("After half of the episodes", CHANGES))
    seed: int = parameter(2, SEED)


@dataclass(frozen=True)
class CompareSettings(WorldSettings):
    """Two algorithms with the same seeds."""

    one: str = parameter("q_learning", Choice("First algorithm", ALGORITHMS))
    other: str = parameter("sarsa", Choice("Second algorithm", ALGORITHMS))
    alpha: float = parameter(0.5, ALPHA)
    epsilon: float = parameter(
        0.1, Real("Exploration ε", 0.0, 1.0, (0.0, 0.01, 0.05, 0.1, 0.2, 0.5), help="The share of random moves.")
    )
    episodes: int = parameter(500, Integer("Episodes", 10, 500, (10, 50, 100, 200, 500)))
    seeds: int = parameter(30, Integer("Runs at once", 1, 100, (1, 10, 30, 100), help="Each with a seed of its own."))
    seed: int = parameter(0, Integer("First seed", 0, 899, help="The other runs have the seeds after it."))


@dataclass(frozen=True)
class PolicySettings(WorldSettings):
    """A network that says how likely each move is."""

    world: str = parameter("map", WORLD)
    slip: float = parameter(0.2, SLIP)
    gamma: float = parameter(0.95, GAMMA)
    baseline: str = parameter("on", Choice("Baseline", {"on": "On", "off": "Off"}))
    lr: float = parameter(3.0, Real("Learning rate lr", 0.01, 10.0, (0.1, 0.3, 1.0, 3.0, 10.0)))
    batch_size: int = parameter(8, Integer("Episodes a batch", 1, 128, (1, 8, 32, 128)))
    updates: int = parameter(60, Integer("Updates", 1, 150, (1, 10, 30, 60, 150)))
    seed: int = parameter(0, SEED)


@dataclass(frozen=True)
class RewardsViewState(Settings):
    """Where the reader looks; changes no run."""

    view: str = parameter("loop", Choice("What do you want to see?", VIEWS))
    cell: int = parameter(0, Integer("Cell", 0, MAX_CELL, help="Counted along the rows from 0; or click it."))
    sweep: int = parameter(MAX_SWEEPS, Integer("Sweep", 0, MAX_SWEEPS))
    episode: int = parameter(300, Integer("Episode", 0, 300))
    shows: str = parameter(
        "learned", Choice("The map shows", SHOWS, help="Q*: what each move is worth if the best ones follow.")
    )
    at: int = parameter(MAX_UPDATES, Integer("Update", 0, MAX_UPDATES))
    near: int = parameter(
        1, Integer("Update to look at closely", 1, MAX_UPDATES, help="The slider then stops at each one around it.")
    )
    batch: int = parameter(150, Integer("Batch", 0, 150))
