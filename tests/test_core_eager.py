"""Optimizers work without the compiler's front end, and whoever needs that still gets it."""

import subprocess
import sys
from pathlib import Path

STEPS = """
import sys
{first}import torch
from torch import optim

for name in ("SGD", "Adam", "AdamW", "LBFGS", "Adafactor", "RAdam", "Rprop"):
    x = torch.tensor([1.0, -2.0], dtype=torch.float64, requires_grad=True)
    made = getattr(optim, name)([x], lr=0.1)
    scheduler = optim.lr_scheduler.CosineAnnealingLR(made, 5)

    def closure():
        made.zero_grad()
        loss = (x**4).sum() + (x[0] * x[1]) ** 2
        loss.backward()
        return loss

    for _ in range(5):
        made.step(closure)
        scheduler.step()
    made.load_state_dict(made.state_dict())
    print(name, x.tolist(), made.param_groups[0]["lr"])
print("sympy" in sys.modules, file=sys.stderr)
"""
FIRST = """
import torch
from core.expression.evaluate import evaluate
from core.expression.torch_language import torch_language
from core.nn import linear
from core.tensors.facts import index_of

linear(2, 3, torch.Generator())  # sympy does not come with a network either,
assert index_of(5, (2, 3)) == (1, 2)  # nor with an index,
assert evaluate("torch.ones(2) > 0", torch_language(torch.Generator()), {}).all()  # nor with the bounds of expressions
"""
LATER = """
x = torch.ones(2, requires_grad=True)
torch.optim.SGD([x], lr=0.1).step()
assert torch._dynamo.config.cache_size_limit > 0
assert "eager" in torch._dynamo.list_backends(exclude_tags=())
double = torch.compile(lambda t: 2 * t, backend="eager")
assert double(torch.ones(2)).tolist() == [2.0, 2.0]
torch.optim.Adam([x], lr=0.1).step()
"""


PARTS = """
import core, torch
import torch._dynamo.config, torch._dynamo.utils
from torch._dynamo import allow_in_graph
torch.optim.SGD([torch.ones(1)], lr=0.1)
"""


def said(program):
    root = Path(__file__).parent.parent
    return subprocess.run([sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=True)


def test_the_steps_are_those_of_plain_torch_and_the_compiler_comes_only_when_it_is_asked_for():
    ours, plain = said(STEPS.format(first=FIRST) + LATER), said(STEPS.format(first=""))
    assert ours.stdout == plain.stdout
    assert ours.stderr.strip() == "False"
    assert plain.stderr.strip() == "True"  # else torch needs no help any more


def test_parts_of_the_real_module_come_first_when_they_are_asked_for_first():
    said(PARTS)
