"""The address model: what it reads, how it is trained, registered and measured."""

import gzip
import random
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengyun.brain.decide.features import features
from chengyun.brain.decide.generating import Names, addresses
from chengyun.brain.decide.labelled import NotLabelled, read
from chengyun.brain.decide.parts import parts
from chengyun.brain.decide.spans import Span, agreement, spans
from chengyun.brain.decide.tokens import tokens
from chengyun.brain.reads import current, models, parse_address
from chengyun.brain.verbs import measure, train

NOW = datetime(2026, 3, 1, 2, tzinfo=UTC)
NAMES = Names(
    ["上海市", "浙江省"],
    ["上海市", "杭州市"],
    ["闵行区", "浦东新区", "余杭区"],
    ["江川路街道", "三林镇", "闲林街道"],
    ["红旗村委会", "鹤庆社区居委会", "顾家桥社区"],
)


def texts(count: int, seed: int = 1) -> list[tuple[list[str], list[str]]]:
    return list(addresses(NAMES, count, random.Random(seed)))


def test_spans_as_conlleval_reads_them() -> None:
    assert spans(["B-a", "I-a", "I-b", "O", "B-b", "B-b"]) == [
        Span(0, 2, "a"),
        Span(2, 3, "b"),
        Span(4, 5, "b"),
        Span(5, 6, "b"),
    ]
    told = agreement([(["B-a", "I-a", "O"], ["B-a", "O", "O"]), (["B-a"], ["B-a"])])
    assert (told.f1, told.tokens, told.whole) == (0.5, 0.75, 0.5)


@given(st.text(max_size=80))
def test_every_token_has_features(text: str) -> None:
    words = tokens(text)
    assert len(features(words)) == len(words)


def test_generated_texts_are_labelled_whole() -> None:
    for words, labels in texts(300):
        assert len(words) == len(labels)
        assert words
    told = {label[2:] for _, labels in texts(300) for label in labels if label != "O"}
    assert {"road", "lane", "number", "compound", "building", "room", "cross", "direction"} <= told


def test_the_shipped_model_reads_a_complaint() -> None:
    found = parse_address("市民来电反映上海市闵行区鹤庆路358弄81号201室，楼道堆物", None)
    told = {part.part: part.text for part in found}
    assert told["district"] == "闵行区"
    assert (told["road"], told["lane"], told["number"]) == ("鹤庆路", "358弄", "81号")
    assert told["room"] == "201室"
    assert all(0 <= part.confidence <= 1 for part in found)
    crossing = {part.part: part.text for part in parse_address("航三路近航吉路", None)}
    assert (crossing["road"], crossing["cross"]) == ("航三路", "航吉路")


@pytest.mark.parametrize("text", ["", " ", "😀", "1" * 5_000, "路" * 100_000, "'; DROP TABLE x"])
def test_bad_input_is_read_too(text: str) -> None:
    assert isinstance(parse_address(text, None), list)


def test_a_city_trains_its_own_and_it_serves(tmp_path: Path) -> None:
    before = current("addresses", tmp_path)
    assert before is not None
    assert before.shipped
    own = train(
        texts(60),
        folder=tmp_path,
        trained_on="60 texts",
        now=NOW,
        held_out=texts(20, 2),
        small=True,
    )
    assert current("addresses", tmp_path) == own
    assert own.measured["texts"] == 20
    assert measure(own.path, texts(20, 2)).rounded()["f1"] == own.measured["f1"]
    assert parse_address("闵行区鹤庆路9号", tmp_path)
    # A file that is not the one registered does not serve.
    own.path.write_bytes(own.path.read_bytes() + b"x")
    damaged, *rest = models(tmp_path)
    assert not damaged.sound
    assert current("addresses", tmp_path) == rest[0]


def test_labelled_files() -> None:
    conll = "鹤 B-road\n庆 I-road\n路 I-road\n9 B-roadno\n号 I-roadno\n\n"
    assert read(conll) == [
        (["鹤", "庆", "路", "9", "号"], ["B-road", "I-road", "I-road", "B-roadno", "I-roadno"])
    ]
    table = "address,road,number\n闵行鹤庆路9号,鹤庆路,9号\n"
    words, labels = read(table)[0]
    assert labels == ["O", "O", "B-road", "I-road", "I-road", "B-number", "I-number"]
    assert [(p.part, p.text) for p in parts(words, labels, [1.0] * len(words))] == [
        ("road", "鹤庆路"),
        ("number", "9号"),
    ]
    for bad in ("", "just some words", "鹤 road\n", "address,road\n,\n"):
        with pytest.raises(NotLabelled):
            read(bad)


def test_the_shipped_model_on_addresses_nobody_here_wrote(shared_data: Path | None) -> None:
    if shared_data is None:
        print("not measured: shared data is not on this machine")  # noqa: T201
        return
    path = shared_data / "address-parsing-zh" / "dev.conll.gz"
    labelled = read(gzip.decompress(path.read_bytes()).decode())
    said = [("".join(words), words, labels) for words, labels in labelled[:600]]
    found = hit = 0
    for text, words, labels in said:
        true = {p.text for p in parts(words, labels, [1.0] * len(words)) if p.part == "road"}
        own = {p.text for p in parse_address(text, None) if p.part == "road"}
        found += len(true)
        hit += len(true & own)
    print(f"roads found by the shipped model: {hit / found:.3f}")  # noqa: T201
    assert hit / found >= 0.6
