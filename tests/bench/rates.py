"""Rows 1 to 4: how many tasks a second, and whole runs against plain loops."""

import pipelines
from measure import Contestant, Line


def per_second(tasks):
    return lambda seconds: tasks / seconds


def triangle(n):
    """The sum of x + 1 for x in [0, n)."""
    return n * (n + 1) // 2


def one_by_one(bench):
    """Each task its own message and outcome (`chunk: 1`)."""
    def checked(tasks):
        file = bench.write(f"one-{tasks}", pipelines.over_range("bench.increment", tasks, chunk=1))
        seconds = bench.run(file, "-o", "digest", expect=bench.plain("digest", "a", "add", 0, tasks, 1)).seconds
        return file, seconds

    tasks = bench.size(50_000, 2_000)
    file, seconds = checked(tasks)
    if not bench.smoke:  # as many as take about two seconds, five million at most
        tasks = int(min(5_000_000, max(tasks, 2 * tasks / seconds)))
        file, _ = checked(tasks)

    peers, many, few = bench.peers, bench.size(2_000_000, 2_000), 20_000
    return [Line(1, f"`x + 1`, {tasks:,} tasks submitted one at a time, 2 workers", "tasks/s", [
        Contestant("gantry", lambda: bench.run(file, "-o", "none", expect="").seconds, per_second(tasks)),
        *peers.program("oneTBB task_group", "bench-tbb", ["tasks", 0, many], triangle(many), per_second(many)),
        *peers.pool("Pool.map, chunksize 1", "map-one", 100_000, triangle(100_000), per_second(100_000)),
        *peers.pool("Pool.apply_async", "apply-async", 50_000, triangle(50_000), per_second(50_000)),
        *peers.pool("concurrent.futures submit", "submit", few, triangle(few), per_second(few)),
        *peers.pool("joblib, batch 1", "joblib", 5_000, triangle(5_000), per_second(5_000), module="joblib"),
        *peers.gnu_parallel(500, per_second(500)),
    ], goal=1e6, more_is_better=True)]


def chunked(bench):
    tasks = bench.size(100_000_000, 100_000)
    file = bench.write("chunked", pipelines.over_range("bench.increment", tasks))
    digest = bench.plain("digest", "a", "add", 0, tasks, 1)
    bench.run(file, "-o", "digest", expect=digest)
    peers, some = bench.peers, 10_000_000

    def pool_map():
        return peers.pool("Pool.map", "map", some, triangle(some), per_second(some), note=f"{some:,} tasks")

    return [
        Line(2, f"`x + 1` over a range of {tasks:,}, `-o none`", "tasks/s", [
            Contestant("gantry", lambda: bench.run(file, "-o", "none", expect="").seconds, per_second(tasks)),
            *pool_map(),
        ], goal=100e6, more_is_better=True),
        Line(2, "the same, `-o digest`", "tasks/s", [
            Contestant("gantry", lambda: bench.run(file, "-o", "digest", expect=digest).seconds, per_second(tasks)),
            *pool_map(),
            *peers.program("the same hashes in a bare loop", "bench-plain", ["digest", "a", "add", 0, tasks, 1],
                           digest.strip(), per_second(tasks), bound=True),
        ], goal=70e6, more_is_better=True),
    ]


def squares(bench):
    end = bench.size(12_000_000, 20_000)
    file, sets = bench.root / "configs" / "squares.yaml", ["--set", f"end={end}"]
    bench.run(file, *sets, "-o", "digest", expect=bench.plain("digest", "squares", "square", 1, end, 0))
    kept = bench.write("squares-kept", pipelines.over_range("numbers.square", end, begin=1, into="bench.sum"))
    total = "total = " + bench.plain("sum", "square", 1, end, 0)
    last, peers = (end - 1) ** 2, bench.peers

    def plain_peers():
        return [
            *peers.program("bare loop filling a vector", "bench-loop", ["squares", 1, end], last),
            *peers.program("two std::threads", "bench-threads", ["squares", 1, end], last),
            *peers.program("oneTBB parallel_for", "bench-tbb", ["squares", 1, end], last),
            *peers.pool("Pool.map", "squares", end, last),
        ]

    return [
        Line(3, f"{end - 1:,} squares, whole process, `-o none`", "s", [
            Contestant("gantry", lambda: bench.run(file, *sets, "-o", "none", expect="").seconds),
            *plain_peers(),
        ], goal_of=lambda line: line.named("bare loop filling a vector").median() + 0.02, goal_text="bare loop + 20 ms"),
        Line(3, "the same, kept as the list argument of a sum", "s", [
            Contestant("gantry", lambda: bench.run(kept, expect=total).seconds),
            *plain_peers(),
        ], goal=0.2),
    ]


def primes(bench):
    low = bench.size(100_000_000, 1_000_000)
    high = bench.size(101_000_000, 1_020_000)
    file, sets = bench.root / "configs" / "primes.yaml", ["--set", f"low={low}", "--set", f"high={high}"]
    answer = bench.plain("primes", low, high).strip()
    threads = "two std::threads"
    return [Line(4, f"primes in [{low:,}, {high:,}), whole process, 2 workers", "s", [
        Contestant("gantry", lambda: bench.run(file, *sets, expect=f"total = {answer}\n").seconds),
        *bench.peers.program(threads, "bench-threads", ["primes", low, high], answer),
        *bench.peers.program("oneTBB parallel_reduce", "bench-tbb", ["primes", low, high], answer),
    ], goal_of=lambda line: line.named(threads).median() / 0.98, goal_text="0.98 × the speed of two threads")]
