"""A duty list as a table, for people who keep it in a spreadsheet.

One row an entry. Several values in a cell are separated by `;`. A co-handler is `role@level` or
`org:CODE`, an attribute `name=value|value`. A backslash before one of `; | = \\` makes it a letter.
Column names may be Chinese or English.
"""

import re
from collections.abc import Iterable, Mapping, Sequence

import orjson

from chengyun.dispatch.decide.duties import Entry, Target
from chengyun.dispatch.decide.parsing import ENTRIES_MAX, Fault, read_entries
from chengyun.dispatch.decide.writing import write_entry
from chengyun.kernel.text import Json, JsonObject

COLUMNS: dict[str, str] = {
    "id": "条目编号",
    "kinds": "案件类型",
    "area": "区域代码",
    "weekdays": "星期",
    "from": "起",
    "to": "止",
    "where": "属性",
    "sources": "来源",
    "lead_role": "主办职责",
    "lead_level": "主办层级",
    "lead_org": "主办单位代码",
    "co": "协办",
    "note_zh": "说明",
    "note_en": "说明（英文）",
}
_BY_NAME = {name: column for column, zh in COLUMNS.items() for name in (column, zh)}
_SPECIAL = re.compile(r"[\\;；|=]")
_GUARDED = re.compile(r"\\(.)")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
# A fault of the entry shown at the column it came from.
_COLUMN_OF = {"when.weekdays": "weekdays", "when.from": "from", "when.to": "to", "when": "from"}


def neutral(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.lstrip("'").startswith(_FORMULA) else cell


def _plain(cell: object) -> str:
    words = "" if cell is None else str(cell).strip()
    guarded = words.startswith("'") and words.lstrip("'").startswith(_FORMULA)
    return words[1:] if guarded else words


def _guard(word: str) -> str:
    """A word in which separators are only letters."""
    return _SPECIAL.sub(r"\\\g<0>", word)


def _unguard(word: str) -> str:
    return _GUARDED.sub(r"\1", word.strip())


def _split(cell: str, separator: str) -> list[str]:
    """Parts between separators that no backslash guards, still guarded themselves."""
    parts = [""]
    for piece in re.findall(r"\\.|[^\\]|\\$", cell):
        if piece in separator:
            parts.append("")
        else:
            parts[-1] += piece
    return [part for part in parts if part.strip()]


def _many(cell: str) -> list[str]:
    return [_unguard(part) for part in _split(cell, ";；")]


def _value(word: str) -> Json:
    """A number or truth value where the word is one in JSON, else the word."""
    try:
        found = orjson.loads(word)
    except orjson.JSONDecodeError:
        return word
    return found if isinstance(found, str | int | float | bool) else word


def _where(cell: str) -> Json:
    found: JsonObject = {}
    for part in _split(cell, ";；"):
        name, *values = _split(part, "=")
        if len(values) != 1:
            return part  # refused by the entry's own check
        found[_unguard(name)] = [_value(_unguard(word)) for word in _split(values[0], "|")]
    return found


def _target(word: str) -> JsonObject:
    if word.startswith("org:"):
        return {"org": word[4:]}
    role, _, level = word.partition("@")
    return {"role": role, "level": level}


def _day(word: str) -> int | str:
    return int(word) if word.isdecimal() and word.isascii() and len(word) < 3 else word


def _entry(cells: Mapping[str, str]) -> JsonObject:
    when: JsonObject = {}
    if cells.get("weekdays"):
        when["weekdays"] = [_day(word) for word in _many(cells["weekdays"])]
    for side in ("from", "to"):
        if cells.get(side):
            when[side] = cells[side]
    found: JsonObject = {
        "id": cells.get("id", ""),
        "kinds": _many(cells.get("kinds", "")),
        "area": cells.get("area") or None,
        "when": when or None,
        "where": _where(cells.get("where", "")),
        "sources": _many(cells.get("sources", "")),
        "co": [_target(word) for word in _many(cells.get("co", ""))],
        "note": None,
    }
    note = {lang: cells[f"note_{lang}"] for lang in ("zh", "en") if cells.get(f"note_{lang}")}
    if note:
        found["note"] = note
    if cells.get("lead_org"):
        found["lead"] = {"org": cells["lead_org"]}
    else:
        found["lead"] = {"role": cells.get("lead_role", ""), "level": cells.get("lead_level", "")}
    return found


def read_rows(
    rows: Iterable[Mapping[str, object]],
) -> tuple[tuple[Entry, ...], tuple[Fault, ...]]:
    """Entries of a table and the faults of the rows left out; empty rows are passed over.

    A fault's `entry` is the row's place, the first row below the heading being 1.
    """
    places: list[int] = []
    values: list[JsonObject] = []
    faults: list[Fault] = []
    for place, row in enumerate(rows, start=1):
        cells = {_BY_NAME.get(str(name).strip(), ""): _plain(cell) for name, cell in row.items()}
        unknown = [str(name) for name in row if str(name).strip() not in _BY_NAME and row[name]]
        if not any(_plain(cell) for cell in row.values()):
            continue
        if unknown:
            faults.append(Fault(place, unknown[0], "is not a column here", "unknown_column"))
            continue
        if len(values) >= ENTRIES_MAX:
            faults.append(Fault(place, "", f"the list takes {ENTRIES_MAX} entries", "too_many"))
            break
        places.append(place)
        values.append(_entry(cells))
    entries, wrong = read_entries(values)
    faults.extend(
        Fault(places[f.entry - 1], _COLUMN_OF.get(f.field, f.field), f.reason, f.code)
        for f in wrong
    )
    return entries, tuple(sorted(faults, key=lambda fault: fault.entry))


def _word(value: Json) -> str:
    # A text that would read back as something else keeps its quotes.
    if isinstance(value, str) and _value(value) == value:
        return value
    return orjson.dumps(value).decode()


def _joined(values: Sequence[Json]) -> str:
    return "|".join(_guard(_word(value)) for value in values)


def _co(target: Target) -> str:
    return f"org:{_guard(target.org)}" if target.org else f"{target.role}@{target.level}"


def write_rows(entries: Iterable[Entry]) -> list[dict[str, str]]:
    """The table of a list, cells neutralised; `read_rows` gives the same entries back."""
    table = []
    for entry in entries:
        content = write_entry(entry)
        when, note = content["when"] or {}, content["note"] or {}
        cells = {
            "id": entry.id,
            "kinds": ";".join(map(_guard, entry.kinds)),
            "area": entry.area or "",
            "weekdays": ";".join(str(day) for day in when.get("weekdays", ())),
            "from": when.get("from", ""),
            "to": when.get("to", ""),
            "where": ";".join(
                f"{_guard(name)}={_joined(values)}" for name, values in entry.where.items()
            ),
            "sources": ";".join(map(_guard, content["sources"])),
            "lead_role": entry.lead.role or "",
            "lead_level": entry.lead.level or "",
            "lead_org": entry.lead.org or "",
            "co": ";".join(
                f"org:{_guard(t.org)}" if t.org else f"{t.role}@{t.level}" for t in entry.co
            ),
            "note_zh": note.get("zh", ""),
            "note_en": note.get("en", ""),
        }
        table.append({column: neutral(cell) for column, cell in cells.items()})
    return table
