"""Random pipelines over the whole language. What it makes is meant to be right, by the types it knows; what data turn
out to hold is left to chance: lists too short, tasks that fail, sources of unequal length."""
from functions import FUNCTIONS, REQUIRED
from language import Pipeline, Plain, Quoted, Ref, Source, Step, Text, references

WORDS = ["red", "a b", "x-1", "", "true", "12", "é", "$5"]
PLAIN_WORDS = ["red", "blue", "word", "e5", "infos", "nano"]

# How often each is tried; the pinned and shared ones have their own makers.
ORDINARY = ["add"] * 4 + ["sum"] * 3 + ["list"] * 2 + ["minus", "half", "join", "join", "maybe", "value_or", "point",
                                                       "norm", "table", "total", "shape", "shapes"] + ["odd"] * 3


class Made:
    """A step as those behind it see it."""

    def __init__(self, step, result):
        self.step = step
        self.result = result
        self.each = bool(step.each)


class Generator:
    def __init__(self, random, crashes=False, changes=True):
        self.random = random
        self.crashes = crashes
        self.changes = changes
        self.pipeline = Pipeline()
        self.made = []
        self.bound = {}   # of the step in the making: name -> type of its elements

    def chance(self, probability):
        return self.random.random() < probability

    def pick(self, items):
        return self.random.choice(list(items))

    def pipeline_of(self, steps):
        self.make_params()
        while len(self.pipeline.steps) < steps:
            kind = self.random.random()
            if kind < 0.07:
                self.make_pinned()
            elif kind < 0.13:
                self.make_shared()
            else:
                names = ORDINARY + (["brittle", "second"] * 2 if self.crashes else [])
                self.make_step(self.pick(names))
        self.settle_outputs()
        return self.pipeline

    # Params and the environment.

    def make_params(self):
        for at in range(self.random.randrange(4)):
            kind = self.pick(["u64", "u64", "str", "u64?", "[u64]"])
            value = self.literal(kind)
            self.pipeline.params[f"p{at}"] = value
            if self.chance(0.4):
                self.override(f"p{at}", kind)
        if self.chance(0.3):
            self.pipeline.environment["DICE_N"] = self.random.randrange(20)
        self.pipeline.files = [f"in/{name}.txt" for name in self.random.sample("abcdefg", self.random.randrange(4))]

    def override(self, name, kind):
        value = self.pick([None, self.random.randrange(30)]) if kind == "u64?" else self.literal(kind)
        if isinstance(value, Quoted):
            text = '"' + value.replace("$", "$$") + '"'
        elif value is None:
            text = self.pick(["null", "~"])
        else:
            text = str(value)
        self.pipeline.overrides[name] = (text, value)

    def params_of(self, wanted):
        for name, value in self.pipeline.params.items():
            override = self.pipeline.overrides.get(name, (None, value))[1]
            if all(self.has_type(one, wanted) for one in (value, override)):
                yield Ref("params", name)
        if wanted == "u64" and self.pipeline.environment:
            yield Ref("env", "DICE_N")

    def has_type(self, value, wanted):
        if wanted == "u64":
            return isinstance(value, int)
        if wanted == "u64?":
            return value is None or isinstance(value, int)
        if wanted == "str":
            return isinstance(value, str)
        return wanted == "[u64]" and isinstance(value, list)

    # Expressions.

    def literal(self, wanted):
        if wanted == "u64":
            return self.random.randrange(30)
        if wanted == "i64":
            return self.random.randrange(-20, 20)
        if wanted == "f64":
            return self.pick([0.5, -2.25, 3.0, 7])
        if wanted == "str":
            return Plain(self.pick(PLAIN_WORDS)) if self.chance(0.4) else Quoted(self.pick(WORDS))
        if wanted == "u64?":
            return None if self.chance(0.3) else self.random.randrange(30)
        if wanted == "i64?":
            return None if self.chance(0.3) else self.random.randrange(-20, 20)
        if wanted == "[u64]":
            return [self.random.randrange(30) for _ in range(self.random.randrange(5))]
        if wanted == "point":
            point = {"x": self.random.randrange(30)}
            if self.chance(0.6):
                point["y"] = self.literal("i64?")
            return point
        assert wanted == "map", wanted
        return {f"k{self.random.randrange(90)}": self.random.randrange(9) for _ in range(self.random.randrange(4))}

    def expression(self, wanted, depth=0):
        if wanted == "any":
            # A result of i64 chooses its own signature, whatever its sign: the twin sees only the value.
            return self.pick([self.expression("u64", 1), self.expression("str", 1), self.random.randrange(-9, 0)])
        if wanted == "any list":
            return self.pick([self.expression("[u64]", 1), [Quoted("7"), Plain("red")], [Plain("e1")], []])
        choices = [*self.bound_of(wanted)] * 4 + [*self.results_of(wanted)] * 2 + [*self.params_of(wanted)]
        if wanted == "u64" and self.bound:
            choices.append(Ref("index"))
        if choices and self.chance(0.75):
            return self.pick(choices)
        if depth < 2 and wanted == "[u64]" and self.chance(0.6):
            return [self.expression("u64", depth + 1) for _ in range(self.random.randrange(4))]
        if depth < 2 and wanted == "str" and self.chance(0.5):
            return self.text()
        if depth < 2 and wanted == "point" and self.chance(0.6):
            return {"x": self.expression("u64", depth + 1), "y": self.expression("i64?", depth + 1)}
        if wanted == "u64?" and self.chance(0.6):
            return self.expression("u64", depth + 1)
        return self.literal(wanted)

    def text(self):
        parts = [Plain(self.pick(["", "n=", "-"]))]
        for _ in range(self.random.randrange(1, 3)):
            of = self.pick(["u64", "str", "i64"])
            refs = [*self.bound_of(of), *self.results_of(of), *self.params_of(of)]
            if refs:
                parts += [self.pick(refs), Plain(self.pick(["", "/"]))]
        return Text(*parts)

    def bound_of(self, wanted):
        for name, kind in self.bound.items():
            if kind == wanted or (kind == "small" and wanted in ("u64", "i64", "f64")):
                yield Ref(name)
            if kind == "group" and wanted == "[u64]":  # a list, but without parts
                yield Ref(name)
            if kind == "u64" and wanted == "u64?":
                yield Ref(name)
            if kind == "point" and wanted == "u64":
                yield Ref(name, "x")
            if kind == "chunk" and wanted == "u64":
                yield Ref(name, self.pick(["begin", "end"]))
            if kind == "[u64]" and wanted == "u64":
                yield Ref(name, self.random.randrange(3))

    def results_of(self, wanted):
        for made in self.made:
            at = [self.random.choice([0, 0, 1, 1, 2, 3, 7])] if made.each else []
            if at and not self.may_be(made, at[0]):
                at = [0]
            if at and not self.may_be(made, 0):
                continue
            if made.result == wanted or (made.result == "u64" and wanted == "u64?"):
                yield Ref(made.step.name, *at)
            if made.result == "[u64]" and wanted == "u64" and self.chance(0.5):
                yield Ref(made.step.name, *at, self.pick([0, 0, 1, 2, 4]))
            if made.result == "point" and wanted == "u64":
                yield Ref(made.step.name, *at, "x")
            if made.result == "u64" and wanted == "[u64]" and made.each:
                yield Ref(made.step.name)

    def may_be(self, made, element):
        """Check refuses an element that it knows is not there."""
        return made.known is None or element < made.known

    # Sources.

    def source(self, wanted=None):
        """A source and the type of its elements."""
        kind = self.random.random()
        lists = [*self.each_steps(), *self.list_results()]
        if lists and kind < 0.45:
            return self.pick(lists)
        if kind < 0.6:
            low, count = self.random.randrange(5), self.random.randrange(5)
            step = self.pick([1, 1, 2, 3])
            numbers = [low, low + count * step]
            return Source("range", numbers + ([step] if step > 1 else [])), "small"
        if kind < 0.66:
            self.bound, outside = {}, self.bound
            begins = [*self.results_of("u64")]
            self.bound = outside
            if begins:  # it may lie behind the end: then there is no element
                return Source("range", [self.pick(begins), self.random.randrange(3, 14)]), "small"
        if kind < 0.72:
            return Source("chunks", [0, self.random.randrange(8), self.random.randrange(1, 4)]), "chunk"
        if kind < 0.78 and self.pipeline.files:
            return Source("files", ["in/*.txt"]), "str"
        if kind < 0.86:
            inner, element = self.source()
            if element == "u64":
                sizes = [self.random.randrange(1, 4)] * 3 + [*self.results_of("u64")][:2]
                return Source("groups", [self.pick(sizes)], inner), "group"
            return inner, element
        if kind < 0.9 and [*self.params_of("[u64]")]:
            return Source("param", [self.pick(self.params_of("[u64]"))]), "u64"
        of = self.pick(["u64", "u64", "str", "i64", "point"])
        self.bound, outside = {}, self.bound
        rows = [self.expression(of, 1) for _ in range(self.random.randrange(5))]
        self.bound = outside
        return Source("values", rows), of

    def each_steps(self):
        for made in self.made:
            if made.each and made.result not in ("pin",):
                yield Source("step", [Ref(made.step.name)]), made.result

    def list_results(self):
        for made in self.made:
            if made.result == "[u64]":
                at = [0] if made.each else []
                if not at or self.may_be(made, 0):
                    yield Source("step", [Ref(made.step.name, *at)]), "u64"

    def known(self, source):
        if source.kind == "values":
            return len(source.values)
        if source.kind == "param":
            name = source.values[0].path[0]
            return len(self.pipeline.overrides.get(name, (None, self.pipeline.params[name]))[1])
        if source.kind == "files":
            return len(self.pipeline.files)
        if source.kind == "step":
            made = next(made for made in self.made if made.step.name == source.values[0].name)
            return made.known if made.each and not source.values[0].path else None
        if source.kind == "groups":
            inner = self.known(source.inner)
            return None if inner is None or isinstance(source.values[0], Ref) else -(-inner // source.values[0])
        if any(isinstance(number, Ref) for number in source.values):
            return None
        low, high, step = [*source.values, 1][:3]
        return max(0, -(-(high - low) // step))

    # Steps.

    def make_step(self, function):
        step = Step(f"s{len(self.pipeline.steps)}", function)
        self.bound = {}
        shape = self.random.random()
        names = 0 if shape < 0.35 else 1 if shape < 0.75 else 2 if shape < 0.93 else 3
        step.zip = names > 1 and self.chance(0.4)
        for at in range(names):
            source, element = self.source()
            if step.zip and not self.may_zip(step, source):
                continue
            step.each["xyz"[at]] = source
            self.bound["xyz"[at]] = element
        step.zip = step.zip and len(step.each) > 0
        self.fill(step)
        self.add(step)

    def may_zip(self, step, source):
        counts = {self.known(one) for one in [*step.each.values(), source]} - {None}
        return len(counts) <= 1

    def fill(self, step, given=()):
        """Arguments for the parameters that have none yet; bound names that nobody uses are called so."""
        step.args.update(given)
        for name, kind, default in FUNCTIONS[step.function].parameters:
            if name not in step.args and (default is REQUIRED or self.chance(0.5)):
                step.args[name] = self.expression(kind)
        used = str([written_refs(value) for value in step.args.values()])
        for name in list(step.each):
            if f"'{name}'" not in used:
                step.each = {("_" + key if key == name else key): value for key, value in step.each.items()}
        if self.chance(0.1) and self.made:
            step.needs.append(self.pick(self.made).step.name)
        if self.chance(0.1) and step.function not in ("box", "odd_box", "feed", "drain", "hit", "mark", "count", "bins"):
            step.settings["chunk"] = self.random.randrange(1, 4)
        if step.function == "second":
            step.settings["retries"] = 1

    def add(self, step):
        made = Made(step, FUNCTIONS[step.function].result)
        counts = [self.known(source) for source in step.each.values()]
        made.known = 1 if not counts else None
        if counts and None not in counts:
            made.known = counts[0]
            for count in counts[1:]:
                made.known = made.known if step.zip else made.known * count
        self.pipeline.steps.append(step)
        self.made.append(made)
        return made

    def make_pinned(self):
        """Boxes, and who looks into them or changes them, step by step."""
        maker = Step(f"s{len(self.pipeline.steps)}", self.pick(["box", "odd_box"]))
        self.bound = {}
        if self.chance(0.7):
            source, element = self.source()
            if element in ("u64", "small"):
                maker.each["x"] = source
                self.bound["x"] = element
        self.fill(maker)
        boxes = self.add(maker)
        used = False
        for _ in range(self.random.randrange(1, 4)):
            user = Step(f"s{len(self.pipeline.steps)}", self.pick(["look", "look", "change"] if self.changes else ["look"]))
            self.bound = {}
            if boxes.each and (self.chance(0.7) or not self.may_be(boxes, 0)):
                user.each["b"] = Source("step", [Ref(maker.name)])
                self.bound["b"] = "pin"
                if self.chance(0.3):
                    user.each["y"] = Source("range", [0, self.random.randrange(1, 4)])
                    self.bound["y"] = "small"
                box = Ref("b")
            else:
                box = Ref(maker.name, *([self.pick([0, 0, 0, 1])] if boxes.each else []))
                if boxes.each and not self.may_be(boxes, box.path[0]):
                    box = Ref(maker.name, 0)
            self.fill(user, {"b": box})
            user.settings.pop("chunk", None)
            self.add(user)
            used = True
        assert used

    def make_shared(self):
        kind = self.pick(["queue", "counter", "array"])
        name = f"o{len(self.pipeline.shared)}"
        self.pipeline.shared[name] = {"queue": "{queue: u64}", "counter": "{counter: 0}", "array": "{array: u64, size: 5}"}[kind]
        put, take, parameter = {"queue": ("feed", "drain", ("to", "from")), "counter": ("hit", "count", ("hits", "hits")),
                                "array": ("mark", "bins", ("bins", "bins"))}[kind]
        writers = []
        for _ in range(self.random.randrange(1, 3)):
            step = Step(f"s{len(self.pipeline.steps)}", put)
            self.bound = {}
            if self.chance(0.7):
                source, element = self.source()
                step.each["x"] = source
                self.bound["x"] = element
            self.fill(step, {parameter[0]: Ref("shared", name)})
            self.add(step)
            writers.append(step.name)
        reader = Step(f"s{len(self.pipeline.steps)}", take)
        self.bound = {}
        reader.args[parameter[1]] = Ref("shared", name)
        if kind != "queue":
            reader.needs = writers
        self.add(reader)

    def settle_outputs(self):
        for made in self.made:
            if made.result != "pin" and self.chance(0.5):
                made.step.settings["output"] = True


def written_refs(expression):
    return [ref.name for ref in references(expression)]
