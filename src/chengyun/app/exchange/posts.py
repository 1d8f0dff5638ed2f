"""API keys for the posts a replay acts in, kept in the data folder so that a second run is the
same caller to the node's idempotency keys."""

import json
import os
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from chengyun.kernel.problems import Problem
from chengyun.people.models import Organisation
from chengyun.people.reads import live_key, organisation_for
from chengyun.people.verbs import issue_key

DESK = ("acceptor", "shift_leader", "dispatcher", "collector")
_LIFE = timedelta(days=30)


class NoPost(Exception):
    """The city has no organisation that may give a post; says which."""


class Posts:
    """Tokens by post (of the city) and by unit (of departments)."""

    def __init__(self, path: Path, city_no: int, now: datetime) -> None:
        self.path, self.city_no, self.now = path, city_no, now
        try:
            kept = json.loads(path.read_text(encoding="utf-8"))
            self._tokens: dict[str, str] = {str(k): str(v) for k, v in kept.items()}
        except (OSError, ValueError, AttributeError):
            self._tokens = {}

    def desk(self, post: str) -> str:
        """The token of a desk post over the whole city.

        Raises:
            NoPost: no organisation of the city may give it.
        """
        unit = organisation_for(self.city_no, post, now=self.now)
        if unit is None:
            raise NoPost(f"no organisation of this city may give the post of {post}")
        return self._token(post, unit.id, self.city_no)

    def department(self, unit: UUID) -> str:
        """The token of a department's clerk."""
        return self._token("department", unit, None)

    def units(self) -> list[UUID]:
        """Every department of the city."""
        found = Organisation.objects.filter(city_no=self.city_no, kind="department")
        return list(found.values_list("id", flat=True))

    def _token(self, post: str, unit: UUID, area_no: int | None) -> str:
        name = f"{post}@{unit}"
        token = self._tokens.get(name)
        if token is not None and live_key(token, now=self.now) is not None:
            return token
        try:
            token = issue_key(post, unit, area_no, now=self.now, name=f"replay {post}", life=_LIFE)
        except Problem as problem:
            raise NoPost(f"no key for the post of {post}: {problem.detail}") from problem
        self._tokens[name] = token
        self._save()
        return token

    def _save(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        part = self.path.with_suffix(".part")
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(self._tokens, file)
            file.flush()
            os.fsync(file.fileno())
        part.replace(self.path)
