"""Chores leave a worker to the engine: there is one seat less than there are workers, and each chore takes one.

Without this two chores that wait for a silent host would keep every download waiting.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from time import sleep

from django.conf import settings

from downloads import lease, queries
from hosts.sessions import Busy, file_lock

LOOK_EVERY = 0.5


@contextmanager
def seat(ask_again: Callable[[], object] | None = None) -> Iterator[None]:
    """Wait for a free seat and hold it.

    A chore that waits makes way when the engine is wanted: Busy is raised. It calls `ask_again` before, unless the
    watch asks for it again anyway.
    """
    with ExitStack() as held:
        while not is_taken(held):
            if queries.work_due() and not lease.is_alive(queries.lease()):
                if ask_again:
                    ask_again()
                raise Busy
            sleep(LOOK_EVERY)
        yield


def is_taken(held: ExitStack) -> bool:
    """Whether one of the seats was free and is ours now; the kernel frees it when we die."""
    for number in range(1, int(settings.Q_CLUSTER["workers"])):
        with suppress(Busy):
            held.enter_context(file_lock(f"seat-{number}", wait=False))
            return True
    return False
