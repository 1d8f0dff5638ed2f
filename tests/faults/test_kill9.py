"""kill -9 in the middle of the work: nothing acknowledged is lost, nothing happens twice.

The oracles are those of the project's promise: every acknowledged id readable with the same
content; no command applied twice; counts by state and every clock equal to the replay of history;
one audit entry a command.
"""

import os
import signal
import threading
import time
from contextlib import suppress
from uuid import uuid4

import pytest

from chengyun.app.supervisor import state
from chengyun.app.supervisor.linux import children_of
from tests.faults.conftest import Town, wait_for
from tests.faults.driving import API, Driven, Line, report_body

pytestmark = pytest.mark.faults
BETWEEN = 1.0


def _processes(town: Town) -> dict[str, int]:
    found = state.read(town.node.folder)
    assert found is not None
    return {name: one.pid for name, one in found.processes.items() if one.pid}


def _kill(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def _web_worker(town: Town) -> int:
    return next(iter(children_of(_processes(town)["web"])))


def _unharmed(town: Town, driven: Driven, before: dict[str, int]) -> None:
    """All oracles."""
    found = town.run("oracles")
    assert found["differing"] == []
    assert found["states"] == found["replayed"]
    assert found["orphans"] == found["unsettled"] == 0
    assert found["texts"] == 1, "a report stands there twice"
    assert found["cases"] - before["cases"] == len(driven.reports)
    moves = [move for _, move, _ in driven.moves.values()]
    assert found["urged"] - before["urged"] == moves.count("urge")
    assert found["returned"] - before["returned"] == moves.count("return_step")
    commands = len(driven.reports) + len(driven.moves)
    assert found["keys"] - before["keys"] == commands
    assert found["audited"] - before["audited"] == commands

    versions = {ident: version for ident, _, version in driven.moves.values()}
    line = Line(town.node.address)
    for ident, (number, text) in driven.reports.items():
        status, case = line.insist("GET", f"{API}/cases/{ident}", town.keys["acceptor"])
        assert status == 200, f"{ident} was acknowledged and is not there"
        assert (case["no"], case["text"]) == (number, text)
        assert case["version"] == versions.get(ident, case["version"])
    line.close()


def test_everything_killed_in_turn_under_load(town: Town) -> None:
    before = town.run("oracles")
    driven = Driven(town.node.address, town.keys)
    threads = driven.start()
    victims = {
        "a web worker": lambda: _kill(_web_worker(town)),
        "the follower": lambda: _kill(_processes(town)["follower"]),
        "the worker": lambda: _kill(_processes(town)["worker"]),
        "the web server": lambda: _kill(_processes(town)["web"]),
        "the database": lambda: _kill(_processes(town)["postgres"]),
        "web and database": lambda: [_kill(_processes(town)[name]) for name in ("web", "postgres")],
    }
    for name, kill in victims.items():
        seen = len(driven.reports)
        wait_for(lambda least=seen: len(driven.reports) > least + 5)
        kill()
        time.sleep(BETWEEN)
        wait_for(town.ready), name
    driven.stopping.set()
    for thread in threads:
        thread.join()
    assert driven.faults == []
    assert len(driven.reports) > 40
    assert len(driven.moves) > 10
    _unharmed(town, driven, before)


def test_one_key_makes_one_case_whoever_is_faster(town: Town) -> None:
    key, text = str(uuid4()), f"同一件 {uuid4()}"
    body = report_body(1_400, text)
    answers = []

    def send() -> None:
        line = Line(town.node.address)
        answers.append(line.insist("POST", f"{API}/cases", town.keys["acceptor"], body, key))
        line.close()

    _at_once([send] * 8)
    assert {status for status, _ in answers} == {201}
    assert len({said["id"] for _, said in answers}) == 1
    assert len({said["track_code"] for _, said in answers}) == 1
    assert town.run("oracles")["texts"] == 1

    line = Line(town.node.address)
    other = report_body(1_401, f"另一件 {uuid4()}")
    status, problem = line.once("POST", f"{API}/cases", town.keys["acceptor"], other, key)
    assert (status, problem["code"]) == (409, "key_reused")
    line.close()


def test_of_two_writers_on_one_case_one_wins(town: Town) -> None:
    for number in range(1_410, 1_415):
        _race(town, number)
    found = town.run("oracles")
    assert found["differing"] == []
    assert found["states"] == found["replayed"]


def _race(town: Town, number: int) -> None:
    line = Line(town.node.address)
    body = report_body(number, f"两人同办 {uuid4()}")
    said = line.insist("POST", f"{API}/cases", town.keys["acceptor"], body, str(uuid4()))[1]
    line.close()
    path = f"{API}/cases/{said['id']}/moves"
    answers = []

    def send(who: str, move: str, params: dict[str, str]) -> None:
        own = Line(town.node.address)
        ask = {"move": move, "version": said["version"], "params": params}
        answers.append(own.insist("POST", path, town.keys[who], ask, str(uuid4())))
        own.close()

    _at_once(
        [
            lambda: send("dispatcher", "urge", {"note": "请尽快"}),
            lambda: send("department", "return_step", {"reason": "不属我单位"}),
        ]
    )
    assert sorted(status for status, _ in answers) == [200, 409]
    refused = next(problem for status, problem in answers if status == 409)
    assert refused["code"] in ("stale", "version_taken")
    won = next(moved for status, moved in answers if status == 200)
    assert won["version"] == said["version"] + 1


def _at_once(some: list) -> None:
    gate = threading.Barrier(len(some))

    def go(act) -> None:
        gate.wait()
        act()

    threads = [threading.Thread(target=go, args=(act,)) for act in some]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
