"""Row 5: how long a start takes."""

import statistics

import pipelines
from measure import Contestant, Failure, Line


def median_of(times, run):
    """One sample is a median itself: single starts scatter."""
    return statistics.median(run() for _ in range(times))


def call_and_first(bench):
    times = bench.size(15, 1)
    two = bench.write("two", pipelines.over_range("bench.increment", 2))
    words = ["--order", "done"]
    peers = bench.peers

    def call():
        return bench.run("bench.increment", "x=41", workers=1, verb="call", expect="42\n").seconds

    def first():
        timed = bench.run(two, *words)
        if sorted(timed.text.splitlines()) != ["a[0] = 1", "a[1] = 2"]:
            raise Failure(f"two tasks gave {timed.text!r}")
        return timed.first

    return [
        Line(5, "`gantry call` of a trivial function, whole process", "s", [
            Contestant("gantry", lambda: median_of(times, call)),
            *peers.pool_process("Pool(1).apply", "call", 1),
            *peers.pool_process("concurrent.futures submit", "first", 1),
            Contestant("fork and exec of `true`", lambda: median_of(times, lambda: bench.bare(["true"]).seconds),
                       bound=True),
        ], goal=0.006),
        Line(5, "start to first result on stdout, 2 workers", "s", [
            Contestant("gantry", lambda: median_of(times, first)),
            *peers.pool("concurrent.futures, its pool alone", "first", 1, 2),
        ], goal=0.004),
    ]
