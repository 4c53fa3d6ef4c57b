"""The driver: rows → measurements → a table and JSON. Started by tests/bench/run.sh, which builds first."""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import machine
import table
from measure import Failure, Timed, in_turn, stopwatch
from peers import Peers
from rows import ROWS

HERE = Path(__file__).resolve().parent


class Bench:
    """Where everything is, how large the work is to be, and how gantry is run."""

    def __init__(self, build: Path, folder: Path, smoke: bool, peers: bool):
        self.root = HERE.parent.parent
        self.folder = folder
        self.smoke = smoke
        self.programs = build / "bench"
        self.gantry_path = build / "bin" / "gantry"
        self.plugin_path = build / "bench" / "plugins"
        self.peers = Peers(self.programs, peers and not smoke)

    def size(self, full, smoke):
        return smoke if self.smoke else full

    def write(self, name: str, text: str) -> Path:
        path = self.folder / f"{name}.yaml"
        path.write_text(text)
        return path

    def command(self, verb, target, *words, workers=2):
        """gantry's command line; `-j` goes to the verbs that run something."""
        count = [] if verb == "check" else ["-j", workers]
        return [self.gantry_path, verb, target, *words, *count, "--plugin-path", self.plugin_path]

    def run(self, target, *words, workers=2, peak=False, expect=None, verb="run") -> Timed:
        command = self.command(verb, target, *words, workers=workers)
        return stopwatch(self.programs / "bench-stopwatch", command, peak=peak, expect=expect)

    def bare(self, command, expect=None) -> Timed:
        """Another command than gantry."""
        return stopwatch(self.programs / "bench-stopwatch", command, expect=expect)

    def plain(self, *words) -> str:
        """A right answer, from plain C++."""
        return subprocess.run([str(self.programs / "bench-plain"), *map(str, words)],
                              capture_output=True, text=True, check=True).stdout


def row_numbers(text):
    numbers = [int(word) for word in text.split(",")]
    unknown = [number for number in numbers if number not in ROWS]
    if unknown:
        raise argparse.ArgumentTypeError(f"there is no row {unknown[0]}; rows are 1 to {max(ROWS)}")
    return numbers


def parse():
    parser = argparse.ArgumentParser(prog="tests/bench/run.sh", description=__doc__)
    parser.add_argument("--build", type=Path, required=True, help="the build folder")
    parser.add_argument("--smoke", action="store_true", help="tiny sizes, once: that all runs and is right, not how fast")
    parser.add_argument("--rows", type=row_numbers, default=list(ROWS), help="1,3,5: these rows alone")
    parser.add_argument("--repeats", type=int, default=None, help="turns of each contestant (default 5)")
    parser.add_argument("--json", type=Path, help="write every measurement there")
    parser.add_argument("--no-peers", action="store_true", help="leave out what is not our own: Python, GNU Parallel")
    arguments = parser.parse_args()
    arguments.build = arguments.build.resolve()
    if arguments.repeats is None:
        arguments.repeats = 1 if arguments.smoke else 5
    if arguments.repeats < 1:
        parser.error("--repeats must be at least 1")
    return arguments


def touch_memory(bench):
    """So that no contestant pays for pages that its predecessors have not used yet: see peers/loop.cpp."""
    memory = min(8 << 30, machine.available_memory() // 2)
    bench.bare([bench.programs / "bench-loop", "touch", memory, 1])


def measure(arguments, folder):
    bench = Bench(arguments.build, folder, arguments.smoke, not arguments.no_peers)
    described = machine.describe(bench.root, arguments.build)
    if not bench.smoke:
        touch_memory(bench)
    lines = []
    for number in arguments.rows:
        for line in ROWS[number](bench):
            print(f"row {line.row}: {line.work} …", file=sys.stderr, flush=True)
            in_turn(line.contestants, arguments.repeats)
            lines.append(line)
    if bench.smoke:
        check_inprocess(bench)
    return described, lines


def check_inprocess(bench):
    """bench-inprocess is for instructions.sh, which is no test: that it still runs and is right is seen here."""
    tasks = 20_000
    for work in ("one", "range"):
        command = [bench.programs / "bench-inprocess", bench.plugin_path / "libbench.so", work, tasks, "digest"]
        bench.bare(command, expect=bench.plain("digest", "a", "add", 0, tasks, 1))


def main():
    arguments = parse()
    try:
        with tempfile.TemporaryDirectory(prefix="gantry-bench-") as folder:
            described, lines = measure(arguments, Path(folder))
    except Failure as failure:
        sys.exit(f"bench: FAILED: {failure}")
    if arguments.json:
        arguments.json.write_text(json.dumps(table.as_json(lines, described, arguments.smoke), indent=1) + "\n")
    if arguments.smoke:
        print(f"bench: smoke: {len(lines)} lines ran, every answer was right")
    else:
        print(machine.sentence(described), table.as_markdown(lines), sep="\n\n")


if __name__ == "__main__":
    main()
