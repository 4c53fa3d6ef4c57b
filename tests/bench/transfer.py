"""Row 6: large lists to a worker and back."""

import pipelines
from measure import Contestant, Line

STEPS = 5


def lists(bench):
    size = bench.size(8_388_608, 65_536)  # f64: 64 MiB
    files = {times: bench.write(f"lists-{times}", pipelines.there_and_back(size, times)) for times in (1, STEPS)}
    totals = {times: f"total = {bench.plain('ramp', size, 2 ** times)}" for times in files}
    gib = 2 * size * 8 / 2**30  # there and back

    def round_trip():
        """What one more step costs, from a run with one and a run with several."""
        one, several = (bench.run(files[times], expect=totals[times]).seconds for times in (1, STEPS))
        return max(several - one, 1e-9) / (STEPS - 1)

    def copies():
        rounds = bench.size(10, 2)
        return float(bench.bare([bench.programs / "bench-loop", "copy", size * 8, rounds]).text)

    rate = lambda seconds: gib / seconds
    return [Line(6, f"{size * 8 / 2**20:g} MiB of f64 to a worker and as many back", "GiB/s", [
        Contestant("gantry", round_trip, rate),
        *bench.peers.pool("concurrent.futures, array('d')", "give-and-take", size, 1, rate, workers=1),
        Contestant("memcpy", copies, rate, bound=True),
    ], goal=3, more_is_better=True)]
