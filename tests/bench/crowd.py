"""Row 10: many more workers than cores."""

import pipelines
from measure import Contestant, Failure, Line

ROUNDS = 1_000  # of a stir: about a microsecond


def workers(bench):
    tasks = bench.size(1_000_000, 20_000)
    counts = bench.size((64, 256), (4, 8))
    extra = f", rounds: {ROUNDS}"
    file = bench.write("crowd", pipelines.over_range("bench.stir", tasks, extra=extra))
    digest = bench.plain("digest", "a", "stir", 0, tasks, ROUNDS)

    def rate(count):
        one_each = bench.write(f"one-each-{count}", pipelines.over_range("bench.stir", count, chunk=1, extra=extra))
        started = bench.plain("digest", "a", "stir", 0, count, ROUNDS)

        def run():
            """From the first result on: a whole run, less a run with one task for each worker."""
            start = bench.run(one_each, "-o", "digest", workers=count, expect=started).seconds
            whole = bench.run(file, "-o", "digest", workers=count, expect=digest).seconds
            return max(whole - start, 1e-9)

        return Contestant("gantry" if count != 2 else "gantry, 2 workers", run, lambda seconds: tasks / seconds)

    goal = lambda line: 0.8 * line.named("gantry, 2 workers").median()
    lines = [Line(10, f"{tasks:,} tasks of a microsecond, {count} workers, from the first result on", "tasks/s",
                  [rate(count), rate(2)], goal_of=goal, goal_text="0.8 × of 2 workers", more_is_better=True)
             for count in counts]
    return lines + [_starved(bench, count) for count in counts]


def _starved(bench, count):
    """Tasks that sleep a millisecond, so that all workers are up long before the last one starts."""
    tasks = count * bench.size(100, 50)
    file = bench.write(f"who-{count}", pipelines.who(tasks, 1_000))

    def run():
        text = bench.run(file, workers=count).text
        who = [line.rpartition(" = ")[2] for line in text.splitlines()]
        if len(who) != tasks or not all(word.isdigit() for word in who):
            raise Failure(f"{tasks} tasks gave {len(who)} lines, or not a process each")
        return len(set(who))

    return Line(10, f"of {count} workers: how many ran a task", "workers", [Contestant("gantry", run)], goal=count,
                goal_text="all", more_is_better=True)
