"""Declarations → the rooms' values."""

import re
from collections.abc import Iterable, Mapping
from datetime import time
from typing import cast

from chengyun.cases.decide.calendar import Calendar
from chengyun.cases.decide.kinds import CaseKind, ClockUnit, Condition, EvidenceRule, Limit
from chengyun.cases.decide.limits import Limits, Rung
from chengyun.kernel.text import JsonObject, Text
from chengyun.notices.decide.templates import HouseRules, Template
from chengyun.sdk.calendars import CalendarFile
from chengyun.sdk.clocks import ClocksFile
from chengyun.sdk.declared import Name
from chengyun.sdk.kinds import ConditionDeclared, KindDeclared, KindsFile
from chengyun.sdk.manifest import PackManifest
from chengyun.sdk.notices import HouseRulesDeclared, NoticesFile

_LIMIT = re.compile(r"([\d.]+)(UH|WH|WD|ND)")


def as_text(name: Name) -> Text:
    """A name as the rooms keep it."""
    return {"zh": name.zh, "en": name.en}


def limit(text: str) -> Limit:
    """`2UH` as a Limit.

    Raises:
        ValueError: it is none.
    """
    found = _LIMIT.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} is no limit")
    return Limit(float(found[1]), cast("ClockUnit", found[2]))


def _condition(declared: ConditionDeclared) -> Condition:
    return Condition(
        declared.id,
        as_text(declared.text),
        as_text(declared.closing),
        limit(declared.limit),
        declared.level,
    )


def kind_id(file: KindsFile, kind: KindDeclared) -> str:
    """`<scheme>/<type>/<code>`."""
    return f"{file.scheme}/{file.type}/{kind.code}"


def kinds(
    file: KindsFile, forms: Mapping[str, JsonObject], manifest: PackManifest
) -> Iterable[CaseKind]:
    """The kinds of one file."""
    for kind in file.kinds:
        yield CaseKind(
            id=kind_id(file, kind),
            scheme=file.scheme,
            type=file.type,
            code=kind.code,
            major_code=file.major.code,
            major=as_text(file.major.name),
            minor_code=kind.minor,
            name=as_text(kind.name),
            conditions=tuple(_condition(declared) for declared in kind.conditions),
            form=forms.get(kind.form) if kind.form else None,
            evidence=EvidenceRule(kind.evidence.scene, kind.evidence.before, kind.evidence.after),
            public=kind.public,
            roles=kind.roles,
            source=file.source,
            effective_from=file.effective_from,
            verified=file.verified,
            pack=manifest.name,
            pack_version=manifest.version,
            check=kind.check,
        )


def calendar(files: list[CalendarFile]) -> Calendar:
    """One calendar of its years.

    Raises:
        ValueError: the zone is unknown, or work periods overlap or run backwards.
    """
    last = max(files, key=lambda file: file.known_until)
    return Calendar(
        id=last.id,
        tz=last.time_zone,
        work_periods=tuple(
            (time.fromisoformat(period.start), time.fromisoformat(period.end))
            for period in last.work_periods
        ),
        holidays={day.date: as_text(day.name) for file in files for day in file.holidays},
        makeup_days={day.date: as_text(day.name) for file in files for day in file.makeup_days},
        known_until=last.known_until,
        source=last.source,
    )


def limits(file: ClocksFile) -> Limits:
    """The numbers of the loop.

    Raises:
        ValueError: the shares or the ladder do not climb.
    """
    return Limits(
        stages={row.stage: limit(row.limit) for row in file.stages},
        yellow_percent=file.yellow.percent,
        red_percent=file.red.percent,
        ladder=tuple(Rung(rung.percent, rung.level) for rung in file.ladder),
        max_extensions=file.extensions.at_most,
        max_suspension_days=file.suspension_days.at_most,
        max_paper_days=file.paper_days.at_most,
        reopen_window=limit(file.reopen.limit),
        duplicate_metres=file.duplicate.metres,
        duplicate_hours=file.duplicate.hours,
        source=file.source,
        effective_from=file.effective_from,
        verified=file.verified,
    )


def templates(file: NoticesFile, manifest: PackManifest) -> Iterable[Template]:
    """The notice templates of one file."""
    for one in file.templates:
        yield Template(
            id=one.id,
            title=as_text(one.title),
            body=as_text(one.body),
            level=one.level,
            needs_ack=one.needs_ack,
            repeat_minutes=one.repeat_minutes,
            repeat_times=one.repeat_times,
            escalate_to=one.escalate_to,
            keep_days=one.keep_days,
            pack=manifest.name,
            pack_version=manifest.version,
            source=file.source,
            effective_from=file.effective_from,
            verified=file.verified,
        )


def house_rules(declared: HouseRulesDeclared) -> HouseRules:
    """How people are told who set nothing themselves."""
    return HouseRules(
        declared.quiet_from,
        declared.quiet_to,
        declared.breaks_quiet,
        {str(level): tuple(ways) for level, ways in declared.channels.items()},
    )
