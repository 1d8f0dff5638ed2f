"""An evaluation's table as CSV, and as a table to read in a terminal."""

import csv
import io
from collections.abc import Iterator
from typing import Literal

from chengyun.app.exchange.safety import escape
from chengyun.kernel.text import JsonObject, text
from chengyun.vitals.decide.counters import COUNTERS
from chengyun.vitals.decide.rates import RATES

Lang = Literal["zh", "en"]
_HEAD = {
    "key": text("编号", "Key"),
    "name_zh": text("名称", "Name (Chinese)"),
    "name_en": text("英文名称", "Name"),
    "score": text("得分", "Score"),
    "grade": text("等级", "Grade"),
    "scheme": text("评分办法", "Scheme"),
    "scheme_version": text("办法版本", "Scheme version"),
}


def _heading(lang: Lang | None) -> list[str]:
    if lang is None:
        return [*_HEAD, *COUNTERS, *RATES]
    rates = [f"{one.name[lang]} (%)" for one in RATES.values()]
    return [*(h[lang] for h in _HEAD.values()), *(c.name[lang] for c in COUNTERS.values()), *rates]


def _cells(table: JsonObject, lang: Lang | None) -> Iterator[list[object]]:
    yield [*_heading(lang)]
    for row in table["rows"]:
        scheme = row["scheme"] or {"id": "", "version": ""}
        name = row["name"]
        head = [row["key"], name["zh"], name["en"], row["score"], row["grade"]]
        numbers = [row["counters"].get(one) for one in COUNTERS]
        yield [*head, scheme["id"], scheme["version"], *numbers, *map(row["rates"].get, RATES)]


def as_csv(table: JsonObject, lang: Lang | None = None) -> str:
    """The table, UTF-8 with a mark for spreadsheets; what is unknown stays empty.

    Args:
        lang: the language of the column heads; None: ids, for scripts.
    """
    out = io.StringIO()
    out.write("\ufeff")
    writer = csv.writer(out)
    for cells in _cells(table, lang):
        writer.writerow(
            ["" if c is None else escape(c) if isinstance(c, str) else c for c in cells]
        )
    return out.getvalue()


def _said(value: float | None) -> str:
    return "—" if value is None else f"{value:.2f}"


def _unfinished(table: JsonObject) -> str:
    return "not begun yet" if table["start"] > table["as_of"] else "not over yet"


def as_text(table: JsonObject) -> str:
    """The table's scores and main rates in lines, for people."""
    # Filed cases of a unit are those dispatched to it.
    first = "dispatch" if table["by"] == "unit" else "file"
    shown = ("in_time_dispose_rate", "rework_rate", "close_rate", "on_schedule_close_rate")
    lines = [
        f"{table['period']} by {table['by']}, as of {table['as_of']:%Y-%m-%d %H:%M} UTC"
        + (", simulated" if table["simulated"] else "")
        + ("" if table["over"] else f", {_unfinished(table)}"),
        f"{'score':>7} {'':1} {'cases':>7} {'should':>7} {'done':>7} "
        + " ".join(f"{RATES[one].name['zh']:>8}" for one in shown)
        + "  name",
    ]
    for row in table["rows"]:
        counters = row["counters"]
        numbers = (counters.get(first), counters.get("need_dispose"), counters.get("dispose"))
        lines.append(
            f"{_said(row['score']):>7} {row['grade'] or '—':1} "
            + " ".join(f"{'—' if n is None else n:>7}" for n in numbers)
            + " "
            + " ".join(f"{_said(row['rates'].get(one)):>10}" for one in shown)
            + f"  {row['name']['zh']} {row['name']['en']}"
        )
    if not table["rows"]:
        lines.append("No case set a counter in this period.")
    return "\n".join(lines)
