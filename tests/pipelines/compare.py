#!/usr/bin/env python3
"""Random pipelines, run by gantry and by an oracle of its own: every record is compared, and digests over workers, modes
and kills.

compare.py --gantry PROGRAM --plugin libdice.so [--count N] [--seed S] [--kills] [--only SEED] [--keep FOLDER]
The seed is printed, and taken from GANTRY_TEST_SEED. What differs is printed as a file to run by hand."""
import argparse
import concurrent.futures
import json
import os
import pathlib
import random
import re
import signal
import subprocess
import sys
import tempfile
import time

from functions import FUNCTIONS
from generate import Generator
from language import yaml
from oracle import Oracle, printed
from spoil import spoil

LIMIT = 60  # seconds for one run; more is a hang


class Mismatch(Exception):
    pass


class Case:
    """One pipeline with what becomes of it, in a folder of its own."""

    def __init__(self, seed, options, folder):
        self.random = random.Random(seed)
        self.options = options
        self.folder = folder
        while True:
            kills = options.kills
            # What a task had changed dies with its worker: killed at random, it cannot be made up.
            generator = Generator(self.random, crashes=not kills and self.random.random() < 0.25, changes=not kills)
            self.pipeline = generator.pipeline_of(self.random.randrange(2, 11))
            self.outcomes = Oracle(self.pipeline).run()
            if sum(len(outcome.records) for outcome in self.outcomes.values()) <= 400:
                break
        self.printed = printed(self.pipeline, self.outcomes)
        self.safe = all(FUNCTIONS[step.function].safe for step in self.pipeline.steps)
        if self.random.random() < 0.2:
            spoil(self.pipeline, self.random)
        self.write()

    def write(self):
        (self.folder / "in").mkdir()
        for name in self.pipeline.files:
            (self.folder / name).write_text("")
        (self.folder / "p.yaml").write_text(yaml(self.pipeline, self.options.plugin))

    def words(self, verb, *more):
        words = [self.options.gantry, verb, "p.yaml", *more]
        for name, (text, _) in self.pipeline.overrides.items():
            words += ["--set", f"{name}={text}"]
        return words

    def command(self, words):
        environment = dict(os.environ, **{name: str(value) for name, value in self.pipeline.environment.items()})
        return subprocess.Popen(words, cwd=self.folder, env=environment, stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True)

    def run(self, verb, *more, kills=0):
        words = self.words(verb, *more)
        began = self.command(words)
        try:
            if kills:
                kill_workers(began.pid, kills, self.random)
            out, err = began.communicate(timeout=LIMIT)
        except subprocess.TimeoutExpired:
            os.killpg(began.pid, signal.SIGKILL)
            began.communicate()
            raise Mismatch(f"hangs: {' '.join(words)}") from None
        return began.returncode, out, err, " ".join(words)

    def modes(self):
        workers = self.random.randrange(1, 7)
        mode = self.random.choice(["process", "thread"]) if self.safe else "process"
        return ["-j", str(workers), "--mode", mode]

    # What is compared.

    def compare(self):
        code, _, err, line = self.run("check")
        if code != (3 if self.pipeline.wrong else 0):
            raise Mismatch(f"{line}: exit {code}, made wrong: {self.pipeline.wrong}\n{err}")
        if self.pipeline.wrong:
            code, _, err, line = self.run("run")
            if code != 3:
                raise Mismatch(f"{line}: exit {code} for what check refuses\n{err}")
            return
        if self.options.kills:
            return self.compare_killed()
        first = self.compare_records("id")
        again = self.compare_records("id")
        if first != again:
            raise Mismatch("two runs differ in their bytes")
        if self.random.random() < 0.3:
            self.compare_records("done")
        self.compare_digests()
        self.compare_json()

    def compare_killed(self):
        for _ in range(2):
            self.compare_records("id", "--retries", "40", kills=self.random.randrange(1, 6))

    def compare_records(self, order, *more, kills=0):
        code, out, err, line = self.run("run", "-o", "ndjson", "--order", order, *self.modes(), *more, kills=kills)
        records = [json.loads(one) for one in out.splitlines()]
        seen = {}
        for record in records:
            if "end" not in record:
                seen.setdefault(record["step"], []).extend(one_by_one(record))
        wanted = {name: self.outcomes[name] for name in self.printed if self.outcomes[name].records}
        if seen.keys() != wanted.keys():
            raise Mismatch(f"{line}: printed {sorted(seen)}, not {sorted(wanted)}\n{err}")
        for name, outcome in wanted.items():
            of_step = seen[name]
            if order == "done":
                of_step = sorted(of_step, key=lambda record: record.get("index", 0))
            if len(of_step) != len(outcome.records):
                raise Mismatch(f"{line}: {name} has {len(of_step)} records, not {len(outcome.records)}\n{err}")
            for index, (record, meant) in enumerate(zip(of_step, outcome.records)):
                self.compare_record(line, record, meant, name, index, bool(outcome.step.each))
        failed = any(record.status != "ok" for outcome in self.outcomes.values() for record in outcome.records)
        if code != (1 if failed else 0):
            raise Mismatch(f"{line}: exit {code}\n{err}")
        return out

    def compare_record(self, line, record, meant, name, index, each):
        def differs(what):
            raise Mismatch(f"{line}: {name}[{index}] {what}: {json.dumps(record)}, not {vars(meant)}")
        if record["status"] != meant.status or record.get("index") != (index if each else None):
            differs("status")
        if plain(record["id"]) != (f"{name}[{index}]" if each else name):
            differs("id")
        if meant.status == "ok" and record["value"] != meant.value:
            differs("value")
        if meant.status == "error" and (record["kind"] != meant.kind or meant.message not in (None, record["message"])):
            differs("error")
        if meant.status == "skipped" and plain(record["message"]) != f"{meant.cause} has no value":
            differs("cause")

    def compare_digests(self):
        digests = set()
        for _ in range(2):
            _, out, err, line = self.run("run", "-o", "digest", *self.modes())
            digests.add(out)
        if len(digests) != 1:
            raise Mismatch(f"{line}: digests differ\n" + "\n".join(digests) + err)
        for text in digests.pop().splitlines():
            words = text.split()
            if words[0] not in self.outcomes or "xxh3" not in text:
                continue
            statuses = [record.status for record in self.outcomes[words[0]].records]
            counts = [statuses.count(status) for status in ("ok", "error", "skipped")]
            if [int(words[1]), int(words[3]), int(words[5])] != counts:
                raise Mismatch(f"{line}: {text}, not {counts}")

    def compare_json(self):
        code, out, err, line = self.run("run", "-o", self.random.choice(["json", "text"]), "-j", "2")
        if not out.startswith("{"):
            return
        try:
            steps = json.loads(out)["steps"]
        except json.JSONDecodeError as error:
            raise Mismatch(f"{line}: {error}\n{out}\n{err}") from None
        for name in self.printed:
            outcome = self.outcomes[name]
            values = [record.value if record.status == "ok" else None for record in outcome.records]
            while outcome.step.each and values and outcome.records[len(values) - 1].status == "skipped":
                values.pop()  # a list ends before those at its end that never started
            if name in steps and steps[name] != (values if outcome.step.each else values[0]):
                raise Mismatch(f"{line}: {name} is {steps[name]}, not {values}")


def one_by_one(record):
    """The records of the tasks that a run of tasks without a start stands for."""
    count = record.get("count", 1)
    if count == 1:
        return [record]
    step, first = record["step"], record["index"]
    return [{**record, "index": index, "id": f"{step}[{index}]"} for index in range(first, first + count)]


def plain(text):
    """Without the bound values that follow a task's ID."""
    return re.sub(r"\] \(.*\)(?= has no value$|$)", "]", text)


def kill_workers(host, kills, chance):
    """SIGKILLs to its workers, at moments of its first quarter of a second."""
    for _ in range(kills):
        time.sleep(chance.random() * 0.05)
        workers = []
        for entry in pathlib.Path("/proc").iterdir():
            try:
                if entry.name.isdigit() and f"\nPPid:\t{host}\n" in (entry / "status").read_text():
                    workers.append(int(entry.name))
            except OSError:
                continue
        if workers:
            try:
                os.kill(chance.choice(workers), signal.SIGKILL)
            except ProcessLookupError:
                continue


def compare(seed, options):
    """What is wrong with the pipeline of this seed; nothing: all is as it should be."""
    with tempfile.TemporaryDirectory() as folder:
        case = Case(seed, options, pathlib.Path(folder))
        try:
            case.compare()
        except Mismatch as mismatch:
            return f"seed {seed}: {mismatch}\n{(pathlib.Path(folder) / 'p.yaml').read_text()}"
    return None


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gantry", required=True)
    parser.add_argument("--plugin", required=True)
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--seed", type=int, default=int(os.environ.get("GANTRY_TEST_SEED", random.randrange(10**6))))
    parser.add_argument("--only", type=int, help="the one pipeline of this seed")
    parser.add_argument("--kills", action="store_true")
    parser.add_argument("--jobs", type=int, default=3)
    options = parser.parse_args()
    options.gantry = str(pathlib.Path(options.gantry).resolve())
    options.plugin = str(pathlib.Path(options.plugin).resolve())
    seeds = [options.only] if options.only is not None else [options.seed * 100_000 + i for i in range(options.count)]
    print(f"GANTRY_TEST_SEED={options.seed}: {len(seeds)} pipelines", flush=True)
    wrong = 0
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for found in pool.map(lambda seed: compare(seed, options), seeds):
            if found:
                wrong += 1
                print(found, flush=True)
    print(f"{len(seeds)} pipelines, {wrong} wrong")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
