"""Later work: a job is deferred in the caller's transaction and run by a worker in its own.

A room writes its jobs in `jobs.py`, by id and repeatable, and defers them from its verbs:

    @job("exports.write")
    def write(*, now: datetime, export_id: str) -> None: ...

    write.later(export_id=str(export.id))
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from django.db import connection
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.tasks import Task

from chengyun.kernel import housekeeping
from chengyun.kernel.clock import system_clock

TRIES = 5


class Work(Protocol):
    """What a worker runs: told the time, given JSON-able arguments, safe to run twice."""

    def __call__(self, *, now: datetime, **args: Any) -> None: ...


@dataclass(frozen=True, slots=True)
class Job:
    """A piece of later work that verbs may defer."""

    task: "Task[Any, None, Any]"

    def later(self, **args: Any) -> int:
        """Defer in the current transaction: no commit, no job.

        Returns:
            The job's number.
        """
        return self.task.defer(**args)

    def at(self, when: datetime, **args: Any) -> int:
        """Defer in the current transaction, to be run not before an instant."""
        return self.task.configure(schedule_at=when).defer(**args)


def job(
    name: str, *, queue: str = "default", cron: str | None = None
) -> Callable[[Callable[..., None]], Job]:
    """Make a function a job named `room.name`.

    It is tried five times, 2, 4, 8 … seconds apart, then stands as failed for a person to see.

    Args:
        queue: workers may serve queues apart.
        cron: run at these times too, never twice at once (e.g. "*/10 * * * *").
    """

    def wrap(work: Callable[..., None]) -> Job:
        def run(**args: Any) -> None:
            args.pop("timestamp", None)  # what a periodic run is called with; we tell `now`
            if connection.in_atomic_block:
                raise RuntimeError(f"job {name} must not run inside a transaction: defer it")
            work(now=system_clock.now(), **args)

        alone = name if cron else None
        retry = RetryStrategy(max_attempts=TRIES, exponential_wait=2)
        task = app.task(name=name, queue=queue, lock=alone, queueing_lock=alone, retry=retry)(run)
        if cron:
            app.periodic(cron=cron)(task)  # type: ignore[arg-type]
        return Job(task)

    return wrap


@job("kernel.housekeep", cron="*/10 * * * *")
def housekeep(*, now: datetime) -> None:
    """Remove what has had its time, a bounded amount each run."""
    housekeeping.run(now)
