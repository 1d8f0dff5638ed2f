"""A registry of kinds: filled while the program starts, checked once, then closed."""

from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

K = TypeVar("K")


class RegistryError(Exception):
    """A kind was registered wrongly; the message says what to do."""


class Registry(Generic[K]):
    """Kinds by id. Registering twice, or after the registry is closed, is an error."""

    def __init__(self, noun: str, check: Callable[[str, K], list[str]] | None = None) -> None:
        self.noun = noun
        self._check = check
        self._kinds: dict[str, K] = {}
        self._closed = False

    def register(self, key: str, kind: K) -> K:
        """Add a kind.

        Raises:
            RegistryError: the id is taken, empty, or the registry is closed.
        """
        if self._closed:
            raise RegistryError(
                f"{self.noun} {key!r} came too late: register it while the apps are loading."
            )
        if not key:
            raise RegistryError(f"A {self.noun} needs an id.")
        if key in self._kinds:
            raise RegistryError(f"{self.noun} {key!r} is registered twice: rename one of them.")
        self._kinds[key] = kind
        return kind

    def problems(self) -> list[str]:
        """What is wrong with the kinds, one sentence each."""
        if self._check is None:
            return []
        return [said for key, kind in self._kinds.items() for said in self._check(key, kind)]

    def close(self) -> None:
        """Refuse further kinds.

        Raises:
            RegistryError: a kind does not pass its check.
        """
        found = self.problems()
        if found:
            raise RegistryError("\n".join(found))
        self._closed = True

    def __getitem__(self, key: str) -> K:
        return self._kinds[key]

    def get(self, key: str) -> K | None:
        """The kind, or None."""
        return self._kinds.get(key)

    def __contains__(self, key: str) -> bool:
        return key in self._kinds

    def __iter__(self) -> Iterator[str]:
        return iter(self._kinds)

    def __len__(self) -> int:
        return len(self._kinds)
