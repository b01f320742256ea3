"""An app served in a process of its own, on a free port, for as long as a benchmark needs it."""

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parent.parent
APP = ROOT / "app.py"
LONGEST_START = 60  # seconds


@dataclass(frozen=True)
class Server:
    """A running server.

    Attributes:
        url: its address, without a slash at the end.
        pid: its process.
        started: `time.perf_counter()` just before the process was started.
        healthy: seconds from then until it answered that it is healthy.
    """

    url: str
    pid: int
    started: float
    healthy: float


@contextmanager
def serve(app: Path, *options: str) -> Iterator[Server]:
    """Starts `streamlit run app` with the settings of this project, and ends it on leaving.

    Raises:
        RuntimeError: with what the server wrote, if it does not start.
    """
    port = _free_port()
    command = [sys.executable, "-m", "streamlit", "run", str(app), "--server.headless=true"]
    command += ["--server.address=127.0.0.1", f"--server.port={port}", *options]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}  # so that an app in another folder finds ours
    with tempfile.TemporaryFile("w+") as log:
        started = time.perf_counter()
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT)
        try:
            if not _wait_until_healthy(f"http://127.0.0.1:{port}", process):
                log.seek(0)
                raise RuntimeError(f"The server did not start. It wrote:\n{log.read()}")
            yield Server(f"http://127.0.0.1:{port}", process.pid, started, time.perf_counter() - started)
        finally:
            process.terminate()
            process.wait(10)


@contextmanager
def serve_text(script: str, *options: str) -> Iterator[Server]:
    """Serves an app that consists of this one script."""
    with tempfile.TemporaryDirectory() as folder:
        app = Path(folder) / "app.py"
        app.write_text(script)
        with serve(app, *options) as server:
            yield server


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait_until_healthy(url: str, process: subprocess.Popen) -> bool:
    until = time.perf_counter() + LONGEST_START
    while time.perf_counter() < until and process.poll() is None:
        try:
            with urlopen(f"{url}/_stcore/health", timeout=5):
                return True
        except (URLError, OSError):
            time.sleep(0.005)
    return False
