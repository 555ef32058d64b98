"""Small facts about operating system processes. PURE, and light enough for the supervisor."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from pathlib import Path

PR_SET_PDEATHSIG = 1


def die_with_parent() -> None:
    """Have the kernel kill this process when its parent dies, however suddenly: no orphan keeps a port or a row.

    Linux only; elsewhere orphans are found by the lease. To be called in the child.
    """
    if not sys.platform.startswith("linux"):
        return
    parent = os.getppid()
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGKILL)


def identity(pid: int) -> str:
    """A process's number with the moment of its start: what no later process can share. "" when it is gone.

    Elsewhere than on Linux the number has to do.
    """
    if not exists(pid):
        return ""
    try:
        started = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    except OSError:
        started = "?"
    return f"{pid} {started}"


def exists(pid: int) -> bool:
    """Is there a process with this number on this machine?"""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
