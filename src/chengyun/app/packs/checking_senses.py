"""What is wrong with what a pack senses: units, properties, streams. Pure."""

from collections.abc import Iterator

from chengyun.app.packs import ucum
from chengyun.app.packs.faults import PackFault, unknown
from chengyun.app.packs.loaded import Catalog, LoadedPack
from chengyun.sdk.senses import PropertyDeclared, SensesFile, StreamDeclared


def senses_faults(pack: LoadedPack, visible: tuple[LoadedPack, ...]) -> Iterator[PackFault]:
    """Units nobody knows, properties that are declared nowhere, ranges that hold nothing."""
    known = {one.id: one for other in visible for one in properties(other)}
    for name, file in pack.senses_files.items():
        shown = f"{pack.name}/{name}"
        yield from _properties(shown, file)
        for index, kind in enumerate(file.things):
            where = f"things[{index}] ({kind.id})"
            said = [stream.property for stream in kind.streams]
            for double in sorted({one for one in said if said.count(one) > 1}):
                wrong = f"{double!r} is measured twice"
                yield PackFault(shown, f"{where}.streams", wrong, "Leave one of both")
            for at, stream in enumerate(kind.streams):
                place = f"{where}.streams[{at}] ({stream.property})"
                if stream.property not in known:
                    yield unknown(shown, place, stream.property, "observed property", known)
                yield from _range(shown, place, stream)


def properties(pack: LoadedPack) -> Iterator[PropertyDeclared]:
    """The properties a pack declares."""
    for file in pack.senses_files.values():
        yield from file.properties


def measured(visible: tuple[LoadedPack, ...]) -> dict[str, set[str]]:
    """Kind of things → the properties they measure."""
    return {
        kind.id: {stream.property for stream in kind.streams}
        for pack in visible
        for file in pack.senses_files.values()
        for kind in file.things
    }


def declared_twice(catalog: Catalog) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Nouns with (key, pack) pairs of which no key may stand twice."""
    files = [(pack, file) for pack in catalog for file in pack.senses_files.values()]
    yield "observed property", [(one.id, pack.name) for pack, f in files for one in f.properties]
    yield "kind of things", [(one.id, pack.name) for pack, f in files for one in f.things]


def _properties(shown: str, file: SensesFile) -> Iterator[PackFault]:
    for index, one in enumerate(file.properties):
        where = f"properties[{index}] ({one.id})"
        wrong = ucum.fault(one.unit)
        if wrong is not None:
            yield PackFault(shown, f"{where}.unit", wrong, "Write it as UCUM does")
        if (one.result == "category") != bool(one.values):
            wrong = "values go with result: category alone"
            yield PackFault(shown, f"{where}.values", wrong, "Correct either")


def _range(shown: str, where: str, stream: StreamDeclared) -> Iterator[PackFault]:
    if stream.low is not None and stream.high is not None and stream.low >= stream.high:
        yield PackFault(shown, f"{where}.low", "is not below high", "Swap or correct them")
    if stream.stuck_after is not None and stream.stuck_after < 2 * stream.every:
        wrong = "is shorter than two readings"
        yield PackFault(shown, f"{where}.stuck_after", wrong, "Make it longer than `every`")
