"""Every reading that was ever committed, as the batch log has it, and what is held."""

from collections import Counter
from typing import Any

import psycopg

from chengyun.app.supervisor.node import Node
from chengyun.sensing.decide.packing import unpack


def stored(node: Node, name: str = "") -> dict[str, list[list[Any]]]:
    """Readings by `thing/stream` as [microseconds, value], in the order they were committed."""
    found: dict[str, list[list[Any]]] = {}
    with psycopg.connect(node.database_url("bulk")) as line:
        names = {
            row[0]: f"{row[1]}/{row[2]}"
            for row in line.execute(
                "SELECT d.no, t.code, d.code FROM sensing_datastream d"
                " JOIN sensing_thing t ON t.id = d.thing_id"
            )
        }
        batches = line.execute("SELECT readings, words FROM sensing_batch ORDER BY xid, seq")
        for packed, words in batches:
            columns = unpack(bytes(packed), {int(at): word for at, word in (words or {}).items()})
            for row in range(len(columns)):
                key = names[int(columns.stream[row])]
                value = columns.words.get(row, float(columns.value[row]))
                found.setdefault(key, []).append([int(columns.at[row]), value])
    return found


def held(node: Node, code: str) -> dict[str, int]:
    """How often messages of a thing came that could not be taken, by reason."""
    found: Counter[str] = Counter()
    with psycopg.connect(node.database_url("bulk")) as line:
        for reason, times in line.execute(
            "SELECT reason, times FROM sensing_heldmessage WHERE thing_code = %s", [code]
        ):
            found[reason] += times
    return dict(found)
