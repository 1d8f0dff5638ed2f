"""Wrong packs are told file, place, fault and remedy, everything at once."""

from collections.abc import Callable
from pathlib import Path

import pytest

from chengyun.app.packs.checking import check
from chengyun.app.packs.faults import PackError, PackFault
from chengyun.app.packs.loaded import Catalog
from chengyun.app.packs.loading import load_catalog, read_catalog
from chengyun.kernel.actor import POSTS

Said = Callable[..., list[PackFault]]


def one(faults: list[PackFault], *words: str) -> PackFault:
    """The fault that says all these words."""
    found = [fault for fault in faults if all(word in str(fault) for word in words)]
    assert found, f"none of {[str(fault) for fault in faults]} says {words}"
    return found[0]


def test_the_fresh_packs_are_right(room: Path):
    assert {pack.name for pack in load_catalog([room])} == {"base", "town"}


@pytest.mark.parametrize(
    ("path", "old", "new", "words"),
    [
        ("base/pack.toml", 'name = "base"', 'name = "other"', ("pack.toml: name", "folder")),
        ("base/pack.toml", 'version = "0.1.0"', 'version = "1"', ("version", "pattern")),
        ("base/pack.toml", 'kind = "standard"', 'kind = "thing"', ("kind", "'standard'")),
        ("base/pack.toml", "version =", "colour = 1\nversion =", ("colour", "Remove it")),
        ("base/pack.toml", 'name = "base"', "name = ", ("no TOML",)),
        ("town/pack.toml", '"base"', '"nowhere"', ("requires", "nowhere")),
        ("base/pack.toml", "requires = []", 'requires = ["town"]', ("break the circle",)),
        (
            "base/case_kinds/example-01.yaml",
            'code: "0101"',
            "code: 0101",
            ("kinds[0].code", "in quotes"),
        ),
        (
            "base/case_kinds/example-01.yaml",
            "limit: 4WH",
            "limit: soon",
            ("kinds[0].conditions[0].limit", "pattern"),
        ),
        (
            "base/case_kinds/example-01.yaml",
            "roles: [sanitation]",
            "roles: [wizard]",
            ("kinds[0].roles[0]", "'sanitation'"),
        ),
        (
            "base/case_kinds/example-01.yaml",
            "    public: true\n",
            "    public: true\n    public: false\n",
            ("'public' is given twice", "line"),
        ),
        (
            "base/case_kinds/example-01.yaml",
            "    public: true\n",
            "    form: nothing\n",
            ("there is no forms/nothing.yaml",),
        ),
        (
            "base/case_kinds/example-01.yaml",
            "scheme: base-scheme",
            "scheme: elsewhere",
            ("'elsewhere' is declared nowhere",),
        ),
        (
            "base/case_kinds/example-01.yaml",
            "code: unknown",
            'code: "0101"',
            ("kind 'base-scheme/event/0101'", "already"),
        ),
        ("base/duties/default.yaml", "event/01*", "event/77*", ("matches no kind", "77*")),
        ("base/duties/default.yaml", "event/01*", "event/unk*", ("no entry names", "0101")),
        ("base/duties/default.yaml", "role: sanitation", "role: magic", ("entries[0].lead",)),
        ("base/calendars/cn-2026.yaml", "2026-01-04", "2026-01-05", ("no weekend day",)),
        ("base/calendars/cn-2026.yaml", "2026-01-04", "2026-01-01", ("is a holiday too",)),
        ("base/calendars/cn-2026.yaml", "{date: 2026-01-01", "{date: 2025-01-01", ("outside",)),
        ("base/calendars/cn-2026.yaml", "Asia/Shanghai", "Asia/Nowhere", ("Asia/Nowhere",)),
        ("base/calendars/cn-2026.yaml", "'12:00'", "'07:00'", ("work periods",)),
        ("base/schemes.yaml", "codes: local", "default: maybe", ("default", "true or false")),
        ("town/mappings/town.yaml", 'values: {垃圾: "0101"}', "values: {垃圾: x}", ("no kind",)),
        ("town/mappings/town.yaml", "calendar: cn", "calendar: mars", ("'mars' is no calendar",)),
        ("town/mappings/town.yaml", "state: archived", "state: gone", ("'gone' is no state",)),
        ("town/mappings/town.yaml", "[121.5, 31.2]", "[31.2, 121.5]", ("center",)),
        ("town/mappings/town.yaml", "other: hotline", "other: pigeon", ("channel.other",)),
        ("town/organisations/city.yaml", "parent: ops", "parent: boss", ("no pattern above",)),
        ("town/organisations/city.yaml", "[sanitation, ", "[", ("nobody", "'sanitation'")),
        ("town/tests/examples.yaml", "limit: 4WH", "limit: 4XX", ("kinds[0].limit",)),
    ],
)
def test_a_fault_names_file_place_and_remedy(
    said: Said, path: str, old: str, new: str, words: tuple[str, ...]
):
    one(said(path, old, new), *words)


@pytest.mark.parametrize(
    ("path", "content", "words"),
    [
        ("town/case_kinds/x.yaml", b"\xff\xfe", ("not UTF-8",)),
        ("town/case_kinds/x.yaml", "a: [1", ("no usable YAML", "line")),
        ("town/case_kinds/x.yaml", "- 1\n", ("holds no fields",)),
        ("town/case_kinds/x.yaml", "1: x\n", ("put it in quotes",)),
        ("town/case_kinds/x.yaml", "a: !!python/object/apply:os.system [ls]\n", ("YAML",)),
        ("town/case_kinds/x.yaml", "[" * 5000, ("YAML",)),
        ("town/notes.txt", "hello", ("no file of a pack", "A pack holds")),
        ("town/case_kinds/deep/x.yaml", "a: 1", ("no file of a pack",)),
        (
            "town/forms/f.yaml",
            "source: x\neffective_from: 2026-01-01\nschema: {type: 3}\n",
            ("no JSON Schema",),
        ),
        ("empty/x.yaml", "a: 1", ("has no pack.toml",)),
        ("town/mappings/two.yaml", "name: x\n", ("field required", "Add it")),
    ],
)
def test_a_file_of_no_use_is_refused(
    said: Said, path: str, content: str | bytes, words: tuple[str, ...]
):
    one(said(path, content), *words)


def test_aliases_cannot_blow_a_file_up(said: Said):
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    for n in range(1, 9):
        lines.append(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]")
    one(said("town/case_kinds/x.yaml", "\n".join(lines)), "more than")


def test_a_file_too_large_is_not_read(said: Said):
    one(said("town/case_kinds/x.yaml", b"#" * 8_000_001), "larger than")


def test_years_of_a_calendar_leave_no_gap(room: Path, said: Said):
    year = (room / "base/calendars/cn-2026.yaml").read_text(encoding="utf-8")
    later = year.replace("2026", "2028").replace("2028-01-04", "2028-01-08")
    one(said("base/calendars/cn-2028.yaml", later), "does not follow 2026-12-31")


def test_everything_is_told_at_once(room: Path, said: Said):
    said("base/duties/default.yaml", "event/01*", "event/77*")
    said("town/mappings/town.yaml", "calendar: cn", "calendar: mars")
    with pytest.raises(PackError) as caught:
        load_catalog([room])
    assert "faults in the packs" in str(caught.value)
    assert len(caught.value.faults) >= 3


def test_a_pack_given_twice_is_refused(room: Path):
    _, faults = read_catalog([room, room])
    one(faults, "is there twice")


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ("{post: leader, cards: [bord]}", ("homes[0] (leader).cards", "Did you mean board?")),
        ("{post: leeder, cards: [now]}", ("homes[0] (leeder).post", "Did you mean leader?")),
        ("{post: leader, cards: [now, now]}", ("'now' stands twice",)),
        ("{post: leader, tiers: [moon], cards: [now]}", ("homes[0].tiers[0]", "pattern")),
        (
            "{post: leader, cards: [now]}\n  - {post: leader, tiers: [city], cards: [board]}",
            ("homes[1] (leader)", "never reached"),
        ),
    ],
)
def test_homes_are_checked(room: Path, lines: str, words: tuple[str, ...]):
    (room / "town" / "homes").mkdir()
    (room / "town" / "homes" / "own.yaml").write_text(
        f"source: a test\neffective_from: 2026-01-01\nhomes:\n  - {lines}\n", encoding="utf-8"
    )
    catalog, faults = read_catalog([room])
    one([*faults, *check(catalog)], "town/homes/own.yaml", *words)


def test_the_base_has_homes_that_differ_between_all_tiers(catalog: Catalog):
    homes = [home for file in catalog.pack("base").home_files.values() for home in file.homes]

    def of(post: str, tier: str) -> tuple[str, ...]:
        return next(h.cards for h in homes if h.post == post and (not h.tiers or tier in h.tiers))

    assert len({of("leader", tier) for tier in ("city", "district", "street")}) == 3
    assert len({of("shift_leader", tier) for tier in ("city", "district", "street")}) == 3
    assert len({of("collector", tier) for tier in ("street", "community", "grid")}) == 3
    assert {home.post for home in homes} == POSTS


NOTICES = """
source: test
effective_from: 2026-01-01
verified: false
templates:
  - id: pump-alarm
    title: {zh: "泵站 {no}", en: "Pumping station {no}"}
    body: {zh: "请于{due}前到场。", en: "Be there by {due}."}
    needs_ack: true
    repeat_minutes: 30
    repeat_times: 2
    escalate_to: leader
"""


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('{zh: "泵站 {no}"', '{zh: "泵站 {number}"', ("{number}", "no placeholder", "{no}")),
        (
            "Be there by {due}.",
            "Hurry.",
            ("templates[0] (pump-alarm).body", "{due}", "one language"),
        ),
        ("    repeat_minutes: 30\n", "", ("repeat_minutes", "how long to wait")),
        ("    needs_ack: true\n", "", ("needs_ack", "nobody can acknowledge")),
        (', en: "Be there by {due}."', "", ("body", "en")),
        ("    escalate_to: leader\n", "    escalate_to: mayor\n", ("escalate_to", "leader")),
    ],
)
def test_faults_of_notice_templates(said: Said, old: str, new: str, words: tuple[str, ...]):
    assert said("town/notices/pumps.yaml", NOTICES) == []
    one(said("town/notices/pumps.yaml", old, new), "notices/pumps.yaml", *words)


def test_a_notice_template_stands_once(said: Said):
    said("base/notices/pumps.yaml", NOTICES)
    one(said("town/notices/pumps.yaml", NOTICES), "pump-alarm", "base", "town")
