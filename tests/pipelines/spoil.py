"""A right pipeline with one thing made wrong, so that check must refuse it."""
from language import Plain, Quoted, Ref, Source, Step


def unknown_step(pipeline, random):
    random.choice(pipeline.steps).needs.append("nobody")


def unknown_function(pipeline, random):
    random.choice(pipeline.steps).function = "nothing"


def unknown_parameter(pipeline, random):
    random.choice(pipeline.steps).args["surplus"] = 1


def same_name(pipeline, random):
    pipeline.steps.append(extra("add", {"a": 1}, pipeline.steps[0].name))


def cycle(pipeline, random):
    step = random.choice(pipeline.steps)
    step.needs.append(step.name)


def unused_name(pipeline, random):
    step = extra("add", {"a": 1})
    step.each["x"] = Source("range", [0, 2])
    pipeline.steps.append(step)


def text_for_number(pipeline, random):
    pipeline.steps.append(extra("add", {"a": random.choice([Quoted("5"), Plain("five"), -1, 2**64, 0.5, None])}))


def lost_number(pipeline, random):
    """What no signature of numbers takes must not become text."""
    wrong = random.choice(["+3", "003", "0x3", "1e999", "1.5", "-", ".5x", "nan", "Infinity", "-inf", "3 apples"])
    if random.random() < 0.5:
        pipeline.steps.append(extra("shape", {"x": Plain(wrong)}))
    else:
        pipeline.steps.append(extra("shapes", {"x": [Quoted("a"), Plain(wrong.replace(",", ""))]}))


def mixed_list(pipeline, random):
    pipeline.steps.append(extra("shapes", {"x": random.choice([[1, Plain("a")], [Quoted("1"), 2], [Plain("b"), 3]])}))


def no_such_result(pipeline, random):
    made = extra("add", {"a": Ref("index")}, "made")
    made.each["_x"] = Source("range", [0, 2])
    pipeline.steps += [made, extra("add", {"a": Ref("made", 2)})]


def unequal_zip(pipeline, random):
    step = extra("add", {"a": Ref("x"), "b": Ref("y")})
    step.each = {"x": Source("range", [0, 2]), "y": Source("values", [1, 2, 3])}
    step.zip = True
    pipeline.steps.append(step)


def extra(function, args, name="extra"):
    step = Step(name, function)
    step.args = args
    return step


WAYS = [unknown_step, unknown_function, unknown_parameter, same_name, cycle, unused_name, text_for_number, lost_number,
        lost_number, mixed_list, no_such_result, unequal_zip]


def spoil(pipeline, random):
    way = random.choice(WAYS)
    way(pipeline, random)
    pipeline.wrong = way.__name__
