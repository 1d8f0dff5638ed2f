"""The HTTP doors of a running node, as a replay uses them: patient, and never twice."""

import io
import time
from typing import Any

import httpx
from PIL import Image, ImageDraw

from chengyun.kernel.text import JsonObject

PATIENCE = 90.0
_PAUSE = 0.5


class Refused(Exception):
    """The node said no; `code` is the problem's."""

    def __init__(self, status: int, code: str, detail: str) -> None:
        self.status, self.code, self.detail = status, code, detail
        super().__init__(f"{status} {code}: {detail}")


class Doors:
    """One caller. A call that gets no answer is repeated with its idempotency key."""

    def __init__(self, address: str) -> None:
        self._client = httpx.Client(base_url=f"{address}/api/v1", timeout=30.0, trust_env=False)

    def close(self) -> None:
        self._client.close()

    def report(self, token: str, body: JsonObject, key: str) -> JsonObject:
        """POST /cases."""
        return self._call("POST", "/cases", token, key=key, json=body)

    def move(
        self, token: str, case_id: str, move: str, version: int, params: JsonObject, key: str
    ) -> JsonObject:
        """POST /cases/{id}/moves."""
        body = {"move": move, "version": version, "params": params}
        return self._call("POST", f"/cases/{case_id}/moves", token, key=key, json=body)

    def case(self, token: str, case_id: str) -> JsonObject:
        """GET /cases/{id}."""
        return self._call("GET", f"/cases/{case_id}", token)

    def photo(self, token: str, words: str) -> str:
        """Upload a drawn stand-in that says what it is; its id."""
        image = Image.new("RGB", (480, 360), "#8899aa")
        ImageDraw.Draw(image).text((16, 16), words, "white")
        out = io.BytesIO()
        image.save(out, "JPEG", quality=60)
        files = {"file": ("replay.jpg", out.getvalue(), "image/jpeg")}
        return str(self._call("POST", "/uploads", token, files=files)["id"])

    def _call(
        self, method: str, path: str, token: str, *, key: str | None = None, **body: Any
    ) -> JsonObject:
        headers = {"Authorization": f"Bearer {token}"}
        if key is not None:
            headers["Idempotency-Key"] = key
        until = time.monotonic() + PATIENCE
        while True:
            try:
                said = self._client.request(method, path, headers=headers, **body)
            except httpx.TransportError:
                # The node may have been killed and be coming back: ask again, with the same key.
                if time.monotonic() > until:
                    raise
                time.sleep(_PAUSE)
                continue
            if said.status_code >= 500 and time.monotonic() < until:
                time.sleep(_PAUSE)
                continue
            if said.status_code >= 400:
                raise _refused(said)
            found: JsonObject = said.json()
            return found


def _refused(said: httpx.Response) -> Refused:
    try:
        problem = said.json()
        errors = problem.get("errors") or [{}]
        code = errors[0].get("code") or problem.get("code", "")
        return Refused(said.status_code, str(code), str(problem.get("detail", "")))
    except (ValueError, AttributeError, IndexError):
        return Refused(said.status_code, "no_problem", said.text[:200])
