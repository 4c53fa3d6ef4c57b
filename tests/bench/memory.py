"""Rows 7 and 8: memory of an idle worker, and of the host."""

import subprocess
import time
from pathlib import Path

import pipelines
from measure import Aside, Contestant, Failure, Line
from peers import POOLS, PYTHON


def children_of(process):
    children = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it has just gone
        if int(fields[1]) == process:
            children.append(int(stat.parent.name))
    return children


def private_mib(process):
    """Resident, less what is shared with another process at this moment (smaps_rollup), and the proportional share."""
    sizes = {}
    for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()[1:]:
        name, kib = line.split(":")
        sizes[name] = int(kib.split()[0]) / 1024
    return sizes["Rss"] - sizes["Shared_Clean"] - sizes["Shared_Dirty"], sizes["Pss"]


def largest_child(process, count):
    """Private and proportional size: the largest of so many children, once all are there and have come to rest."""
    until = time.monotonic() + 20
    while len(children_of(process)) < count:
        if time.monotonic() > until:
            raise Failure(f"after 20 s there are {len(children_of(process))} workers, not {count}")
        time.sleep(0.01)
    time.sleep(0.4)
    measured = [private_mib(child) for child in children_of(process)]
    return max(private for private, _ in measured), max(share for _, share in measured)


def idle_worker(bench):
    file = bench.write("naps", pipelines.nap_and_idle(1.5))
    aside = Aside()

    def noted(name, run):
        def private():
            size, share = run()
            aside.put(name, share)
            return size

        return Contestant(name, private)

    def ours():
        command = [str(word) for word in bench.command("run", file)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as run:
            sizes = largest_child(run.pid, 2)
            text = run.communicate()[0]
        if run.returncode != 0 or text != "naps[0] = 1.5\nnaps[1] = 0\n":
            raise Failure(f"two naps ended with status {run.returncode} and gave {text!r}")
        return sizes

    def pool(start):
        with subprocess.Popen([PYTHON, str(POOLS), "idle", "0", start], stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE, text=True) as run:
            if run.stdout.readline() != "up\n":
                raise Failure("a Python pool did not come up")
            sizes = largest_child(run.pid, 2)
            run.communicate("\n")
        return sizes

    contestants = [noted("gantry", ours)]
    if bench.peers.wanted:
        contestants += [noted("Pool, forked", lambda: pool("1")), noted("Pool, spawned", lambda: pool("2"))]
    shares = [Contestant(one.name, aside.take(one.name)) for one in contestants]
    return [Line(7, "an idle worker with one plugin: RSS less shared pages", "MiB", contestants, goal=2.5),
            Line(7, "the same: PSS", "MiB", shares)]


def host(bench):
    tasks = bench.size(10_000_000, 20_000)
    consumed = bench.write("consumed", pipelines.over_range("bench.increment", tasks))
    kept = bench.write("kept", pipelines.over_range("bench.increment", tasks, into="std.sum"))
    total = f"total = {bench.plain('sum', 'add', 0, tasks, 1)}"
    some = 3_000_000
    return [
        Line(8, f"host's peak memory, {tasks:,} tasks with u64 results, consumed", "MiB", [
            Contestant("gantry", lambda: bench.run(consumed, "-o", "none", peak=True, expect="").peak_mib),
            *bench.peers.pool_process(f"Pool.map of {some:,}", "map", some, peak=True),
        ], goal=24),
        Line(8, "the same, kept for a sum", "MiB", [
            Contestant("gantry", lambda: bench.run(kept, peak=True, expect=total).peak_mib),
            *bench.peers.pool_process(f"Pool.map of {some:,}", "map", some, peak=True),
        ], goal=112),
    ]
