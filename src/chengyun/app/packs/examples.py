"""Running the examples a pack brings as its test. Pure."""

from collections.abc import Iterator
from datetime import datetime
from fnmatch import fnmatchcase

from chengyun.app.packs.building import limit
from chengyun.app.packs.faults import PackFault
from chengyun.app.packs.loaded import Catalog, LoadedPack
from chengyun.app.packs.mapping import HeaderError, RejectedRow, bind
from chengyun.app.packs.scening import scene_faults
from chengyun.app.packs.stories import story_faults
from chengyun.kernel.text import Json
from chengyun.sdk.duties import RoleUnit
from chengyun.sdk.kit import RowExample


def failures(catalog: Catalog, pack: LoadedPack, *, now: datetime) -> list[PackFault]:
    """The examples of a pack that do not come out as written."""
    return [
        PackFault(f"{pack.name}/tests", where, wrong, "Correct the pack, or the example")
        for where, wrong in (
            *_rows(pack, now),
            *_kinds(catalog, pack),
            *_duties(catalog, pack),
            *_stories(catalog, pack),
        )
    ]


def count(pack: LoadedPack) -> int:
    """How many examples, stories and scenes a pack brings."""
    parts = ("rows", "kinds", "duties", "stories")
    told = sum(len(getattr(file, part)) for file in pack.examples for part in parts)
    bare = sum(1 for file in pack.examples if file.unmatched)
    return told + bare + (len(pack.scenes.scenes) if pack.scenes else 0)


def _stories(catalog: Catalog, pack: LoadedPack) -> Iterator[tuple[str, str]]:
    for examples in pack.examples:
        for story in examples.stories:
            for wrong in story_faults(catalog, pack, story):
                yield f"stories ({story.id})", wrong
    for scene in pack.scenes.scenes if pack.scenes else ():
        for wrong in scene_faults(catalog, pack, scene):
            yield f"simulate.yaml scenes ({scene.id})", wrong


def _plain(value: Json) -> Json:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    return value


def _rows(pack: LoadedPack, now: datetime) -> Iterator[tuple[str, str]]:
    for examples in pack.examples:
        for index, example in enumerate(examples.rows):
            for wrong in _row(pack, example, now):
                yield f"rows[{index}]", wrong


def _row(pack: LoadedPack, example: RowExample, now: datetime) -> Iterator[str]:
    mapping = pack.mappings.get(example.mapping)
    if mapping is None:
        yield f"{example.mapping!r} is no mapping of this pack"
        return
    try:
        reader = bind(mapping, list(example.row))
    except HeaderError as error:
        yield str(error)
        return
    got = reader.read(1, list(example.row.values()), now=now)
    if isinstance(got, RejectedRow):
        if got.field != example.reject:
            yield f"the row is rejected: {got.reason}"
        return
    if example.reject is not None:
        yield f"the row is taken, a rejection of {example.reject!r} was expected"
    for field, wanted in example.expect.items():
        value = _plain(getattr(got, field, None))
        if value != _plain(wanted):
            yield f"{field} is {value!r}, {_plain(wanted)!r} was expected"


def _kinds(catalog: Catalog, pack: LoadedPack) -> Iterator[tuple[str, str]]:
    known = catalog.kinds
    for examples in pack.examples:
        for index, example in enumerate(examples.kinds):
            where = f"kinds[{index}]"
            kind = known.get(example.kind)
            condition = None if kind is None else kind.condition(example.condition)
            if condition is None:
                yield where, f"{example.kind} with condition {example.condition!r} is not there"
            elif condition.limit != limit(example.limit):
                yield where, f"its limit is {condition.limit}, not {example.limit}"


def _duties(catalog: Catalog, pack: LoadedPack) -> Iterator[tuple[str, str]]:
    entries = [
        entry
        for other in catalog.with_required(pack.name)
        for duties in other.duties
        for entry in duties.entries
    ]
    for examples in pack.examples:
        for index, example in enumerate(examples.duties):
            leads = {
                entry.lead.role if isinstance(entry.lead, RoleUnit) else entry.lead.org
                for entry in entries
                if any(fnmatchcase(example.kind, pattern) for pattern in entry.kinds)
            }
            if example.role not in leads:
                found = ", ".join(sorted(leads)) or "nobody"
                yield f"duties[{index}]", f"{example.kind} goes to {found}"
        for kind in examples.unmatched:
            if any(fnmatchcase(kind, pattern) for e in entries for pattern in e.kinds):
                yield "unmatched", f"{kind} is matched by an entry"
