"""The programs of the learning rates and of the momentum map print the page's numbers digit for digit."""

from test_examples_gradient_descent import printed

from core.optimizers.hyperparameters import hyperparameters_of
from core.optimizers.rates import RateWork
from core.optimizers.rates_program import rates_lines, rates_program
from core.optimizers.settings import SurfaceSettings
from core.optimizers.stability import StabilitySettings, stability_map
from core.optimizers.stability_program import stability_lines, stability_program
from core.program import EXAMPLES


def swept(surface, steps, *entries):
    work = RateWork(surface, entries, steps)
    while not work.finished:
        work.advance(100)
    return work.run()


def test_programs_print_the_page_s_lines(tmp_path):
    default = swept(SurfaceSettings(), 60, *(hyperparameters_of(name)() for name in ("SGD", "Momentum", "Adam")))
    rough = SurfaceSettings(surface="ackley", x=-3.3, y=2.7)
    other = swept(
        rough,
        30,
        hyperparameters_of("Adam")(weight_decay=0.1, amsgrad=True),
        hyperparameters_of("LBFGS")(),
    )
    sparse = swept(rough, 20, hyperparameters_of("SparseAdam")(), hyperparameters_of("Adafactor")())
    nothing = swept(SurfaceSettings(surface="typed", text="log(-1 - x^2)"), 5, hyperparameters_of("SGD")())
    fallen = swept(SurfaceSettings(surface="saddle", y=0.1), 20, hyperparameters_of("SGD")())
    arrived = swept(SurfaceSettings(surface="booth"), 200, hyperparameters_of("Momentum")())
    saddle = stability_map(SurfaceSettings(surface="saddle"), False)
    deep = stability_map(SurfaceSettings(surface="typed", text="x + 3*sin(x) + y^2", x=0.5), False)
    steep = SurfaceSettings(surface="rosenbrock", x=-1.2, y=1.0)
    second, other_cell = stability_map(steep, True), StabilitySettings(nesterov=True, column=10, row=40)
    cases = [
        (rates_program(default, "Adam"), rates_lines(default, "Adam")),
        (rates_program(other, "LBFGS"), rates_lines(other, "LBFGS")),
        (rates_program(sparse, "SparseAdam"), rates_lines(sparse, "SparseAdam")),
        (rates_program(nothing, "Adam"), rates_lines(nothing, "Adam")),
        (rates_program(fallen, "SGD"), rates_lines(fallen, "SGD")),
        (rates_program(arrived, "SGD"), rates_lines(arrived, "SGD")),
        (stability_program(second, other_cell), stability_lines(second, other_cell)),
        (stability_program(saddle, other_cell), stability_lines(saddle, other_cell)),
        (stability_program(deep, other_cell), stability_lines(deep, other_cell)),
    ]
    paths = []
    for i, (program, _) in enumerate(cases):
        paths.append(tmp_path / f"program_{i}.py")
        paths[-1].write_text(program)
    assert printed(*paths) == [lines for _, lines in cases]


def test_the_examples_in_the_folder_are_the_programs_of_the_defaults():
    sweep = swept(SurfaceSettings(), 1, *(hyperparameters_of(name)() for name in ("SGD", "Momentum", "Adam")))
    rates = rates_program(sweep, "Adam").replace("STEPS = 1\n", "STEPS = 200\n")
    cells = stability_program(stability_map(SurfaceSettings(), False), StabilitySettings())
    for name, program in (("rates", rates), ("stability", cells)):
        text = (EXAMPLES / f"optimizers_{name}.py").read_text()
        assert program.replace(" ** ", "**") == text.replace(" ** ", "**")
