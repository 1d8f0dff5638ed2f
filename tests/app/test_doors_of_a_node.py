"""Where a node may answer."""

import socket

import pytest

from chengyun.app.supervisor import doors
from chengyun.app.supervisor.services import Options


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CHENGYUN_SECRET_KEY", "not-secret-only-for-tools"),
        ("CHENGYUN_SECRET_KEY", ""),
        ("CHENGYUN_MASTER_KEY", "not-secret-only-for-tools"),
        ("CHENGYUN_DEBUG", "1"),
    ],
)
def test_unsafe_settings_stay_on_this_machine(monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    port = doors.free_port()
    with pytest.raises(doors.DoorRefused, match=name):
        doors.check(Options(host="0.0.0.0", port=port))
    doors.check(Options(host="127.0.0.1", port=port))


def test_a_port_in_use_is_named():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        for first in (port, port - 1):
            with pytest.raises(doors.DoorRefused, match=str(port)):
                doors.check(Options(port=first))


def test_a_free_port_is_free_together_with_the_next():
    doors.check(Options(port=doors.free_port()))


@pytest.mark.parametrize(
    ("host", "only_here"),
    [
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("::1", True),
        ("localhost", True),
        ("0.0.0.0", False),
        ("::", False),
        ("10.1.2.3", False),
        ("city.example", False),
    ],
)
def test_what_counts_as_this_machine(host, only_here):
    assert doors.is_loopback(host) is only_here


def test_a_request_may_call_us_by_the_public_name_only_where_there_is_one():
    assert "city.example" in doors.allowed_hosts(Options(public_url="https://city.example/")).split(
        ","
    )
    assert "*" not in doors.allowed_hosts(Options(host="0.0.0.0"))
