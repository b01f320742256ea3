"""How each strategy looks and is called, and steps to check by hand, in all views of the page."""

from collections.abc import Callable

from core.bandits.settings import ARMS, STRATEGIES
from figures.style import BLUE, GREEN, GREY, PURPLE, VERMILLION
from figures.words import fmt, listed

STYLES = {  # strategy -> colour, dash and marker
    "greedy": (GREY, "dot", "x"),
    "epsilon": (BLUE, "solid", "circle"),
    "decaying": (BLUE, "dash", "circle-open"),
    "optimistic": (GREY, "solid", "triangle-up"),
    "ucb": (VERMILLION, "solid", "diamond"),
    "gradient": (PURPLE, "solid", "square"),
    "no_baseline": (PURPLE, "dash", "square-open"),
    "thompson": (GREEN, "dashdot", "star"),
}
SYMBOLS = {"epsilon": "ε", "decaying": "p", "optimistic": "Q₁", "ucb": "c", "thompson": "σ"}
SYMBOLS |= {"gradient": "α", "no_baseline": "α"}
QUANTITIES = {"reward": "reward", "optimal": "share that pulls the best arm", "regret": "regret so far"}


def named(strategy: str, value: float) -> str:
    """UCB (c = 2)."""
    symbol = SYMBOLS.get(strategy)
    return f"{STRATEGIES[strategy]} ({symbol} = {fmt(value)})" if symbol else STRATEGIES[strategy]


def true_mean(size: int) -> dict[str, object]:
    """The mark of what an arm really pays on average: a wide green bar."""
    return {"color": GREEN, "symbol": "line-ew", "size": size, "line": {"color": GREEN, "width": 4}}


def arms_named(arms: list[int]) -> str:
    """Arm B, or arms B and C."""
    return f"arm{'s' * (len(arms) > 1)} {listed([ARMS[arm] for arm in arms])}"


def enough(compute: Callable[..., float], *values: float, decimals: int = 4) -> list[str]:
    """The numbers with as few decimals as lead to the same result when somebody computes with what is shown.

    Returns:
        the numbers, and last the result with `decimals`.
    """
    result = compute(*values)
    for shown in range(decimals, 13):
        rounded = [round(value, shown) for value in values]
        if round(compute(*rounded), decimals) == round(result, decimals):
            break
    return [_short(value, shown) for value in rounded] + [fmt(result, decimals=decimals)]


def _short(value: float, decimals: int) -> str:
    """A number with at most so many decimals, in brackets where it is negative."""
    text = fmt(value, decimals=decimals).rstrip("0").rstrip(".")
    return f"({text})" if value < 0 and text != "0" else text
