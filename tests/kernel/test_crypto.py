"""Sealed fields: only the right key and purpose open them, and a change shows."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengyun.kernel.crypto import (
    Sealed,
    blind_index,
    new_wrapped_key,
    open_,
    open_with,
    seal,
    seal_with,
)

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


@given(texts)
def test_what_is_sealed_opens(plain: str) -> None:
    assert open_(seal(plain, purpose="phone"), purpose="phone") == plain
    key = new_wrapped_key()
    assert open_with(key, seal_with(key, plain)) == plain


def test_the_blob_says_nothing_and_differs_each_time() -> None:
    blobs = {seal("13800138000", purpose="phone") for _ in range(50)}
    assert len(blobs) == 50
    assert not any(b"138" in blob[12:] and b"8000" in blob for blob in blobs)


def test_another_purpose_does_not_open() -> None:
    with pytest.raises(Sealed):
        open_(seal("x", purpose="phone"), purpose="name")


def test_another_master_key_does_not_open(settings: Any) -> None:
    blob, key = seal("x", purpose="phone"), new_wrapped_key()
    record = seal_with(key, "x")
    settings.MASTER_KEY = "another master key"
    with pytest.raises(Sealed):
        open_(blob, purpose="phone")
    with pytest.raises(Sealed):
        open_with(key, record)


def test_another_records_key_does_not_open() -> None:
    with pytest.raises(Sealed):
        open_with(new_wrapped_key(), seal_with(new_wrapped_key(), "x"))


def test_a_destroyed_key_is_an_erased_record() -> None:
    with pytest.raises(Sealed):
        open_with(b"", seal_with(new_wrapped_key(), "x"))


@given(st.integers(0, 39), st.integers(1, 255))
def test_every_changed_byte_shows(place: int, change: int) -> None:
    blob = bytearray(seal("一二三四", purpose="p"))
    blob[place % len(blob)] ^= change
    with pytest.raises(Sealed):
        open_(bytes(blob), purpose="p")


@pytest.mark.parametrize("blob", [b"", b"short", b"x" * 12, b"x" * 27])
def test_rubbish_is_sealed_not_a_crash(blob: bytes) -> None:
    with pytest.raises(Sealed):
        open_(blob, purpose="p")


def test_a_memoryview_from_the_database_opens() -> None:
    assert open_(memoryview(seal("x", purpose="p")), purpose="p") == "x"  # type: ignore[arg-type]


def test_blind_indexes_find_equal_values_only(settings: Any) -> None:
    assert blind_index(" A@B.cn ", purpose="mail") == blind_index("a@b.CN", purpose="mail")
    assert blind_index("a@b.cn", purpose="mail") != blind_index("a@c.cn", purpose="mail")
    before = blind_index("a@b.cn", purpose="mail")
    assert before != blind_index("a@b.cn", purpose="phone")
    settings.MASTER_KEY = "another master key"
    assert before != blind_index("a@b.cn", purpose="mail")
