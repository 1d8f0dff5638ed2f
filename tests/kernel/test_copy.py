"""Many rows at once: every type survives both ways in, and what cannot be stored is named."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest
from django.db import DataError, IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chengyun.kernel.copy import copy_rows, insert_rows, pg_array
from chengyun.kernel.ids import new_id
from chengyun.kernel.problems import Invalid

COLUMNS = {
    "id": "uuid",
    "name": "text",
    "number": "bigint",
    "share": "double precision",
    "at": "timestamptz",
    "tags": "text[]",
    "units": "uuid[]",
    "data": "jsonb",
    "photo": "bytea",
    "open": "boolean",
}
AT = datetime(2026, 11, 22, 3, 4, 5, 678, tzinfo=UTC)


@pytest.fixture(scope="module", autouse=True)
def throw_away(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    shape = ", ".join(f"{name} {kind}" for name, kind in COLUMNS.items())
    with django_db_blocker.unblock():
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE TABLE tests_copy ({shape}, PRIMARY KEY (id))")
        yield
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE tests_copy")


def row(**changed: Any) -> list[Any]:
    values = {
        "id": new_id(),
        "name": "人民路 2 号 🕳\t\\N,\"'",
        "number": 2**62,
        "share": 121.5,
        "at": AT,
        "tags": ["a,b", 'c"d', "e\\f", "", "NULL", "中"],
        "units": [new_id()],
        "data": {"zh": "井盖", "n": [1, None, 0.5], "u": "é"},
        "photo": b"\x00\xff",
        "open": True,
    }
    return list((values | changed).values())


def inserted(rows: list[list[Any]]) -> int:
    """`insert_rows` takes arrays and jsonb in their text form."""
    import_form = []
    for values in rows:
        named = dict(zip(COLUMNS, values, strict=True))
        for name in ("tags", "units"):
            named[name] = None if named[name] is None else pg_array(named[name])
        if named["data"] is not None:
            named["data"] = json_text(named["data"])
        import_form.append(list(named.values()))
    return insert_rows("tests_copy", COLUMNS, import_form)


def json_text(value: Any) -> str:
    return json.dumps(value)


def copied(rows: list[list[Any]]) -> int:
    return copy_rows("tests_copy", COLUMNS, iter(rows))


def stored() -> list[list[Any]]:
    with connection.cursor() as cursor:
        cursor.execute("TABLE tests_copy ORDER BY id")
        return [[*found[:7], as_json(found[7]), *found[8:]] for found in cursor]


def as_json(value: Any) -> Any:
    return orjson.loads(value) if isinstance(value, str) else value


both = pytest.mark.parametrize("write", [inserted, copied])
Write = Callable[[list[list[Any]]], int]


@both
@pytest.mark.django_db
def test_every_type_comes_back_as_it_was(write: Write) -> None:
    rows = [row(), row(number=-1), row(name="")]
    assert write(rows) == 3
    assert stored() == sorted(rows, key=lambda values: values[0])


@both
@pytest.mark.django_db
def test_nulls(write: Write) -> None:
    nothing = [new_id(), *[None] * (len(COLUMNS) - 1)]
    rows = [nothing, row(tags=[], units=[], data={})]
    assert write(rows) == 2
    assert stored() == sorted(rows, key=lambda values: values[0])


@both
@pytest.mark.django_db
def test_whole_and_broken_numbers_in_one_column(write: Write) -> None:
    assert write([row(share=121), row(share=31.25), row(share=None)]) == 3


@both
@pytest.mark.django_db
def test_nothing_to_write(write: Write) -> None:
    assert write([]) == 0


@both
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("bad", ["a\0b", "\ud800"])
@pytest.mark.parametrize("column", ["name", "data"])
def test_what_no_text_can_hold_is_refused_with_its_column(
    write: Write, bad: str, column: str
) -> None:
    value = bad if column == "name" else {"said": bad}
    with pytest.raises(Invalid) as caught, transaction.atomic():
        write([row(), row(**{column: value}), row()])
    (error,) = caught.value.errors
    assert (error.field, error.code) == (column, "unstorable")
    assert stored() == []


@both
@pytest.mark.django_db(transaction=True)
def test_a_duplicate_is_an_integrity_error_and_nothing_stays(write: Write) -> None:
    twice = row()
    with pytest.raises(IntegrityError), transaction.atomic():
        write([row(), twice, twice])
    assert stored() == []


@both
@pytest.mark.django_db(transaction=True)
def test_a_number_out_of_range_is_a_data_error(write: Write) -> None:
    with pytest.raises(DataError), transaction.atomic():
        write([row(number=2**63)])


@both
@pytest.mark.django_db(transaction=True)
def test_a_row_of_another_width_is_refused(write: Write) -> None:
    with pytest.raises(Exception, match=r"shorter|values in row"), transaction.atomic():
        write([row(), row()[:-1]])
    assert stored() == []


@pytest.mark.django_db
def test_a_suffix_says_what_happens_to_rows_already_there() -> None:
    columns = {"id": "uuid", "number": "bigint"}
    known, fresh = new_id(), new_id()
    insert_rows("tests_copy", columns, [(known, 1)])
    again = [(known, 2), (fresh, 2)]
    assert insert_rows("tests_copy", columns, again, "ON CONFLICT DO NOTHING") == 1


@pytest.mark.django_db
def test_copying_streams_without_holding_the_rows() -> None:
    alive = 0

    def stream() -> Iterator[tuple[Any, ...]]:
        nonlocal alive
        for number in range(20_000):
            alive += 1
            yield (new_id(), number)

    assert copy_rows("tests_copy", {"id": "uuid", "number": "bigint"}, stream()) == alive == 20_000


words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)


@pytest.mark.django_db
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.tuples(words, st.lists(words, max_size=4), words), min_size=1, max_size=5))
def test_any_text_survives_both_ways(written: list[tuple[str, list[str], str]]) -> None:
    rows = [row(name=name, tags=tags, data={"said": said}) for name, tags, said in written]
    for write in (inserted, copied):
        with transaction.atomic():
            write(rows)
            assert stored() == sorted(rows, key=lambda values: values[0])
            transaction.set_rollback(True)
