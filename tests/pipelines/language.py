"""What a pipeline is made of, as the generator builds it and the oracle reads it, and how it is written as YAML."""
import json


class Plain(str):
    """A text without quotes."""


class Quoted(str):
    """A text in quotes."""


class Ref:
    """$name.path: of params, env, the index, a bound name, a step."""

    def __init__(self, name, *path):
        self.name = name
        self.path = list(path)

    def text(self):
        return ".".join([self.name, *map(str, self.path)])


class Text:
    """A str put together: texts, and references shown as text."""

    def __init__(self, *parts):
        self.parts = list(parts)


class Source:
    """Where the elements of a bound name come from."""

    def __init__(self, kind, values=(), inner=None):
        self.kind = kind            # range, chunks, values, param (whose list it is), step, files, groups
        self.values = list(values)  # numbers; written elements; the one reference; the pattern
        self.inner = inner          # groups: of what


class Step:
    def __init__(self, name, function):
        self.name = name
        self.function = function
        self.each = {}          # bound name -> Source
        self.zip = False
        self.args = {}          # parameter -> expression
        self.needs = []
        self.settings = {}      # retries, chunk, output


class Pipeline:
    def __init__(self):
        self.params = {}        # name -> literal, as the file says it
        self.overrides = {}     # name -> (text of --set, what it means)
        self.environment = {}
        self.files = []
        self.shared = {}        # name -> declaration
        self.steps = []
        self.wrong = None       # what was made wrong on purpose


def references(expression):
    """All of them, in the order written."""
    if isinstance(expression, Ref):
        yield expression
    elif isinstance(expression, Text):
        for part in expression.parts:
            yield from references(part)
    elif isinstance(expression, list):
        for item in expression:
            yield from references(item)
    elif isinstance(expression, dict):
        for item in expression.values():
            yield from references(item)
    elif isinstance(expression, Source):
        if expression.kind == "groups":  # the size stands before the source in the order of uses
            yield from references(expression.values)
            yield from references(expression.inner)
        elif expression.kind != "files":
            yield from references(expression.values)


def written(expression):
    """As YAML, in flow style."""
    if expression is None:
        return "null"
    if isinstance(expression, bool):
        return "true" if expression else "false"
    if isinstance(expression, Ref):
        return "$" + expression.text()
    if isinstance(expression, Text):
        inner = "".join("${" + part.text() + "}" if isinstance(part, Ref) else str(part) for part in expression.parts)
        return json.dumps(inner)
    if isinstance(expression, Plain):
        return str(expression)
    if isinstance(expression, str):
        return json.dumps(str(expression).replace("$", "$$"))
    if isinstance(expression, list):
        return "[" + ", ".join(map(written, expression)) + "]"
    if isinstance(expression, dict):
        return "{" + ", ".join(f"{key}: {written(value)}" for key, value in expression.items()) + "}"
    if isinstance(expression, Source):
        return written_source(expression)
    return repr(expression)


def written_source(source):
    if source.kind == "step":
        return written(source.values[0])
    if source.kind == "files":
        return "{files: " + json.dumps(source.values[0]) + "}"
    if source.kind == "groups":
        return f"{{groups: [{written(source.inner)}, {written(source.values[0])}]}}"
    if source.kind == "param":
        return f"{{values: {written(source.values[0])}}}"
    return f"{{{source.kind}: {written(source.values)}}}"


def yaml(pipeline, plugin):
    lines = ["gantry: 1", f"plugins: [{plugin}]"]
    if pipeline.params:
        lines.append("params: " + written(pipeline.params))
    if pipeline.shared:
        lines.append("shared: {" + ", ".join(f"{name}: {what}" for name, what in pipeline.shared.items()) + "}")
    lines.append("steps:")
    for step in pipeline.steps:
        lines.append(f"- id: {step.name}")
        lines.append(f"  call: dice.{step.function}")
        if step.each:
            kind = "zip" if step.zip else "each"
            lines.append(f"  {kind}: {written(step.each)}")
        if step.args:
            lines.append("  args: " + written(step.args))
        if step.needs:
            lines.append("  needs: [" + ", ".join(step.needs) + "]")
        lines.extend(f"  {name}: {written(value)}" for name, value in step.settings.items())
    return "\n".join(lines) + "\n"
