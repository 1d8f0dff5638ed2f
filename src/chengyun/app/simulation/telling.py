"""The account of a run as a table to read in a terminal."""

from collections.abc import Iterator, Mapping

from chengyun.app.simulation.accounts import Account
from chengyun.vitals.decide.counters import STAGES


def as_text(account: Account) -> str:
    """What was played, what became of it, what was refused, and whether it adds up."""
    return "\n".join(_lines(account))


def _lines(one: Account) -> Iterator[str]:
    yield f"Simulated, {one.start} to {one.end}, seed {one.seed}, scale {one.scale:g}" + (
        "" if one.finished else ", stopped before its end"
    )
    yield ""
    yield from _table("Calls", {**one.calls, "answered at once": one.calls_answered})
    yield from _table("Reports by channel", one.by_source, one.reports)
    yield from _table("Reports refused", one.reports_refused)
    parts = {"reported": one.reports, "parts of split cases": one.parts}
    yield from _table("Cases", parts, one.cases)
    yield from _table("What became of them", one.outcome, sum(one.outcome.values()))
    yield from _table("Where they stand", one.by_state)
    along = {"overdue": one.overdue, "returned": one.returned}
    yield from _table(
        "On their way", {**along, "reopened": one.reopened, "escalated": one.escalated}
    )
    yield from _table("Moves", one.by_move, one.moves)
    yield from _table("Moves refused", one.moves_refused)
    yield from _table("Cheats, there to be found", one.cheats)
    if any(stage in one.evaluation for stage in STAGES):
        yield f"  {'Evaluated':<28}{'done':>10}{'in time':>10}{'late':>10}"
        for stage in STAGES:
            found = (
                one.evaluation.get(f"{kind}{stage}", 0) for kind in ("", "in_time_", "overtime_")
            )
            yield f"    {stage:<26}" + "".join(f"{count:>10,}" for count in found)
    yield ""
    yield (
        f"{one.wall_s:,} s: {one.cases_per_s:,} cases, {one.closed_per_s:,} closings and"
        f" {one.events_per_s:,} events a second; {one.memory_mb:,} MB; read back in {one.check_s} s"
    )
    for name, ids in (("Lost", one.lost), ("Row and history at odds", one.at_odds)):
        if ids:
            yield f"{name}: {len(ids):,}, first {ids[0]}"
    yield from (f"Does not add up: {said}" for said in one.unbalanced)
    if one.whole:
        yield "Every acknowledged case is there, rows and histories agree, all sums add up."
    yield f"digest {one.digest}"


def _table(title: str, counts: Mapping[str, int], total: int | None = None) -> Iterator[str]:
    if not any(counts.values()):
        return
    yield f"  {title:<28}" + ("" if total is None else f"{total:>10,}")
    for name, count in counts.items():
        yield f"    {name:<26}{count:>10,}"
