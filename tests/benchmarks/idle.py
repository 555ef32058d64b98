"""What Flasharr costs while it has nothing to do: start-up time, CPU and memory of all its processes.

python -m tests.benchmarks.idle [--seconds 60] [--rows 0] [--state queued|held|waiting|paused|space]

With --rows the same is measured twice, with no row and with that many: queued ones wait for two slots that a server
which never answers has taken, held ones for its connections while slots are free, waiting ones for an hour to pass,
and those of space for room on the disk. With rows that need an engine, both runs have one at work.
"""

from __future__ import annotations

import argparse
import os
import socket
import tempfile
import time
from pathlib import Path

import requests

from flasharr.simulator.simulator import Simulator
from tests.stack import Stack, command_of

STATES = ("queued", "held", "waiting", "paused", "space")
SEED = """
from datetime import timedelta
from django.conf import settings
from django.utils import timezone
from downloads import wake
from downloads.models import Download, Preferences
hung, state = "{state}" in ("queued", "held", "space"), "{state}"
until = timezone.now() + timedelta(hours=1) if state == "waiting" else None
Preferences.objects.update_or_create(pk=1, defaults={{"max_active": 8 if state in ("held", "space") else 4}})
def row(number, **fields):
    url = f"http://127.0.0.1:{port}/{{number}}"
    return Download(host="direct", server="127.0.0.1:{port}", code=url, url=url, name=f"{{number}}.mkv", size=10**7,
                    root=str(settings.FLASHARR["DOWNLOAD_DIR"]), position=number, part_id=f"part{{number}}", **fields)
status = {{"waiting": "waiting", "paused": "paused", "space": "waiting"}}.get(state, "queued")
code = {{"waiting": "server_busy", "space": "disk_full"}}.get(state, "")
rows = [row(n) for n in range(4)] if hung else []
rows += [row(n, status=status, reason_code=code, reason_until=until) for n in range(10, 10 + {rows})]
for one in rows[4:]:
    one.size = 10**15 if state == "space" else one.size
Download.objects.bulk_create(rows, batch_size=1000)
wake.engine()
"""
TICKS = os.sysconf("SC_CLK_TCK")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--rows", type=int, default=0)
    parser.add_argument("--state", choices=STATES, default="queued")
    arguments = parser.parse_args()
    seconds = arguments.seconds
    if arguments.rows:
        for rows in (0, arguments.rows):
            print(f"{rows} {arguments.state} rows:")
            measure_rows(rows, arguments.state, seconds)
        return
    with tempfile.TemporaryDirectory(prefix="flasharr-idle-") as folder, Simulator() as simulator:
        stack = Stack(Path(folder), simulator.environment())
        first = start(stack)
        stack.stop()
        again = start(stack)
        print(f"start-up to the first page: {first:.1f} s on an empty data folder, {again:.1f} s after that")
        time.sleep(10)
        measure(stack, seconds)
        stack.stop()


def measure_rows(rows: int, state: str, seconds: float) -> None:
    with (
        tempfile.TemporaryDirectory(prefix="flasharr-idle-") as folder,
        socket.create_server(("127.0.0.1", 0), backlog=64) as silent,
    ):
        stack = Stack(Path(folder), {"FLASHARR_ALLOW_PRIVATE_HOSTS": "true"})
        stack.start()
        seeded = stack.manage("shell", "-c", SEED.format(port=silent.getsockname()[1], rows=rows, state=state))
        assert seeded.returncode == 0, seeded.stderr
        time.sleep(15)
        measure(stack, seconds)
        stack.stop()


def start(stack: Stack) -> float:
    """Seconds until a page is served."""
    began = time.monotonic()
    stack.start()
    requests.get(f"{stack.url}/login/", timeout=10)
    return time.monotonic() - began


def measure(stack: Stack, seconds: float) -> None:
    before = {pid: cpu_seconds(pid) for pid in stack.processes()}
    time.sleep(seconds)
    total_cpu = total_memory = 0.0
    for pid in stack.processes():
        used = cpu_seconds(pid) - before.get(pid, 0.0)
        memory = pss_mib(pid)
        total_cpu, total_memory = total_cpu + used, total_memory + memory
        print(f"{pid:>8} {100 * used / seconds:6.2f} % {memory:7.1f} MiB  {command_of(pid)[:90]}")
    print(f"   total {100 * total_cpu / seconds:6.2f} % {total_memory:7.1f} MiB  (of a core over {seconds:.0f} s, PSS)")


def cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def pss_mib(pid: int) -> float:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


if __name__ == "__main__":
    main()
