"""List the rules, or try one on stored history."""

import csv
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import orjson
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from chengyun.cases.decide.calendar import to_us
from chengyun.kernel.actor import SYSTEM
from chengyun.kernel.clock import system_clock
from chengyun.kernel.problems import NotFound, Problem
from chengyun.kernel.scope import bind
from chengyun.kernel.text import JsonObject
from chengyun.places.models import City
from chengyun.rules.decide.checking import nearest
from chengyun.rules.decide.trying import Label
from chengyun.rules.reads import trying
from chengyun.rules.reads.rules import rules

_COLUMNS = {"thing", "from", "to"}


def _zone() -> ZoneInfo:
    city = City.objects.order_by("area_no").first()
    return ZoneInfo(city.time_zone if city else "UTC")


def _instant(said: str | None, name: str) -> datetime:
    try:
        found = datetime.fromisoformat(said or "")
    except ValueError:
        wanted = "a day or an instant like 2026-06-01 or 2026-06-01T08:00+08:00"
        raise CommandError(f"{name}: {said!r} is not {wanted}.") from None
    return found if found.tzinfo else found.replace(tzinfo=_zone()).astimezone(UTC)


def read_labels(path: Path) -> list[Label]:
    """Labels out of a CSV file. Raises CommandError, naming the line at fault."""
    try:
        return _labels(path)
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}.") from None
    except (UnicodeDecodeError, csv.Error):
        raise CommandError(f"{path.name}: is no CSV file in UTF-8.") from None


def _labels(path: Path) -> list[Label]:
    found = []
    with path.open(newline="", encoding="utf-8-sig") as file:
        reader = csv.DictReader(file)
        if missing := _COLUMNS - set(reader.fieldnames or ()):
            raise CommandError(f"{path.name}: has no column {', '.join(sorted(missing))}.")
        for line, row in enumerate(reader, 2):
            where = f"{path.name}, line {line}"
            if not (row["thing"] or "").strip():
                raise CommandError(f"{where}: names no thing.")
            start, end = (_instant(row[name], f"{where}: {name}") for name in ("from", "to"))
            if end < start:
                raise CommandError(f"{where}: to lies before from.")
            real = (row.get("real") or "1").strip() not in ("0", "false", "no")
            found.append(Label(row["thing"].strip(), to_us(start), to_us(end), real))
    return found


class Command(BaseCommand):
    help = "List the rules, or try one on stored history; see ./cy rules --help."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["list", "backtest"])
        parser.add_argument("rule", nargs="?")
        parser.add_argument("--start")
        parser.add_argument("--end")
        # Django keeps --version for itself.
        parser.add_argument("--rule-version", type=int)
        parser.add_argument("--thing", action="append", default=[])
        parser.add_argument("--labels", type=Path)
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        with transaction.atomic():
            bind(SYSTEM.scope())
            try:
                found = self._list() if options["what"] == "list" else self._backtest(options)
            except NotFound:
                hint = nearest(options["rule"], [one["id"] for one in self._list()])
                raise CommandError(f"There is no rule {options['rule']!r}: {hint}") from None
            except Problem as problem:
                raise CommandError(problem.detail) from problem
        if options["json"]:
            print(orjson.dumps(found, option=orjson.OPT_UTC_Z).decode(), flush=True)
        else:
            print(_listed(found) if isinstance(found, list) else _tried(found), flush=True)

    def _list(self) -> list[JsonObject]:
        return rules(SYSTEM, system_clock.now())

    def _backtest(self, options: dict[str, Any]) -> JsonObject:
        if not options["rule"]:
            raise CommandError("Name the rule: ./cy rules list shows them.")
        start, end = _instant(options["start"], "--from"), _instant(options["end"], "--to")
        if start >= end:
            raise CommandError(f"--to ({options['end']}) is not after --from ({options['start']}).")
        return trying.backtest(
            SYSTEM,
            trying.of_rule(options["rule"], options["rule_version"]),
            start=start,
            end=end,
            things=options["thing"],
            labels=read_labels(options["labels"]) if options["labels"] else None,
            most=1_000_000_000,
        )


def _listed(found: list[JsonObject]) -> str:
    lines = [f"{'rule':34} {'pack':16} {'version':>7} {'fired':>6} {'false':>6}  state"]
    for one in found:
        share = "–" if one["false_share"] is None else f"{one['false_share']:.0%}"
        state = "off" if not one["enabled"] else "on"
        if one["empty_figures"]:
            state += f", sleeps without {', '.join(one['empty_figures'])}"
        lines.append(
            f"{one['id']:34} {one['pack']:16} {one['version']:>7} {one['fired']:>6} {share:>6}"
            f"  {state}"
        )
    return "\n".join(lines)


def _tried(found: JsonObject) -> str:
    head = f"{found['rule']}: {found['fired']} times"
    lines = [f"{head} over {found['things']} things and {found['readings']:,} readings"]
    if found["labels"]:
        shares = [("precision", found["precision"]), ("recall", found["recall"])]
        said = ", ".join(f"{name} {'–' if n is None else f'{n:.0%}'}" for name, n in shares)
        lines.append(f"{found['labels']} labels: {said}; {found['missed']} missed")
    if found["left_out"]:
        lines.append(f"{found['left_out']} labels lie outside the span or are of other things")
    for one in found["spells"]:
        end = one["to"].isoformat() if one["to"] else "…"
        lines.append(f"  {one['thing']:24} {one['severity']}  {one['from'].isoformat()} – {end}")
    return "\n".join(lines)
