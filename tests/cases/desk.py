"""Doors into the small city of `tests.app.world`: browsers, keys, a clock, photos."""

import io
import itertools
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.test import Client
from PIL import Image

from chengyun.kernel.actor import Scope
from chengyun.kernel.scope import APP_ROLE, bind
from chengyun.people import verbs as people
from chengyun.people.reads import SESSION_COOKIE
from tests.app.world import LITTER, NOW, SPOT, World

API = "/api/v1"
CSRF = "c" * 32
NOBODY = Scope()
# A session is renewed rather than let run out while a test travels through days.
RENEW = timedelta(minutes=5)
_shades = itertools.count(1)


@dataclass
class Clock:
    """The instant every request is told."""

    at: datetime = NOW

    def now(self) -> datetime:
        """What a request sees."""
        return self.at

    def pass_(self, **delta: float) -> datetime:
        """Let time pass."""
        self.at += timedelta(**delta)
        return self.at


@dataclass
class Answer:
    """What came back."""

    status: int
    body: Any
    kind: str
    headers: Any

    def __getitem__(self, name: str) -> Any:
        return self.body[name]

    @property
    def fields(self) -> list[str]:
        """The fields a problem names."""
        return [error["field"] for error in self.body.get("errors", [])]


def picture(shade: int | None = None) -> bytes:
    """A small photo; each shade is another one."""
    number = next(_shades) if shade is None else shade
    out = io.BytesIO()
    colour = (number % 256, number // 256 % 256, 90)
    Image.new("RGB", (64, 48), colour).save(out, "PNG")
    return out.getvalue()


@dataclass
class Desk:
    """Everybody's browser, in one place; requests run as the node's own database role."""

    world: World
    clock: Clock
    _clients: dict[str, tuple[Client, datetime]] = field(default_factory=dict)

    def client(self, who: str | None, *, second_factor: bool = True) -> Client:
        """A browser signed in as somebody (None: the public)."""
        if who is None:
            return Client()
        mark = f"{who}:{second_factor}"
        kept = self._clients.get(mark)
        if kept is None or abs(self.clock.at - kept[1]) > RENEW:
            entered = people.start_session(
                self.world.users[who],
                now=self.clock.at,
                method="link",
                browser=people.Browser("127.0.0.1"),
                second_factor=second_factor,
            )
            client = Client(enforce_csrf_checks=True)
            client.cookies[SESSION_COOKIE] = entered.token
            client.cookies["csrftoken"] = CSRF
            kept = self._clients[mark] = (client, self.clock.at)
        return kept[0]

    def ask(
        self,
        who: str | None,
        method: str,
        path: str,
        body: Any = None,
        *,
        raw: bytes | None = None,
        kind: str = "application/json",
        key: str | None = None,
        token: str | None = None,
        second_factor: bool = True,
    ) -> Answer:
        """One request; `raw` is sent as it is."""
        client = Client() if token else self.client(who, second_factor=second_factor)
        headers = {"X-CSRFToken": CSRF}
        if key:
            headers["Idempotency-Key"] = key
        if token:
            headers["Authorization"] = f"Bearer {token}"
        data = raw if raw is not None else (b"" if body is None else json.dumps(body).encode())
        # Tests run inside one transaction: what the request before was allowed must not stay.
        bind(NOBODY)
        client.raise_request_exception = False
        answer = client.generic(method, API + path, data, content_type=kind, headers=headers)
        bind(NOBODY)
        return _answer(answer)

    def get(self, who: str | None, path: str, **options: Any) -> Answer:
        """GET that is expected to work."""
        answer = self.ask(who, "GET", path, **options)
        assert answer.status == 200, answer
        return answer

    def report(self, who: str | None = "acceptor", **fields: Any) -> Answer:
        """A report of exposed litter in the first street."""
        body = {"kind": LITTER, "text": "垃圾", "lon": SPOT[0], "lat": SPOT[1], **fields}
        door = "/public/reports" if who is None else "/cases"
        return self.ask(who, "POST", door, {k: v for k, v in body.items() if v is not None})

    def new(self, who: str = "acceptor", **fields: Any) -> "OneCase":
        """A fresh case."""
        answer = self.report(who, **fields)
        assert answer.status == 201, answer
        return OneCase(self, answer["id"], answer["no"], answer["track_code"], answer["state"])

    def upload(self, who: str | None, content: bytes | None = None) -> Answer:
        """Send a photo."""
        client = self.client(who)
        client.raise_request_exception = False
        file = io.BytesIO(picture() if content is None else content)
        file.name = "photo.png"
        door = "/public/uploads" if who is None else "/uploads"
        bind(NOBODY)
        return _answer(client.post(API + door, {"file": file}, headers={"X-CSRFToken": CSRF}))

    def photo(self, who: str | None, shade: int | None = None) -> str:
        """The id of a fresh photo of somebody's."""
        answer = self.upload(who, picture(shade))
        assert answer.status == 201, answer
        found: str = answer["id"]
        return found


def _answer(response: Any) -> Answer:
    kind = response.get("Content-Type", "")
    content = b"".join(response.streaming_content) if response.streaming else response.content
    body = json.loads(content) if "json" in kind and content else content
    return Answer(response.status_code, body, kind, response.headers)


@dataclass
class OneCase:
    """A case and what people do with it."""

    desk: Desk
    id: str
    no: str
    code: str
    state: str
    version: int | None = None

    def try_(self, who: str, move: str, **params: Any) -> Answer:
        """A move, whatever comes of it; a minute passes first."""
        self.desk.clock.pass_(minutes=1)
        body = {"move": move, "params": params}
        return self.desk.ask(who, "POST", f"/cases/{self.id}/moves", body)

    def does(self, who: str, move: str, **params: Any) -> "OneCase":
        """A move that has to succeed."""
        answer = self.try_(who, move, **params)
        assert answer.status == 200, (move, answer)
        self.state, self.version = answer["state"], answer["version"]
        return self

    def refused(self, who: str, move: str, status: int, code: str, **params: Any) -> Answer:
        """A move that has to be refused, with problem details."""
        answer = self.try_(who, move, **params)
        assert answer.status == status, (move, answer)
        codes = [answer["code"], *(error["code"] for error in answer.body.get("errors", []))]
        assert code in codes, (move, answer)
        assert answer.kind.startswith("application/problem+json")
        return answer

    def detail(self, who: str = "acceptor") -> Answer:
        """The case as somebody sees it."""
        return self.desk.get(who, f"/cases/{self.id}")

    def told(self) -> list[str]:
        """The names of what happened, in order."""
        items = self.desk.get("leader", f"/cases/{self.id}/timeline")["items"]
        assert all(item["text"]["zh"] and item["text"]["en"] for item in items)
        return [item["move"] for item in items]

    def track(self) -> Answer:
        """The reporter's page."""
        return self.desk.get(None, f"/public/reports/{self.code}")

    def handled(self, by: str = "handler", unit: str = "department") -> "OneCase":
        """On to `handled`."""
        desk = self.desk
        if self.state == "pending_handle":
            self.does(unit, "assign", handler_id=str(desk.world.users[by].id))
            self.does(by, "start")
        return self.does(by, "handle", after=[desk.photo(by)], note="done")

    def checked(self) -> "OneCase":
        """On to `pending_close`."""
        self.handled().does("department", "feedback")
        return self.does("collector", "check_result", passed=True)

    def closed(self) -> "OneCase":
        """On to `closed`."""
        condition = self.checked().detail()["condition"]["id"]
        return self.does("shift_leader", "close", closing_condition=condition)


def run_as_app() -> None:
    """From here on the transaction works as the node's application role, under its policies."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {APP_ROLE}")


@contextmanager
def as_owner() -> Iterator[None]:
    """Look into the tables from above the policies."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE NONE")
    yield
    run_as_app()


Counting = Callable[[str], Any]
