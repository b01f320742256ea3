"""What nobody needs any more leaves the process."""

import platform
import subprocess
import sys
from pathlib import Path

import pytest
from visitor import visit

# Holes of two megabytes, each pinned by a small tensor that stays, as the error maps of a run make them.
HOLES = """
import ui.memory, torch
from pathlib import Path

def resident():
    line = next(l for l in Path("/proc/self/status").read_text().splitlines() if l.startswith("VmRSS"))
    return int(line.split()[1]) / 1000

weights = torch.ones(2, 128)
def small():
    return (torch.ones(4000, 2) @ weights).relu()[:, 0].clone()

small()
before = resident()
kept = [small() for _ in range(60)]
print(resident() - before)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="mends how glibc keeps memory")
def test_freed_tensors_leave_no_holes_behind():
    root = Path(__file__).parent.parent
    printed = subprocess.run([sys.executable, "-c", HOLES], cwd=root, capture_output=True, text=True, check=True).stdout
    assert float(printed) < 30  # MB; about 120 with glibc's own threshold


def test_a_session_forgets_the_widgets_of_a_page_that_it_has_left():
    def widgets():
        return {name for name in at.session_state._state._state._new_widget_state.widget_metadata if "tensors" in name}

    at = visit("tensors")
    shown = widgets()
    for other in ("home", "perceptron"):  # on the first, the browser still sends the values of the page before
        at.switch_page(f"pages/{other}.py").run()
    assert len(shown) > 10
    assert widgets() == set()
    at.switch_page("pages/tensors.py").run()
    assert widgets() == shown
