"""A script's line to the node, by keys of several posts."""

import http.client
import json
import uuid
from typing import Any
from urllib.parse import urlsplit

from tests.e2e.node import Node, cy


class Line:
    """Calls of the API with a key of a post in the first district."""

    def __init__(self, node: Node) -> None:
        self.node = node
        self._keys: dict[str, str] = {}

    def key(self, post: str) -> str:
        """The post's key, made when it is first wanted."""
        if post not in self._keys:
            told = cy("token", "--post", post, "--area", "310101", data=self.node.data)
            self._keys[post] = told.strip()
        return self._keys[post]

    def call(self, method: str, path: str, body: object = None, post: str | None = None) -> Any:
        """The answer, which must be a success."""
        place = urlsplit(self.node.address)
        line = http.client.HTTPConnection(place.hostname or "", place.port, timeout=30)
        headers = {"Content-Type": "application/json", "Idempotency-Key": str(uuid.uuid4())}
        if post:
            headers["Authorization"] = f"Bearer {self.key(post)}"
        line.request(method, f"/api/v1{path}", json.dumps(body) if body else None, headers)
        answer = line.getresponse()
        told = json.load(answer)
        assert answer.status < 300, told
        return told
