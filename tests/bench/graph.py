"""Row 9: many steps, and a step that feeds another task by task."""

import math

import pipelines
from measure import Aside, Contestant, Line

GROWTH = 1.15  # time ~ steps^growth; what is linear comes out at 1, give or take the start and the noise


def steps_and_fan(bench):
    sizes = [bench.size(full, smoke) for full, smoke in ((25_000, 250), (50_000, 500), (100_000, 1_000))]
    shapes = {
        "a chain": (pipelines.chain, lambda steps: f"s{steps - 1} = {steps}\n"),
        "steps feeding one": (pipelines.join, lambda steps: f"total = {steps * (steps + 1) // 2}\n"),
    }
    lines = []
    for name, (pipeline, answer) in shapes.items():
        lines += _shape(bench, name, pipeline, answer, sizes)
    return lines + _fan(bench)


def _shape(bench, name, pipeline, answer, sizes):
    files = {steps: bench.write(f"{pipeline.__name__}-{steps}", pipeline(steps)) for steps in sizes}
    largest, smallest = sizes[-1], sizes[0]
    aside = Aside()

    def growth():
        took = {steps: bench.run(files[steps], expect=answer(steps)).seconds for steps in sizes}
        for steps in sizes:
            aside.put(steps, took[steps])
        return math.log(took[largest] / took[smallest]) / math.log(largest / smallest)

    lines = [Line(9, f"{name}: growth g, time ~ steps^g from {smallest:,} to {largest:,}", "",
                  [Contestant("gantry", growth)], goal=GROWTH, goal_text="linear")]
    lines += [Line(9, f"{name}: {steps:,} steps, whole process", "s", [Contestant("gantry", aside.take(steps))])
              for steps in sizes]
    check = lambda: bench.run(files[largest], verb="check", expect="").seconds
    lines.append(Line(9, f"{name}: check of {largest:,} steps", "s", [Contestant("gantry", check)], goal=2))
    return lines


def _fan(bench):
    tasks = bench.size(1_000_000, 5_000)
    file = bench.write("fan", pipelines.fan(tasks))
    digests = bench.plain("digest", "a", "add", 0, tasks, 1) + bench.plain("digest", "b", "add", 0, tasks, 2)
    return [Line(9, f"a step of {tasks:,} tasks feeding another task by task, each", "tasks/s", [
        Contestant("gantry", lambda: bench.run(file, "-o", "digest", expect=digests).seconds,
                   lambda seconds: tasks / seconds),
    ], goal=0.5e6, more_is_better=True)]
