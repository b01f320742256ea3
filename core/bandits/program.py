"""The complete programs for the settings on screen, and the lines that they print."""

from core.bandits.one_run import OneRun
from core.bandits.parameters import Study
from core.bandits.play import Game
from core.bandits.settings import ARMS
from core.bandits.testbed import Curves
from core.program import Program, source, with_constants


def play_program(game: Game) -> Program:
    """Both players' pulls and averages."""
    settings = game.settings
    constants = {"ARMS": settings.arms, "LEARNER": settings.learner, "SEED": settings.seed, "PULLS": settings.letters}
    constants["REVEALED"] = settings.revealed
    sums = (player.totals[-1].item() + 0.0 for player in (game.you, game.learner))
    prints = ["you {:.2f}, the learner {:.2f}".format(*sums)]
    for arm, mean in enumerate(game.means.tolist()):
        prints.append(f"arm {ARMS[arm]}" + f": true mean {mean:.4f}" * settings.revealed)
        for who, player in (("you", game.you), ("the learner", game.learner)):
            prints.append(f"  {who}: pulls {player.counts[arm]}, average {player.estimates[arm]:.4f}")
    return Program("bandits", with_constants(source("bandits"), constants), prints)


def one_run_program(run: OneRun) -> Program:
    """One run as a plain loop."""
    world = run.world
    constants = {"STRATEGY": run.settings.strategy, "VALUE": run.value, "RUN": run.settings.run}
    constants |= {"STEPS": world.steps, "SHIFT": world.shift, "SEED": world.seed}
    rows = zip(ARMS, run.means.tolist(), run.counts[-1].int().tolist(), run.values[-1].tolist(), strict=True)
    prints = [f"arm {arm}: true mean {mean:.4f}, pulls {n}, value {value:.4f}" for arm, mean, n, value in rows]
    prints.append(f"explored in {int(run.explored.sum())} of {world.steps} steps")
    return Program("bandits_one_run", with_constants(source("bandits_one_run"), constants), prints)


def testbed_program(found: list[Curves]) -> Program:
    """All runs of all strategies."""
    world = found[0].world
    constants = {"STRATEGIES": {curves.strategy: curves.value for curves in found}, "RUNS": found[0].runs}
    constants |= {"STEPS": world.steps, "SHIFT": world.shift, "SEED": world.seed}
    prints = []
    for curves in found:
        reward, optimal, regret = (curves.at_the_end(measure) for measure in ("reward", "optimal", "regret"))
        name = curves.strategy
        prints.append(f"{name}: reward {reward:.4f}, best arm {100 * optimal:.2f}%, regret {regret:.2f}")
    return Program("bandits_testbed", with_constants(source("bandits_testbed"), constants), prints)


def parameters_program(found: list[Study]) -> Program:
    """Every value of every strategy."""
    settings, world = found[0].settings, found[0].world
    constants = {"RUNS": settings.runs, "STEPS": settings.steps, "SHIFT": world.shift, "SEED": world.seed}
    prints = []
    for study in found:
        best = " ".join(f"{study.values[place]:g}" for place in study.peaks)
        prints.append(f"{study.strategy}: {max(study.means):.4f} a step with {best}")
    return Program("bandits_parameters", with_constants(source("bandits_parameters"), constants), prints)
