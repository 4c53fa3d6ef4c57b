"""Measured lines as a table for people, and as JSON."""


def shown(value, unit):
    """A figure with three digits that count, in a handy unit."""
    if value is None:
        return "–"
    if unit == "tasks/s":
        for factor, letter in ((1e6, "M/s"), (1e3, "k/s")):
            if value >= factor:
                return f"{value / factor:.3g} {letter}" if value < 999.5 * factor else f"{value / factor:.0f} {letter}"
        return f"{value:.3g} /s"
    if unit == "s":
        return f"{value:.3g} s" if value >= 1 else f"{value * 1e3:.3g} ms"
    return f"{value:.3g} {unit}".strip()


def best_peer(line):
    peers = [one for one in line.contestants[1:] if not one.bound and one.median() is not None]
    if not peers:
        return None
    return (max if line.more_is_better else min)(peers, key=lambda one: one.median())


def ratio(line, ours, other):
    """How many times better than the other."""
    if ours is None or not other or ours <= 0:
        return None
    return ours / other if line.more_is_better else other / ours


def verdict(line):
    ours, target = line.contestants[0].median(), line.target()
    if target is None:
        return ""
    if ours is None or ours <= 0:
        return "not measurable"
    reached = ours / target if line.more_is_better else target / ours
    return "met" if reached >= 1 else f"short: {reached:.3g} × of it"


def goal(line):
    target = line.target()
    if target is None:
        return "–"
    text = ("≥ " if line.more_is_better else "≤ ") + shown(target, line.unit)
    return f"{text} ({line.goal_text})" if line.goal_text else text


def others(line):
    """Everybody but gantry, each with its figure, and with its runs if it had fewer than gantry."""
    words = []
    for one in line.contestants[1:]:
        marks = [note for note in (one.note, f"{len(one.samples)} runs" if one.samples and len(one.samples) <
                                   len(line.contestants[0].samples) else "") if note]
        figure = "" if one.run is None else " " + shown(one.median(), line.unit)
        words.append(f"{one.name}{figure}" + (f" ({', '.join(marks)})" if marks else ""))
    return "; ".join(words)


def as_markdown(lines):
    text = ["| # | work | ours | goal | verdict | best peer | better than it | all others |", "|---|---|---|---|---|---|---|---|"]
    for line in lines:
        peer = best_peer(line)
        times = ratio(line, line.contestants[0].median(), peer.median()) if peer else None
        text.append("| " + " | ".join([
            str(line.row), line.work, shown(line.contestants[0].median(), line.unit), goal(line), verdict(line),
            f"{peer.name} {shown(peer.median(), line.unit)}" if peer else "–",
            f"{times:.3g} ×" if times is not None else "–", others(line) or "–"]) + " |")
    return "\n".join(text)


def as_json(lines, machine, smoke):
    return {
        "version": 1, "smoke": smoke, "machine": machine,
        "lines": [{
            "row": line.row, "work": line.work, "unit": line.unit, "goal": line.target(), "goal_text": line.goal_text,
            "more_is_better": line.more_is_better, "verdict": verdict(line),
            "contestants": [{
                "name": one.name, "here": one.run is not None, "bound": one.bound, "note": one.note,
                "median": one.median(), "figures": [one.figure(sample) for sample in one.samples],
                "samples": one.samples,
            } for one in line.contestants],
        } for line in lines],
    }
