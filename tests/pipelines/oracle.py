"""What becomes of each task: the pipeline evaluated step by step, one task after the other, by the rules of
configs/README.md. It knows nothing of how gantry plans or schedules."""
import math

from functions import FUNCTIONS, PRIME, REQUIRED, Failed
from language import Ref, Source, Text, references


class Record:
    """The outcome of one task."""

    def __init__(self, status, value=None, kind=None, message=None, cause=None):
        self.status = status    # ok, error, skipped
        self.value = value
        self.kind = kind
        self.message = message  # nothing: not compared
        self.cause = cause      # the task, or the step, whose failure this is: its own ID for an error


class Outcome:
    """Of a step."""

    def __init__(self, step):
        self.step = step
        self.records = []
        self.known = None       # the number of tasks, if the file says it
        self.shapeless = False  # it failed, or was skipped, before its number of tasks was known

    def cause(self):
        """Of the lowest task without a value."""
        return next((record.cause for record in self.records if record.status != "ok"), None)


class Lack(Exception):
    """Data has not what an expression asks for."""


class Axis:
    """A bound name's elements."""

    def __init__(self, items, absent):
        self.items = items    # a function of the position, each
        self.absent = absent  # (order of the use, position) -> cause


class Oracle:
    def __init__(self, pipeline):
        self.pipeline = pipeline
        self.params = dict(pipeline.params)
        self.params.update({name: meant for name, (_, meant) in pipeline.overrides.items()})
        self.outcomes = {}
        self.order = 0
        self.queues = {}
        self.counters = {}
        self.arrays = {}
        for name, what in pipeline.shared.items():
            if "queue" in what:
                self.queues[name] = []
            elif "counter" in what:
                self.counters[name] = 0
            else:
                self.arrays[name] = [0] * 5

    def run(self):
        # A queue ends when all who might put have ended: who empties it comes after them.
        late = [step for step in self.pipeline.steps if step.function == "drain"]
        pending = [step for step in self.pipeline.steps if step not in late]
        while pending or late:
            ready = [step for step in pending if self.is_ready(step)]
            if not ready:
                ready = [next(step for step in late if self.is_ready(step))]
                late.remove(ready[0])
                pending.append(ready[0])
            step = ready[0]
            pending.remove(step)
            self.outcomes[step.name] = self.evaluate(step)
        return self.outcomes

    def is_ready(self, step):
        used = [ref.name for source in step.each.values() for ref in references(source)]
        used += [ref.name for value in step.args.values() for ref in references(value)]
        used += step.needs
        steps = {other.name for other in self.pipeline.steps}
        return all(name in self.outcomes for name in used if name in steps and name not in step.each)

    # Sizes.

    def known(self, source):
        """Number of elements, if the file says it."""
        if source.kind == "files":
            return len(self.pipeline.files)
        if source.kind in ("values", "param"):
            return len(self.rows(source))
        if source.kind == "groups":
            inner, size = self.known(source.inner), self.constant(source.values[0])
            return None if inner is None or size is None else math.ceil(inner / size)
        if source.kind == "step":
            outcome = self.outcomes[source.values[0].name]
            return outcome.known if self.takes_all(source.values[0]) else None
        numbers = [self.constant(one) for one in source.values]
        return None if None in numbers else len(spread(source.kind, numbers))

    def rows(self, source):
        return source.values if source.kind == "values" else self.params[source.values[0].path[0]]

    def constant(self, expression):
        if isinstance(expression, Ref):
            return self.params[expression.path[0]] if expression.name == "params" else None
        return expression

    def takes_all(self, ref):
        return bool(self.outcomes[ref.name].step.each) and not ref.path

    # Uses.

    def missing(self, ref):
        """The cause for which what it names has no value; nothing: it has one, or there is no such task."""
        outcome = self.outcomes[ref.name]
        if outcome.shapeless:
            return outcome.cause()
        if not outcome.step.each:
            return outcome.records[0].cause
        if not ref.path:
            return outcome.cause()
        index = ref.path[0]
        return outcome.records[index].cause if index < len(outcome.records) else None

    def steps_in(self, expression, bound):
        return [ref for ref in references(expression) if ref.name in self.outcomes and ref.name not in bound]

    def gates(self, step, streams):
        """The uses that all tasks share, in the order of the file."""
        for source in step.each.values():
            yield from self.gates_of(source, streams)
        for value in step.args.values():
            yield from ((ref, True) for ref in self.steps_in(value, step.each))
        for name in step.needs:
            yield Ref(name), True

    def gates_of(self, source, streams):
        if source.kind in ("range", "chunks"):
            yield from ((ref, True) for ref in self.steps_in(source.values, ()))
        elif source.kind == "groups":
            yield from ((ref, True) for ref in self.steps_in(source.values, ()))
            yield from self.gates_of(source.inner, False)
        elif source.kind == "step" and not streams:
            # Elements that tasks share out: only where not even their number is known do all miss them.
            yield source.values[0], not self.takes_all(source.values[0])
        elif source.kind == "step" and not self.takes_all(source.values[0]):
            yield source.values[0], True

    # Evaluation.

    def evaluate(self, step):
        outcome = Outcome(step)
        streams = step.zip or len(step.each) == 1
        counts = [self.known(source) for source in step.each.values()]
        if not step.each:
            outcome.known = 1
        elif None not in counts:
            outcome.known = counts[0] if step.zip else math.prod(counts)
        cause = self.cause_for_all(step, outcome, streams)
        if cause:
            outcome.shapeless = outcome.known is None
            outcome.records = [Record("skipped", cause=cause) for _ in range(1 if outcome.shapeless else outcome.known)]
            return outcome
        self.order = 0
        try:
            axes = [self.axis(source, streams) for source in step.each.values()]
            if step.zip and len({len(axis.items) for axis in axes}) > 1:
                raise Lack
        except Lack:
            outcome.shapeless = True
            outcome.records = [Record("error", kind="size", cause=step.name)]
            return outcome
        sizes = [len(axis.items) for axis in axes]
        tasks = 1 if not axes else sizes[0] if step.zip else math.prod(sizes)
        for index in range(tasks):
            positions = [index] * len(axes) if step.zip else split(index, sizes)
            outcome.records.append(self.task(step, index, axes, positions))
        return outcome

    def cause_for_all(self, step, outcome, streams):
        for ref, whole in self.gates(step, streams):
            cause = self.missing(ref)
            if cause and (whole or (outcome.known is None and self.outcomes[ref.name].shapeless)):
                return cause
        if outcome.known is None:
            for source in step.each.values():
                if source.kind == "step" and self.takes_all(source.values[0]):
                    producer = self.outcomes[source.values[0].name]
                    if producer.shapeless:
                        return producer.cause()
        return None

    def axis(self, source, streams):
        """Streams come first among the causes, as their elements are looked at as they come."""
        if source.kind in ("range", "chunks"):
            numbers = [self.value(one, "u64", {}, 0) for one in source.values]
            if source.kind == "chunks" and numbers[2] < 1:
                raise Lack
            return Axis([lambda one=one: one for one in spread(source.kind, numbers)], {})
        if source.kind == "files":
            return Axis([lambda one=one: one for one in sorted(self.pipeline.files)], {})
        if source.kind == "groups":
            return self.grouped(source)
        if source.kind in ("values", "param"):
            return self.written_axis(source)
        ref = source.values[0]
        if not self.takes_all(ref):
            items = self.value(ref, "any", {}, 0)
            return Axis([lambda one=one: one for one in items], {})
        records = self.outcomes[ref.name].records
        self.order += 1
        order = self.order if streams else self.order + 1000
        absent = {(order, at): record.cause for at, record in enumerate(records) if record.status != "ok"}
        return Axis([lambda record=record: record.value for record in records], absent)

    def grouped(self, source):
        inner = self.axis(source.inner, False)
        size = self.value(source.values[0], "u64", {}, 0)
        if size < 1:
            raise Lack
        absent = {}
        for (order, at), cause in sorted(inner.absent.items()):
            absent.setdefault((order, at // size), cause)
        items = [lambda first=first: [one() for one in inner.items[first:first + size]]
                 for first in range(0, len(inner.items), size)]
        return Axis(items, absent)

    def written_axis(self, source):
        absent = {}
        rows = self.rows(source)
        for at, row in enumerate(rows):
            for ref in self.steps_in(row, ()):
                self.order += 1
                if cause := self.missing(ref):
                    absent[(self.order + 1000, at)] = cause
        return Axis([lambda row=row: row for row in rows], absent)

    def task(self, step, index, axes, positions):
        own = f"{step.name}[{index}]" if step.each else step.name
        causes = sorted((order, cause) for axis, at in zip(axes, positions)
                        for (order, where), cause in axis.absent.items() if where == at)
        if causes:
            return Record("skipped", cause=causes[0][1])
        try:
            if self.lacks_for_all(step):
                return Record("error", kind="argument", cause=step.name)
            bound = {name: axis.items[at] for name, axis, at in zip(step.each, axes, positions)}
            arguments = self.arguments(step, bound, index)
        except Lack:
            return Record("error", kind="argument", cause=own)
        try:
            return Record("ok", self.call(step, arguments, index))
        except Failed as failure:
            return Record("error", kind=failure.kind, message=failure.message, cause=own)

    def lacks_for_all(self, step):
        """Something that does not depend on the task is not there: no task has arguments."""
        for value in step.args.values():
            for ref in self.steps_in(value, step.each):
                try:
                    self.value(ref, "any", {}, 0)
                except Lack:
                    return True
        return False

    def arguments(self, step, bound, index):
        arguments = {}
        for name, wanted, default in FUNCTIONS[step.function].parameters:
            if name in step.args:
                arguments[name] = self.value(step.args[name], wanted, bound, index)
            elif default is not REQUIRED:
                arguments[name] = default
        return arguments

    def value(self, expression, wanted, bound, index):
        if isinstance(expression, Text):
            return "".join(shown(self.value(part, "any", bound, index)) for part in expression.parts)
        if isinstance(expression, list):
            return [self.value(item, "any", bound, index) for item in expression]
        if isinstance(expression, dict):
            return {key: self.value(item, "any", bound, index) for key, item in expression.items()}
        if not isinstance(expression, Ref):
            return float(expression) if wanted == "f64" else expression
        found = self.referred(expression, bound, index)
        return float(found) if wanted == "f64" else found

    def referred(self, ref, bound, index):
        path = ref.path
        if ref.name == "index":
            return index
        if ref.name == "shared":
            return path[0]
        if ref.name in bound:
            found = self.value(bound[ref.name](), "any", {}, index)
        elif ref.name == "params":
            found, path = self.params[path[0]], path[1:]
        elif ref.name == "env":
            found, path = self.pipeline.environment[path[0]], path[1:]
        else:
            outcome = self.outcomes[ref.name]
            if not outcome.step.each:
                found = outcome.records[0].value
            elif not path:
                return [record.value for record in outcome.records]
            elif path[0] >= len(outcome.records):
                raise Lack
            else:
                found, path = outcome.records[path[0]].value, path[1:]
        for part in path:
            if isinstance(found, list) and part >= len(found):
                raise Lack
            found = found[part]
        return found

    def call(self, step, arguments, index):
        name = step.function
        if name == "second":
            return arguments["n"] + index
        if name == "change":
            box = arguments["b"]
            box.n = (box.n * 3 + arguments["k"]) % PRIME
            return box.n
        if name == "feed":
            self.queues[arguments["to"]].append(arguments["n"])
            return arguments["n"]
        if name == "drain":
            return sum(self.queues[arguments["from"]])
        if name == "hit":
            self.counters[arguments["hits"]] += arguments["n"] % 100
            return arguments["n"]
        if name == "count":
            return self.counters[arguments["hits"]]
        if name == "mark":
            self.arrays[arguments["bins"]][arguments["n"] % 5] += arguments["n"] % 100
            return arguments["n"]
        if name == "bins":
            return list(self.arrays[arguments["bins"]])
        return FUNCTIONS[name].run(*arguments.values())


def split(index, sizes):
    """Positions in a product: the last name is the fastest."""
    positions = []
    for size in reversed(sizes):
        positions.insert(0, index % size)
        index //= size
    return positions


def spread(kind, numbers):
    if kind == "range":
        return list(range(*numbers))
    low, high, size = numbers
    return [{"begin": at, "end": min(at + size, high)} for at in range(low, high, size)]


def shown(value):
    """As it stands in a text."""
    if value is None:
        return "null"
    return str(value)


def printed(pipeline, outcomes):
    """The steps whose results are output."""
    used = set()
    for step in pipeline.steps:
        for expression in [*step.each.values(), *step.args.values()]:
            used.update(ref.name for ref in references(expression) if ref.name in outcomes and ref.name not in step.each)
    return [step.name for step in pipeline.steps if step.settings.get("output", step.name not in used)]
