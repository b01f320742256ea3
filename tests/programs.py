"""What the programs of a page print, run by themselves."""

import json
import subprocess
import sys

from core.program import EXAMPLES

RUN = """
import contextlib, io, json, sys
found = []
for program in json.load(sys.stdin):
    with contextlib.redirect_stdout(io.StringIO()) as said:
        exec(compile(program, "program", "exec"), {"__name__": "__main__"})
    found.append(said.getvalue().splitlines())
print(json.dumps(found))
"""


def printed(programs, folder=EXAMPLES, *options):
    """The lines of each program; all in one process of their own, since importing torch takes most of the time.

    Args:
        programs: their texts.
        folder: where they run; nothing of the app can be imported from there.
        options: of the interpreter.
    """
    command = [sys.executable, *options, "-c", RUN]
    text = json.dumps(list(programs))
    finished = subprocess.run(command, input=text, cwd=folder, capture_output=True, text=True, timeout=300)
    assert finished.returncode == 0, finished.stderr
    return json.loads(finished.stdout)
