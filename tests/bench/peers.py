"""Those that gantry is measured against; one that is not installed is a contestant that says so."""

import shutil
import subprocess
import sys
import time
from pathlib import Path

from measure import Contestant, Failure, stopwatch

POOLS = Path(__file__).parent / "peers" / "pools.py"

# Debian's own interpreter, where its packages are, rather than another that comes first on the path.
PYTHON = "/usr/bin/python3" if Path("/usr/bin/python3").exists() else sys.executable


def python_has(module):
    return subprocess.run([PYTHON, "-c", f"import {module}"], capture_output=True).returncode == 0


class Peers:
    def __init__(self, build, wanted):
        self.build = build
        self.wanted = wanted  # False: our own programs alone

    def _foreign(self, name, is_here, run, figure, note=""):
        """Nothing at all if only our own are wanted."""
        if not self.wanted:
            return []
        if not is_here:
            return [Contestant(name, None, figure, note="not here")]
        return [Contestant(name, run, figure, note=note)]

    def program(self, name, program, words, answer, figure=lambda seconds: seconds, bound=False):
        """One of our C++ programs, its whole process."""
        path = self.build / program
        if not path.exists():
            return [Contestant(name, None, figure, note="not here")]
        run = lambda: stopwatch(self.build / "bench-stopwatch", [path, *words], expect=f"{answer}\n").seconds
        return [Contestant(name, run, figure, bound=bound)]

    def pool(self, name, work, n, answer, figure=lambda seconds: seconds, workers=2, module=None, note=""):
        """A work of peers/pools.py, by its own clock."""

        def run():
            words = [PYTHON, str(POOLS), work, str(n), str(workers)]
            done = subprocess.run(words, capture_output=True, text=True)
            if done.returncode != 0:
                raise Failure(f"{' '.join(words)}\n{done.stderr}")
            seconds, got = done.stdout.split()
            if int(got) != answer:
                raise Failure(f"{' '.join(words)}\ngave {got} and not {answer}")
            return float(seconds)

        if not self.wanted:
            return []
        return self._foreign(name, module is None or python_has(module), run, figure, note)

    def pool_process(self, name, work, n, peak=False):
        """The whole process of a work of peers/pools.py: its seconds, or its most memory in MiB."""

        def run():
            command = [PYTHON, POOLS, work, n]
            timed = stopwatch(self.build / "bench-stopwatch", command, peak=peak)
            return timed.peak_mib if peak else timed.seconds

        return self._foreign(name, True, run, lambda measured: measured)

    def gnu_parallel(self, n, figure):
        """x + 1 by the shell, a process for each task."""

        def run():
            began = time.monotonic()
            done = subprocess.run(["parallel", "-j2", "echo $(({}+1))"], capture_output=True, text=True,
                                  input="".join(f"{x}\n" for x in range(n)))
            seconds = time.monotonic() - began
            if done.returncode != 0 or sum(map(int, done.stdout.split())) != n * (n + 1) // 2:
                raise Failure(f"GNU Parallel gave a wrong answer\n{done.stderr}")
            return seconds

        return self._foreign("GNU Parallel", shutil.which("parallel") is not None, run, figure, f"{n} tasks")
