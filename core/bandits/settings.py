"""Every parameter of the page on bandits, written once."""

from dataclasses import dataclass

from core.quote import quote
from core.settings import Choice, Integer, Real, Settings, Several, Switch, Text, parameter

ARMS = "ABCDEFGHIJ"  # what an arm is called
N_ARMS = len(ARMS)  # of the testbed
N_RUNS = 2_000  # of the testbed, drawn together
MOST_PULLS = 50  # of the reader
STRATEGIES = {
    "greedy": "Greedy",
    "epsilon": "ε-greedy",
    "decaying": "Decaying ε",
    "optimistic": "Optimistic",
    "ucb": "UCB",
    "gradient": "Gradient",
    "no_baseline": "Gradient, no baseline",
    "thompson": "Thompson",
}
LEARNERS = {
    "greedy": "Greedy: what has paid best",
    "epsilon": "ε-greedy: now and then at random",
    "ucb": "UCB: what it knows least",
    "thompson": "Thompson: what may be best",
}
PARAMETERS = {  # strategy -> the one number that it has
    "epsilon": "epsilon",
    "decaying": "power",
    "optimistic": "first",
    "ucb": "c",
    "gradient": "alpha",
    "no_baseline": "alpha",
    "thompson": "prior",
}
MEASURES = {"reward": "Reward", "optimal": "Best arm", "regret": "Regret"}
VIEWS = {
    "play": "Pull the arms",
    "one_run": "One run",
    "testbed": "2,000 runs",
    "parameters": "How much to explore?",
}
HALVES = tuple(2.0**i for i in range(-7, 3))  # 1/128 to 4, as in the book's figure 2.6


@dataclass(frozen=True)
class PlaySettings(Settings):
    """The arms that the reader pulls, and what has been pulled.

    Raises:
        ValueError: if a letter of `pulls` names no arm.
    """

    arms: int = parameter(4, Integer("Arms", 3, N_ARMS, help="Other arms begin a new game."))
    learner: str = parameter("ucb", Choice("The learner's strategy", LEARNERS))
    seed: int = parameter(9, Integer("Game", 0, 999, help="Fixes the arms and every reward: same game, same numbers."))
    revealed: bool = parameter(False, Switch("Show the true means", help="What each arm really pays on average."))
    pulls: str = parameter(
        "", Text("Your pulls", MOST_PULLS, help="A letter for each pull: AAB is arm A twice, then B.")
    )

    @property
    def letters(self) -> str:
        """The reader's pulls, however they are typed."""
        return self.pulls.upper()

    def __post_init__(self) -> None:
        super().__post_init__()
        allowed = ARMS[: self.arms] + ARMS[: self.arms].lower()
        if wrong := [letter for letter in self.pulls if letter not in allowed]:
            raise ValueError(f"There is no arm {quote(wrong[0])}; allowed: the letters A to {ARMS[self.arms - 1]}.")


@dataclass(frozen=True)
class StrategySettings(Settings):
    """The number of each strategy."""

    epsilon: float = parameter(
        0.1,
        Real("ε, chance of a random arm", 0.0, 1.0, (0.0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0), help="For ε-greedy."),
    )
    power: float = parameter(
        0.5, Real("p in ε = 1 / tᵖ", 0.0, 4.0, (0.0, *HALVES[4:]), help="For decaying ε; t counts the steps.")
    )
    first: float = parameter(
        5.0, Real("First estimate Q₁", 0.0, 20.0, (0.0, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0), help="For optimistic.")
    )
    c: float = parameter(2.0, Real("c, weight of the bonus", 0.0, 8.0, (0.0, *HALVES[3:], 8.0), help="For UCB."))
    alpha: float = parameter(
        0.1, Real("α, step size", 0.001, 4.0, (0.01, 0.02, 0.05, 0.1, 0.2, 0.4, 1.0, 2.0, 4.0), help="For gradient.")
    )
    prior: float = parameter(
        1.0, Real("σ, prior standard deviation", 0.01, 8.0, HALVES[4:] + (8.0,), help="For Thompson.")
    )

    def value(self, strategy: str) -> float:
        """The number of a strategy; 0 for greedy, which has none."""
        return getattr(self, PARAMETERS[strategy]) if strategy in PARAMETERS else 0.0


@dataclass(frozen=True)
class WorldSettings(Settings):
    """The testbed: ten arms whose means are drawn anew for each run."""

    steps: int = parameter(1_000, Integer("Steps of a run", 1, 1_000, (10, 20, 50, 100, 200, 500, 1_000)))
    shift: float = parameter(
        0.0, Real("Raise all means by", -4.0, 4.0, (-4.0, -2.0, 0.0, 2.0, 4.0), help="Moves every reward alike.")
    )
    seed: int = parameter(
        0, Integer("Seed", 0, 999, help="Fixes the arms and all chance: same seed, same numbers, for every strategy.")
    )


@dataclass(frozen=True)
class OneRunSettings(Settings):
    """Which run is watched."""

    strategy: str = parameter("greedy", Choice("Strategy", STRATEGIES))
    run: int = parameter(1, Integer("Run", 1, N_RUNS, unit="of 2,000", help="One of the runs of the next view."))


@dataclass(frozen=True)
class CompareSettings(Settings):
    """What is compared."""

    strategies: tuple[str, ...] = parameter(("greedy", "epsilon", "ucb", "thompson"), Several("Strategies", STRATEGIES))
    runs: int = parameter(N_RUNS, Integer("Runs to average", 1, N_RUNS, (1, 10, 100, 500, N_RUNS)))


@dataclass(frozen=True)
class StudySettings(Settings):
    """How good a look each parameter gets."""

    steps: int = parameter(1_000, Integer("Steps of a run", 1, 1_000, (10, 50, 100, 200, 500, 1_000)))
    runs: int = parameter(200, Integer("Runs to average", 10, 500, (10, 50, 100, 200, 500)))


@dataclass(frozen=True)
class BanditsViewState(Settings):
    """Where the reader looks; changes no run."""

    view: str = parameter("play", Choice("What do you want to see?", VIEWS))
    measure: str = parameter("optimal", Choice("Measure", MEASURES))
    at: int = parameter(1_000, Integer("Step", 0, 1_000))
