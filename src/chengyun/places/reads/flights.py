"""Work that several ask for at once is done once in a process; nothing is kept afterwards."""

import threading
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from typing import Generic, TypeVar

T = TypeVar("T")


class Flights(Generic[T]):
    """By key, what is being made just now. Who comes meanwhile gets the same, or the same fault."""

    def __init__(self, wait_s: float) -> None:
        self._wait_s = wait_s
        self._making: dict[Hashable, Future[T]] = {}
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """The result of `make`, or of another's that began before and is not done yet.

        Raises TimeoutError when the other takes longer than `wait_s`.
        """
        with self._lock:
            other = self._making.get(key)
            mine: Future[T] = Future()
            if other is None:
                self._making[key] = mine
        if other is not None:
            return other.result(self._wait_s)
        try:
            made = make()
        except BaseException as error:
            mine.set_exception(error)
            raise
        else:
            mine.set_result(made)
            return made
        finally:
            with self._lock:
                del self._making[key]
