"""Row 11: the SHA-256 of real files, against sha256sum."""

import random
import shutil
import subprocess

from measure import Contestant, Failure, Line

ODD_NAMES = ["-n", " lead", "a b", "a", "new\nline", "quote'\"`", "back\\slash", "größe 漢字", "$HOME ${x}", "*?[a]", "tab\t"]


def _sizes(files, largest):
    """Some empty, most of them small, one large."""
    dice = random.Random(11)
    small = [0 if i % 20 == 0 else int(2 ** dice.uniform(0, 18)) for i in range(files - 1)]
    return [largest, *small]


def _grow(tree, files, largest):
    """The paths of a tree of so many files, ascending by their bytes."""
    dice = random.Random(12)
    paths = []
    for i, size in enumerate(_sizes(files, largest)):
        folder = tree / f"{i % 7}" / f"{i % 3} odd"
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / (ODD_NAMES[i] if i < len(ODD_NAMES) else f"{i}.bin")
        path.write_bytes(dice.randbytes(size))
        paths.append(path)
    return sorted(paths, key=lambda path: bytes(path))


def files(bench):
    count = bench.size(1_000, 60)
    largest = bench.size(200_000_000, 2_000_000)
    tree = bench.folder / "tree"
    paths = _grow(tree, count, largest)
    listed = bench.folder / "paths"
    listed.write_bytes(b"".join(bytes(path) + b"\0" for path in paths))
    told = subprocess.run(["xargs", "-0", "-a", listed, "sha256sum"], capture_output=True, text=True,
                          check=True).stdout.splitlines()
    sums = [line.removeprefix("\\")[:64] for line in told]  # a backslash says that the name is written with escapes
    expected = "".join(f'sums[{i}] = "{digest}"\n' for i, digest in enumerate(sums))
    pipeline = bench.root / "configs" / "checksum.yaml"

    def ours():
        return bench.run(pipeline, "--set", f"files={tree}/**/*", expect=expected).seconds

    def xargs(right, *command):
        """Which of two processes writes first is open; each writes whole lines."""

        def run():
            timed = bench.bare(["xargs", "-0", "-a", listed, "-P2", *command])
            if not right(timed.text):
                raise Failure(f"xargs -P2 {' '.join(command)} gave other sums")
            return timed.seconds

        return run

    same_lines = lambda text: sorted(text.splitlines()) == sorted(told)
    same_sums = lambda text: all(digest in text for digest in sums)
    openssl = shutil.which("openssl") and xargs(same_sums, "-n", "16", "openssl", "dgst", "-sha256", "-r")
    peers = [
        Contestant("xargs -P2 sha256sum", xargs(same_lines, "sha256sum")),
        Contestant("xargs -P2 -n 16 sha256sum", xargs(same_lines, "-n", "16", "sha256sum")),
        Contestant("xargs -P2 -n 16 openssl dgst", openssl or None, note="" if openssl else "not here"),
    ]
    total = sum(path.stat().st_size for path in paths)
    goal = lambda line: min(one.median() for one in line.contestants[1:3])
    return [Line(11, f"SHA-256 of {count:,} files, {total / 1e6:.0f} MB, one of them {largest / 1e6:g} MB, 2 workers",
                 "s", [Contestant("gantry", ours), *peers], goal_of=goal,
                 goal_text="as fast as sha256sum by xargs -P2")]
