"""What a signal does when it opens or grows worse: a case, notices, a call for an incident."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from chengyun.cases.verbs import Intake, report_batch
from chengyun.kernel.actor import SYSTEM
from chengyun.kernel.events import publish
from chengyun.kernel.text import Text, text
from chengyun.notices.verbs import Telling, tell
from chengyun.people.reads import holders_over_areas
from chengyun.places.models import City
from chengyun.rules.decide.counting import EXTERNAL
from chengyun.rules.decide.wording import filled, said_of
from chengyun.rules.models import Signal, SignalStep
from chengyun.rules.reads.book import Entry
from chengyun.rules.verbs.telling import news, step_of

"""What cases are marked with that came of signals."""


@dataclass(frozen=True, slots=True)
class Acting:
    """A signal that acts, its rule, and the words and step it acts on."""

    signal: Signal
    entry: Entry
    words: Mapping[str, float | None]
    step: SignalStep

    @property
    def fresh(self) -> bool:
        """Whether it opened just now."""
        return self.step.what == "opened"

    @property
    def values(self) -> dict[str, Text]:
        """What the placeholders of its texts stand for."""
        signal = self.signal
        name = signal.thing_name or signal.thing_code
        plain = {"thing": text(name, name), "rule": self.entry.rule.name}
        return {**said_of(self.entry.rule, self.words, signal.severity), **plain}


def act(acting: Sequence[Acting], now: datetime) -> None:
    """Do what the rules say; part of the caller's transaction.

    A case that is refused says why at its signal and stops nobody. A thing that fell silent makes
    a signal alone.
    """
    loud = [one for one in acting if not one.signal.silent]
    _report(
        [
            one
            for one in loud
            if (case := one.entry.rule.then.case)
            and one.signal.severity <= case.worst
            and one.signal.case_id is None
        ],
        now,
    )
    tell([telling for one in loud for telling in tellings(one, now)], now=now)
    _call(loud, now)


def _report(acting: Sequence[Acting], now: datetime) -> None:
    if not acting:
        return
    speaks = dict(City.objects.values_list("area_no", "language"))
    done = report_batch(SYSTEM, now=now, items=tuple(_intake(one, speaks) for one in acting))
    steps, events = [], []
    for one, result in zip(acting, done["results"], strict=True):
        signal = one.signal
        signal.version += 1
        if result["ok"]:
            signal.case_id, signal.case_no, note = result["id"], result["no"], result["no"]
        else:
            problem = result["problem"]
            note = problem["detail"]
        steps.append(step_of(signal, "case", now, note=note))
        events.append(news(signal, "case", now))
    Signal.objects.bulk_update([one.signal for one in acting], ["case_id", "case_no", "version"])
    SignalStep.objects.bulk_create(steps)
    publish(events)
    for one in acting:
        joined = Signal.objects.filter(joined_to=one.signal.id, case_id=None)
        if one.signal.case_id and one.entry.rule.correlate:
            joined.update(case_id=one.signal.case_id, case_no=one.signal.case_no)


def _intake(one: Acting, speaks: Mapping[int, str]) -> Intake:
    signal, case = one.signal, one.entry.rule.then.case
    if case is None:
        raise ValueError("a rule without a case reports none")
    city = signal.area_no >> 48 << 48
    language = "en" if speaks.get(city, "zh").startswith("en") else "zh"
    words = filled(case.text, one.values)[language]  # type: ignore[literal-required]
    return Intake(
        text=words,
        source="sensor",
        kind_id=case.kind,
        condition_id=case.condition,
        city_no=city,
        lon=signal.lon,
        lat=signal.lat,
        external_source=EXTERNAL,
        external_id=str(signal.id),
        simulated=signal.simulated,
    )


def tellings(one: Acting, now: datetime) -> list[Telling]:
    """The notices that a signal asks for at its severity."""
    signal, found = one.signal, []
    for asked in one.entry.rule.then.tell:
        if signal.severity > asked.worst:
            continue
        for post in asked.posts:
            held = holders_over_areas([signal.area_no], post, now).get(signal.area_no)
            if held is not None:
                key = f"signal:{signal.id}:{signal.severity}:{asked.template}:{post}"
                found.append(telling(one, key, asked.template, held[0], held[1]))
    return found


def telling(
    one: Acting, key: str, template: str, area_no: int, people: Sequence[object]
) -> Telling:
    """One notice of a signal to some people of an area."""
    signal = one.signal
    return Telling(
        key=key,
        template=template,
        area_no=area_no,
        subject_kind="signal",
        subject_id=signal.id,
        values=one.values,
        users=tuple(people),  # type: ignore[arg-type]
        link=f"/signals/{signal.id}",
        level=signal.severity,
        simulated=signal.simulated,
    )


def _call(acting: Sequence[Acting], now: datetime) -> None:
    for one in acting:
        asked, signal = one.entry.rule.then.incident, one.signal
        if asked is None or signal.severity > asked.worst:
            continue
        signal.version += 1
        signal.save(update_fields=["version"])
        step_of(signal, "incident", now, note=asked.plan).save()
        event = news(signal, "incident", now, plan=asked.plan, simulated=signal.simulated)
        publish([event])
