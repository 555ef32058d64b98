"""What Flasharr costs while it has nothing to do: start-up time, CPU and memory of all its processes.

python -m tests.benchmarks.idle [--seconds 60] [--rows 0]
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from pathlib import Path

import requests

from flasharr.simulator.simulator import Simulator
from tests.stack import Stack, command_of

TICKS = os.sysconf("SC_CLK_TCK")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    seconds = parser.parse_args().seconds
    with tempfile.TemporaryDirectory(prefix="flasharr-idle-") as folder, Simulator() as simulator:
        stack = Stack(Path(folder), simulator.environment())
        first = start(stack)
        stack.stop()
        again = start(stack)
        print(f"start-up to the first page: {first:.1f} s on an empty data folder, {again:.1f} s after that")
        time.sleep(10)
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
