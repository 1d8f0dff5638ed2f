"""A verb is what somebody can do: one transaction, once per key, audited, inside their scope."""

import functools
import hashlib
import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any, Protocol

import orjson
from django.db import DataError, IntegrityError, transaction
from psycopg import Error as PostgresError
from pydantic import BaseModel

from chengyun.kernel import audit
from chengyun.kernel.actor import Actor
from chengyun.kernel.models import ONCE_PER_VERSION
from chengyun.kernel.prepared import hot_cursor
from chengyun.kernel.problems import Conflict, Problem, unstorable
from chengyun.kernel.scope import working
from chengyun.kernel.text import JsonObject

log = logging.getLogger(__name__)


class Verb(Protocol):
    """A wrapped verb: takes an idempotency key besides its own arguments."""

    verb_name: str

    def __call__(
        self,
        actor: Actor,
        *,
        now: datetime,
        key: str | None = None,
        **args: Any,
    ) -> JsonObject: ...


def _plain(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    if isinstance(value, (bytes, bytearray)):
        return hashlib.sha256(value).hexdigest()
    if isinstance(value, (set, frozenset)):
        return sorted(str(item) for item in value)
    return str(value)


def digest(name: str, args: dict[str, Any]) -> bytes:
    """What a command asks for, as a hash; the same key with another hash is a mistake.

    Raises:
        Invalid: an argument cannot be written as JSON.
    """
    try:
        body = orjson.dumps(
            [name, args],
            default=_plain,
            option=orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS | orjson.OPT_PASSTHROUGH_SUBCLASS,
        )
    except TypeError as error:
        raise unstorable("body") from error
    return hashlib.sha256(body).digest()


def owner_of(actor: Actor) -> str:
    """The name space of an actor's idempotency keys."""
    return f"{actor.kind}:{actor.id or ''}"


def claim(actor: Actor, name: str, key: str, asked: bytes, now: datetime) -> JsonObject | None:
    """Take a key for this transaction; the stored receipt when it was already carried out.

    Two requests with one key wait for each other on the unique index.

    Raises:
        Conflict: the key was used for something else.
    """
    with hot_cursor() as cursor:
        cursor.execute(
            "INSERT INTO kernel_idempotencykey (owner, key, verb, digest, created_at)"
            " VALUES (%s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
            [owner_of(actor), key, name, asked, now],
        )
        if cursor.rowcount:
            return None
        cursor.execute(
            "SELECT digest, receipt FROM kernel_idempotencykey WHERE owner = %s AND key = %s",
            [owner_of(actor), key],
        )
        before, receipt = cursor.fetchone()
    if bytes(before) != asked:
        raise Conflict("This idempotency key was used for another command.", code="key_reused")
    stored: JsonObject = orjson.loads(receipt) if isinstance(receipt, str) else receipt
    return stored


_SETTLE = (  # Constants only.
    f"WITH said AS ({audit.WRITE})"  # noqa: S608
    " UPDATE kernel_idempotencykey SET receipt = %s WHERE owner = %s AND key = %s"
)


def settle(actor: Actor, key: str | None, receipt: JsonObject, entry: list[Any]) -> None:
    """Write the audit entry of what was done, and keep the receipt if a key was claimed."""
    with hot_cursor() as cursor:
        if key is None:
            cursor.execute(audit.WRITE, entry)
            return
        said = orjson.dumps(receipt, default=str).decode()
        cursor.execute(_SETTLE, [*entry, said, owner_of(actor), key])


def _refusal(error: Exception) -> Problem | None:
    """The refusal that an error stands for, None where it is a fault of ours."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, (DataError, UnicodeEncodeError)):
        log.warning("a value cannot be stored: %s", error)
        return unstorable("body")
    if isinstance(error, IntegrityError):
        cause = error.__cause__
        if isinstance(cause, PostgresError) and cause.diag.constraint_name == ONCE_PER_VERSION:
            return Conflict("Somebody else was faster; look again.", code="version_taken")
    return None


def verb(name: str) -> Callable[[Callable[..., JsonObject]], Verb]:
    """Make a function a verb named `room.name`.

    The function takes the actor first and keyword arguments, `now` among them, and returns a
    JSON-able receipt; the receipt's "id", if any, is what the audit entry is about.
    """

    def wrap(act: Callable[..., JsonObject]) -> Verb:
        def carry_out(
            actor: Actor, now: datetime, key: str | None, args: dict[str, Any]
        ) -> JsonObject:
            if key is not None:
                done = claim(actor, name, key, digest(name, args), now)
                if done is not None:
                    return {**done, "replayed": True}
            receipt = act(actor, now=now, **args)
            entry = audit.values(
                actor,
                name,
                now=now,
                subject=receipt.get("id"),
                fields=[k for k, v in args.items() if v is not None],
                count=int(receipt.get("count", 1)),
            )
            settle(actor, key, receipt, entry)
            return receipt

        @functools.wraps(act)
        def run(actor: Actor, *, now: datetime, key: str | None = None, **args: Any) -> JsonObject:
            try:
                with transaction.atomic(), working(actor.scope()):
                    return carry_out(actor, now, key, args)
            except Exception as error:
                refusal = _refusal(error)
                if refusal is None:
                    raise
                with transaction.atomic():
                    audit.write(actor, name, now=now, outcome=refusal.code, fields=args)
                if refusal is error:
                    raise
                raise refusal from error

        run.verb_name = name  # type: ignore[attr-defined]
        return run  # type: ignore[return-value]

    return wrap
