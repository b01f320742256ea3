"""The complete programs for the settings on screen, and the lines that they print."""

from core.program import Program, source, with_constants, with_line
from core.reinforcement_learning.compare import PATIENCE, Many
from core.reinforcement_learning.learning import Learned
from core.reinforcement_learning.loop import learner_walk, teacher, your_walk
from core.reinforcement_learning.planning import Plan
from core.reinforcement_learning.policy import PolicyRun
from core.reinforcement_learning.prediction import RANDOM_SHARE, Predicted
from core.reinforcement_learning.settings import KEYS, METHODS, LoopSettings, PlanningSettings, WorldSettings
from core.reinforcement_learning.world import DIRECTIONS, World, make_world

ENVS = {  # the lines that make each of Gymnasium's worlds
    "cliff": (
        'env = gym.make("CliffWalking-v1", is_slippery=False).unwrapped',
        'actions, start = ["up", "right", "down", "left"], 36',
        "is_open = torch.arange(48) < 37",
    ),
    **{
        name: (
            f'env = gym.make("FrozenLake-v1", map_name="{size}", is_slippery=False).unwrapped',
            'actions, start = ["left", "down", "right", "up"], 0',
            'is_open = torch.tensor([letter not in b"GH" for letter in env.desc.ravel()])',
        )
        for name, size in (("lake", "4x4"), ("lake8", "8x8"))
    },
}
TABLE = (
    "table = [[env.P[cell][a][0][1:] for a in range(4)] for cell in range(len(is_open))]",
    "to, reward, ends = (torch.tensor([[move[i] for move in moves] for moves in table]) for i in range(3))",
)
BUILD = '''def build(rows, kinds, floor, back, ways):
    """A world from a map: kinds has the reward of its letters, floor that of any other move."""
    letters, width, table = "".join(rows), len(rows[0]), []
    for cell, letter in enumerate(letters):
        moves = []
        for row, column in ways:
            r, c = cell // width + row, cell % width + column
            inside = 0 <= r < len(rows) and 0 <= c < width and rows[r][c] != "#"
            at = r * width + c if inside and letter not in "GH#" else cell
            falls = back and letters[at] == "H"
            end = letters[at] == "G" or (letters[at] == "H" and not back)
            moves.append((letters.index("S") if falls else at, kinds.get(letters[at], floor), end))
        table.append(moves)
    return [torch.tensor([[move[i] for move in moves] for moves in table]) for i in range(3)]


'''


def _call(world: World) -> str:
    """What builds a world from its map in a program."""
    rules = world.rules
    kinds = {"G": rules.goal, "H": rules.pit, "R": rules.coin}
    ways = [DIRECTIONS[name] for name in rules.actions]
    return f"build({list(world.rows)}, {kinds}, {rules.floor}, {rules.back}, {ways})"


def with_world(name: str, settings: WorldSettings, text: str) -> str:
    """An example with the world, its slip and its step cost written in."""
    program = source(name)
    usual = "lake" if '"FrozenLake-v1"' in program else "cliff"
    if settings.world == "map":
        world = make_world(settings, text)
        lines = (
            f"actions, start = {list(world.rules.actions)}, {world.start}",
            f'is_open = torch.tensor([letter in "S.R" for letter in "{world.letters}"])',
            f"to, reward, ends = {_call(world)}",
        )
        program = program.replace("import gymnasium as gym\n", "")
        old, new = "\n".join((*ENVS[usual], *TABLE)), "\n".join(lines)
    else:
        old, new = "\n".join(ENVS[usual]), "\n".join(ENVS[settings.world])
    if program.count(old) != 1:
        raise ValueError(f"The lines of the world must stand in examples/{name}.py once.")
    program = program.replace(old, new)
    if settings.world == "map":
        program = _with_builder(program)
    constants = {"SLIP": settings.slip, "STEP_COST": settings.step_cost}
    return with_constants(program, constants | ({} if "\nGAMMA = " not in program else {"GAMMA": settings.gamma}))


def _with_builder(program: str) -> str:
    place = "# For each cell and direction"
    return program.replace(place, f"\n{BUILD}{place}", 1)


def planning_program(found: Plan, settings: PlanningSettings, text: str) -> Program:
    """Value iteration."""
    Q, world = found.moves()[found.world.start].tolist(), found.world
    prints = [
        f"{len(found.values) - 1} sweeps, settled: {found.settled}",
        f"V(start) = {found.values[-1, world.start]:.6f}",
        *(f"{name}: {q:.6f}" for name, q in zip(world.rules.actions, Q, strict=True)),
    ]
    return Program(
        "reinforcement_learning_planning", with_world("reinforcement_learning_planning", settings, text), prints
    )


def loop_program(settings: LoopSettings, text: str) -> Program:
    """The reader's moves and the learner's."""
    yours, learner = your_walk(settings, text), learner_walk(settings, text)
    lesson, name = teacher(settings), "reinforcement_learning_loop"
    constants = {
        "MOVES": [KEYS[letter] for letter in settings.moves],
        "ALPHA": lesson.alpha,
        "LEARNER_GAMMA": lesson.gamma,
        "LONGEST": yours.world.rules.longest,
        "SEED": settings.seed,
    }
    prints = [
        f"{who}: {len(walk.rewards)} moves, return {walk.total:.4f}, in cell {walk.cells[-1]}"
        for who, walk in (("you", yours), ("the learner", learner))
    ]
    return Program(name, with_constants(with_world(name, settings, text), constants), prints)


def learning_program(run: Learned, text: str) -> Program:
    """One run of one algorithm, with the change of its world if there is one."""
    settings, name, world = run.settings, "reinforcement_learning_learning", run.world
    constants = {
        key.upper(): getattr(settings, key) for key in ("algorithm", "episodes", "alpha", "epsilon", "ties", "seed")
    }
    program = with_constants(with_world(name, settings, text), constants | {"LONGEST": world.rules.longest})
    if run.changed_at is not None and world is not run.first_world:
        line, begins = "while len(returns) < EPISODES:", "    if len(returns) == EPISODES // 2:  # the world changes"
        then = f"{line}\n{begins}\n        to, reward, ends = {_call(world)}"
        program = with_line(program if settings.world == "map" else _with_builder(program), line, then)
    last = run.returns[-100:].tolist()
    Q = run.tables([run.updates])[0][0, world.start].tolist()
    prints = [
        f"{run.updates} updates in {len(run.returns)} episodes",
        f"mean return of the last {len(last)}: {sum(last) / max(len(last), 1):.3f}",
        *(f"Q(start, {action}) = {q:.4f}" for action, q in zip(world.rules.actions, Q, strict=True)),
    ]
    return Program(name, program, prints)


def compare_program(one: Many, other: Many, text: str) -> Program:
    """All runs of both algorithms."""
    settings, name, first = one.settings, "reinforcement_learning_compare", one.settings.seed
    constants = {
        "ALGORITHMS": [many.settings.algorithm for many in (one, other)],
        "SEEDS": range(first, first + len(one.Q)),
        "EPISODES": settings.episodes,
        "ALPHA": settings.alpha,
        "EPSILON": settings.epsilon,
        "LONGEST": one.world.rules.longest,
        "MOST_MOVES": PATIENCE,
    }
    prints = [
        f"{many.settings.algorithm}: mean return of the last episodes {many.last_mean:.3f}" for many in (one, other)
    ]
    whole = one.whole and other.whole
    return Program(name, with_constants(with_world(name, settings, text), constants), prints if whole else ())


def prediction_program(found: Predicted, text: str) -> Program:
    """The first run with all three methods."""
    settings, name, start = found.settings, "reinforcement_learning_prediction", found.world.start
    constants = {
        "RANDOM_SHARE": RANDOM_SHARE[settings.policy],
        "N": settings.n,
        "EPISODES": settings.episodes,
        "ALPHA": settings.alpha,
        "SEED": settings.seed,
    }
    whole = len(found.updates) == settings.episodes  # else it was stopped
    said = {"mc": "Monte Carlo", "td": "TD(0)", "n_step": "n-step"}
    prints = [
        f"{said[method]}: V(start) = {found.ends[method][start]:.4f}, exactly {found.exact[start]:.4f}"
        for method in METHODS
    ]
    return Program(name, with_constants(with_world(name, settings, text), constants), prints if whole else ())


def policy_program(run: PolicyRun, text: str) -> Program:
    """One training."""
    settings, name, world = run.settings, "reinforcement_learning_policy", run.world
    constants = {key.upper(): getattr(settings, key) for key in ("lr", "batch_size", "updates", "seed")}
    whole = len(run.returns) == settings.updates  # else it was stopped
    chances = run.policies[-1][world.start].tolist()
    prints = [
        f"the last batch returned {run.returns[-1, 0]:.4f} on average",
        *(f"at the start, {a}: {chance:.4f}" for a, chance in zip(world.rules.actions, chances, strict=True)),
    ]
    constants["BASELINE"] = settings.baseline == "on"
    return Program(name, with_constants(with_world(name, settings, text), constants), prints if whole else ())
