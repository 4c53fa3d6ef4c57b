"""The pipelines of the benchmark, as YAML text."""


def document(steps, plugins="bench, std, numbers, sleepy"):
    return f"gantry: 1\nplugins: [{plugins}]\nsteps:\n" + "".join(f"  - {{{step}}}\n" for step in steps)


def over_range(call, end, begin=0, chunk=None, extra="", into=None):
    """A task `a` for each x of a range; `into` is called once with the list of all results."""
    steps = [
        f"id: a, call: {call}, each: {{x: {{range: [{begin}, {end}]}}}}, args: {{x: $x{extra}}}"
        + (f", chunk: {chunk}" if chunk else "")
    ]
    if into:
        steps.append(f"id: total, call: {into}, args: {{values: $a}}")
    return document(steps, "bench, std, numbers")


def there_and_back(size, times):
    """A list of floats made in a worker, then taken and given back so many times."""
    steps = [f"id: s0, call: bench.ramp, args: {{size: {size}}}"]
    steps += [f"id: s{i}, call: bench.scale, args: {{values: $s{i - 1}, factor: 2.0}}" for i in range(1, times + 1)]
    steps.append(f"id: total, call: bench.total, args: {{values: $s{times}}}")
    return document(steps, "bench")


def nap_and_idle(seconds):
    """One worker sleeps, the other has slept and is idle."""
    return document([f"id: naps, call: sleepy.sleep, each: {{s: {{values: [{seconds}, 0.0]}}}}, args: {{seconds: $s}}"],
                    "sleepy")


def chain(steps):
    """s0 = 1, and each step adds one to the step before."""
    texts = ["id: s0, call: bench.increment, args: {x: 0}"]
    texts += [f"id: s{i}, call: bench.increment, args: {{x: $s{i - 1}}}" for i in range(1, steps)]
    return document(texts, "bench")


def join(steps):
    """Many single steps (1, 2, 3 …), and one that takes all their results."""
    texts = [f"id: s{i}, call: bench.increment, args: {{x: {i}}}" for i in range(steps)]
    texts.append("id: total, call: std.sum, args: {values: [" + ", ".join(f"$s{i}" for i in range(steps)) + "]}")
    return document(texts, "bench, std")


def fan(tasks):
    """A step of many tasks that feeds another task by task."""
    return document([
        f"id: a, call: bench.increment, each: {{x: {{range: [0, {tasks}]}}}}, args: {{x: $x}}",
        "id: b, call: bench.increment, each: {x: $a}, args: {x: $x}",
    ], "bench")


def who(tasks, microseconds):
    """Which process runs each task."""
    return document([
        f"id: a, call: bench.whoami, each: {{_i: {{range: [0, {tasks}]}}}}, args: {{microseconds: {microseconds}}}"
    ], "bench")
