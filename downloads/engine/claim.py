"""One transfer a part file: an engine that lost its lease without noticing must not write beside the next one."""

from __future__ import annotations

import fcntl
import os
from contextlib import suppress

from downloads.engine.errors import PartInUse

AGAIN_AFTER = 5.0


class Claim:
    """Holds `name` in an open folder until it is released; the kernel releases it when its holder dies.

    Raises PartInUse while another transfer, of this process or any other, holds it.
    """

    def __init__(self, folder: int, name: str) -> None:
        self._folder, self._name = folder, name
        while True:
            self._descriptor = os.open(name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600, dir_fd=folder)
            try:
                fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(self._descriptor)
                raise PartInUse(retry_after=AGAIN_AFTER) from None
            if self._is_current():
                return
            os.close(self._descriptor)  # its holder removed it between our opening and locking

    def release(self) -> None:
        """Harmless to repeat."""
        if self._descriptor >= 0:
            with suppress(FileNotFoundError):
                os.unlink(self._name, dir_fd=self._folder)
            os.close(self._descriptor)
            self._descriptor = -1

    def _is_current(self) -> bool:
        try:
            return os.path.samestat(os.fstat(self._descriptor), os.stat(self._name, dir_fd=self._folder))
        except FileNotFoundError:
            return False
