"""The functions of tests/plugins/dice.cpp once more, and their signatures."""
PRIME = 1_000_003
REQUIRED = object()


class Failed(Exception):
    """A task fails, with this kind; the message is compared if there is one."""

    def __init__(self, kind, message=None):
        super().__init__(kind)
        self.kind = kind
        self.message = message


class Box:
    """What a pinned value is: its users share it."""

    def __init__(self, n):
        self.n = n


def odd(n):
    if n % 2 == 1:
        return n
    raise Failed("even", f"{n} is even")


def summed(values):
    total = 7
    for value in values:
        total = (total * 31 + value) % PRIME
    return total


def remainder(a, b):
    """As C++ does it: towards zero."""
    return a - b * int(abs(a) // b) * (1 if a >= 0 else -1)


def total(entries):
    everything = len(entries)
    for key in sorted(entries):
        everything = (everything * 13 + entries[key] + len(key)) % PRIME
    return everything


def brittle(n, of):
    if of > 0 and n % of == 0:
        raise Failed("crash")
    return n + 1


def shape(x):
    if isinstance(x, str):
        return "str " + x
    return f"i64 {x}" if x < 0 else f"u64 {x}"


def shapes(x):
    if all(isinstance(item, int) for item in x):
        return f"[u64] {len(x)}"
    return "[str]" + "".join(" " + item for item in x)


class Function:
    def __init__(self, parameters, result, run, safe=True):
        self.parameters = parameters  # (name, type, default)
        self.result = result
        self.run = run
        self.safe = safe              # for threads


FUNCTIONS = {
    "add": Function([("a", "u64", REQUIRED), ("b", "u64", 1)], "u64", lambda a, b: (a + b) % 2**64 % PRIME),
    "sum": Function([("values", "[u64]", REQUIRED)], "u64", summed),
    "list": Function([("n", "u64", REQUIRED)], "[u64]", lambda n: [n + i for i in range(n % 6)]),
    "minus": Function([("a", "i64", REQUIRED), ("b", "i64", 4)], "i64", lambda a, b: remainder(a - b, PRIME)),
    "half": Function([("x", "f64", REQUIRED)], "f64", lambda x: x / 2),
    "join": Function([("a", "str", REQUIRED), ("b", "str", "z")], "str", lambda a, b: (a + "." + b)[:40]),
    "maybe": Function([("n", "u64", REQUIRED)], "u64?", lambda n: None if n % 3 == 0 else n),
    "value_or": Function([("x", "u64?", None), ("other", "u64", 9)], "u64",
                         lambda x, other: (other if x is None else x) % PRIME),
    "point": Function([("x", "u64", REQUIRED), ("y", "i64?", None)], "point", lambda x, y: {"x": x, "y": y}),
    "norm": Function([("p", "point", REQUIRED)], "i64",
                     lambda p: p["x"] % PRIME + (-5 if p.get("y") is None else p["y"])),
    "table": Function([("n", "u64", REQUIRED)], "map", lambda n: {f"k{n + i}": i for i in range(n % 4)}),
    "total": Function([("m", "map", REQUIRED)], "u64", total),
    "shape": Function([("x", "any", REQUIRED)], "str", shape),
    "shapes": Function([("x", "any list", REQUIRED)], "str", shapes),
    "odd": Function([("n", "u64", REQUIRED)], "u64", odd),
    "brittle": Function([("n", "u64", REQUIRED), ("of", "u64", 3)], "u64", brittle, safe=False),
    "second": Function([("n", "u64", REQUIRED)], "u64", None, safe=False),  # n + the task's index, by the oracle
    # Pinned values and shared objects are the oracle's own.
    "box": Function([("n", "u64", REQUIRED)], "pin", Box),
    "odd_box": Function([("n", "u64", REQUIRED)], "pin", lambda n: Box(odd(n))),
    "look": Function([("b", "pin", REQUIRED), ("k", "u64", 3)], "u64", lambda b, k: (b.n + k) % PRIME),
    "change": Function([("b", "pin", REQUIRED), ("k", "u64", 3)], "u64", None),
    "feed": Function([("to", "queue", REQUIRED), ("n", "u64", REQUIRED)], "u64", None),
    "drain": Function([("from", "queue", REQUIRED), ("id", "u64", 0)], "u64", None),
    "hit": Function([("hits", "counter", REQUIRED), ("n", "u64", REQUIRED)], "u64", None),
    "count": Function([("hits", "counter", REQUIRED)], "i64", None),
    "mark": Function([("bins", "array", REQUIRED), ("n", "u64", REQUIRED)], "u64", None),
    "bins": Function([("bins", "array", REQUIRED)], "[u64]", None),
}
