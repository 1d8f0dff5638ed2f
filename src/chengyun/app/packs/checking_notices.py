"""What is wrong with the notice templates of a pack, and between packs. Pure."""

from collections.abc import Iterator

from chengyun.app.packs.building import as_text
from chengyun.app.packs.checking_rules import words_of
from chengyun.app.packs.faults import PackFault
from chengyun.app.packs.loaded import Catalog, LoadedPack
from chengyun.notices.decide.templates import PLACEHOLDERS, placeholders
from chengyun.sdk.notices import TemplateDeclared


def notice_faults(pack: LoadedPack) -> Iterator[PackFault]:
    """Placeholders nobody fills, languages that say different things, repeats that never end."""
    known = PLACEHOLDERS | words_of(pack)
    for name, file in pack.notice_files.items():
        for index, one in enumerate(file.templates):
            where = f"templates[{index}] ({one.id})"
            yield from _template(f"{pack.name}/{name}", where, one, known)


def _template(
    name: str, where: str, one: TemplateDeclared, known: frozenset[str]
) -> Iterator[PackFault]:
    for part, said in (("title", one.title), ("body", one.body)):
        words = as_text(said)
        for unknown in sorted(placeholders(words) - known):
            there = ", ".join(f"{{{one}}}" for one in sorted(known))
            wrong = f"{{{unknown}}} is no placeholder"
            yield PackFault(name, f"{where}.{part}", wrong, f"Use {there}")
        zh = placeholders({"zh": words["zh"], "en": ""})
        for missing in sorted(zh ^ placeholders({"zh": "", "en": words["en"]})):
            wrong = f"{{{missing}}} stands in one language only"
            yield PackFault(name, f"{where}.{part}", wrong, "Say the same in zh and en")
    if one.needs_ack and (one.repeat_times or one.escalate_to) and not one.repeat_minutes:
        yield PackFault(
            name,
            f"{where}.repeat_minutes",
            "says not how long to wait for an acknowledgement",
            "Give minutes",
        )
    if not one.needs_ack and (one.repeat_times or one.escalate_to):
        yield PackFault(
            name,
            f"{where}.needs_ack",
            "repeats or escalates what nobody can acknowledge",
            "Set needs_ack, or remove the repeats",
        )


def declared_twice(catalog: Catalog) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Nouns with (key, pack) pairs of which no key may stand twice."""
    files = [(pack, file) for pack in catalog for file in pack.notice_files.values()]
    yield "notice template", [(t.id, pack.name) for pack, f in files for t in f.templates]
    yield "rules of notices", [("rules", pack.name) for pack, file in files if file.rules]
