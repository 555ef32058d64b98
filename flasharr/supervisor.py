"""Keeps the web server and the workers running. Knows no Django, so that it costs a few megabytes for years.

Started by `manage.py up`, which replaces itself with it: python -m flasharr.supervisor '[["web", ["argv", ...]], ...]'
Signals are waited for, not polled: an idle supervisor does nothing at all.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field

from downloads.processes import die_with_parent

SIGNALS = {signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD}
STOP_WITHIN = 9.0
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
STEADY_AFTER = 60.0


@dataclass
class Child:
    """One process, restarted after a pause that doubles while it keeps dying."""

    name: str
    argv: list[str]
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    due_at: float = 0.0
    pause: float = field(default=FIRST_PAUSE)

    def start(self) -> None:
        self.started_at = time.monotonic()
        self.process = subprocess.Popen(self.argv, preexec_fn=in_child)  # noqa: S603

    def reap(self, now: float) -> None:
        """Note a death and when to start again."""
        if self.process is None or self.process.poll() is None:
            return
        say(f"{self.name} ended with status {self.process.returncode}; starting it again.")
        self.process = None
        self.pause = FIRST_PAUSE if now - self.started_at > STEADY_AFTER else min(self.pause * 2, LONGEST_PAUSE)
        self.due_at = now + self.pause


def in_child() -> None:
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    die_with_parent()


def run(children: list[Child]) -> int:
    """Start all, restart what dies, and end with all of them on SIGTERM, SIGINT or SIGHUP.

    Except on SIGHUP where that is ignored: who starts it with nohup wants it to outlive the terminal.
    """
    hears = SIGNALS - {signal.SIGHUP} if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN else SIGNALS
    signal.pthread_sigmask(signal.SIG_BLOCK, hears)
    for child in children:
        child.start()
    while True:
        now = time.monotonic()
        pauses = [max(0.0, child.due_at - now) for child in children if child.process is None]
        received = signal.sigtimedwait(hears, min(pauses, default=3600.0))
        if received is not None and received.si_signo != signal.SIGCHLD:
            return stop(children)
        now = time.monotonic()
        for child in children:
            child.reap(now)
            if child.process is None and now >= child.due_at:
                child.start()


def stop(children: list[Child]) -> int:
    """Ask every child to end, the workers first of all; kill what has not ended in time."""
    running = [child.process for child in children if child.process is not None]
    for process in running:
        process.terminate()
    deadline = time.monotonic() + STOP_WITHIN
    for process in running:
        try:
            process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    say("Stopped.")
    return 0


def say(text: str) -> None:
    sys.stderr.write(f"flasharr: {text}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(run([Child(name, argv) for name, argv in json.loads(sys.argv[1])]))
