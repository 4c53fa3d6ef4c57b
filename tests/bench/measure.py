"""Runs commands through bench-stopwatch, in turn, and keeps every single measurement."""

import json
import statistics
import subprocess
import time
from dataclasses import dataclass, field
from typing import Callable, Optional

PATIENCE = 15.0  # seconds that one peer may take before it gets no further turns


class Failure(Exception):
    """A run that failed, or a wrong answer: the whole benchmark has failed."""


@dataclass
class Timed:
    seconds: float  # start to end of the process
    first: float  # start to its first byte on stdout
    peak_mib: float  # most memory of that process alone, if asked for
    text: str  # what it wrote to stdout


@dataclass
class Contestant:
    """Somebody who does the work of a line. `run` does it once and returns what was measured."""

    name: str
    run: Optional[Callable[[], float]]  # None: not here
    figure: Callable[[float], float] = lambda measured: measured  # in the line's unit
    bound: bool = False  # no peer: what the machine itself allows
    note: str = ""
    samples: list = field(default_factory=list)
    turns_seconds: float = 0.0

    def median(self):
        return self.figure(statistics.median(self.samples)) if self.samples else None


@dataclass
class Line:
    """One line of the table. The first contestant is gantry."""

    row: int
    work: str
    unit: str
    contestants: list
    goal: Optional[float] = None  # in the unit
    goal_of: Optional[Callable[["Line"], float]] = None  # a goal that depends on what a peer reached
    goal_text: str = ""
    more_is_better: bool = False

    def named(self, name):
        return next(one for one in self.contestants if one.name == name)

    def target(self):
        return self.goal_of(self) if self.goal_of else self.goal


class Aside:
    """What a run measures beside its own line: later lines take it, turn by turn, without another run."""

    def __init__(self):
        self._kept = {}

    def put(self, key, measured):
        self._kept.setdefault(key, []).append(measured)

    def take(self, key):
        return lambda: self._kept[key].pop(0) if self._kept.get(key) else None


def stopwatch(program, command, peak=False, expect=None):
    """Runs the command; a failure, or another text on stdout than expected, ends the benchmark."""
    words = [str(program), *(["--peak"] if peak else []), *map(str, command)]
    done = subprocess.run(words, capture_output=True, text=True)
    shown = " ".join(map(str, command))
    if done.returncode != 0:
        raise Failure(f"{shown}\n{done.stderr}")
    head, _, text = done.stdout.partition("\n")
    seen = json.loads(head)
    if seen["status"] != 0:
        raise Failure(f"{shown}\nended with status {seen['status']}\n{text}{done.stderr}")
    if expect is not None and text != expect:
        raise Failure(f"{shown}\ngave {text[:300]!r} and not {expect[:300]!r}")
    return Timed(seen["seconds"], seen["first"], seen["peak_kib"] / 1024, text)


def in_turn(contestants, repeats):
    """A B A B …: what disturbs the machine disturbs all. gantry takes every turn; slow peers run out of patience."""
    for _ in range(repeats):
        for position, one in enumerate(contestants):
            if one.run is None or (position > 0 and one.turns_seconds > PATIENCE):
                continue
            began = time.monotonic()
            measured = one.run()
            if measured is not None:
                one.samples.append(measured)
            one.turns_seconds += time.monotonic() - began
