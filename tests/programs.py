"""What the programs of a page print, run by themselves."""

import json
import subprocess
import sys
from functools import cache

from core.program import EXAMPLES

# Importing torch and what its optimizers load takes most of a program's time. On Linux one process has done it and
# forks for every request, so that nothing is left to the next one; elsewhere each request has a process of its own.
SERVER = """
import contextlib, io, json, os, signal, sys, traceback, warnings
import torch._dynamo

def run(programs, folder, warnings_are_errors):
    os.chdir(folder)
    if warnings_are_errors:
        warnings.simplefilter("error")
    for program in programs:
        with contextlib.redirect_stdout(io.StringIO()) as said:
            exec(compile(program, "program", "exec"), {"__name__": "__main__"})
        yield said.getvalue().splitlines()

for request in sys.stdin:
    if sys.platform == "linux" and os.fork():
        _, status = os.wait()
        if status:
            print(json.dumps({"error": f"ended with status {status}"}), flush=True)
        continue
    if sys.platform == "linux":
        signal.alarm(300)  # seconds
    try:
        answer = {"printed": list(run(*json.loads(request)))}
    except BaseException:
        answer = {"error": traceback.format_exc()}
    print(json.dumps(answer), flush=True)
    os._exit(0)
"""


def _start():
    command = [sys.executable, "-c", SERVER]
    return subprocess.Popen(command, cwd=EXAMPLES, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


_server = cache(_start) if sys.platform == "linux" else _start


def printed(programs, folder=EXAMPLES, warnings_are_errors=False):
    """The lines of each program; those of one call run in one process.

    Args:
        programs: their texts.
        folder: where they run; nothing of the app can be imported from there.
        warnings_are_errors: no program may warn.
    """
    server = _server()
    print(json.dumps([list(programs), str(folder), warnings_are_errors]), file=server.stdin, flush=True)
    answer = json.loads(server.stdout.readline())
    assert "error" not in answer, answer["error"]
    return answer["printed"]
