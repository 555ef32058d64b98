"""Our engine against curl, wget and aria2c: throughput and CPU, in interleaved rounds, on this machine, now.

    python -m tests.benchmarks.engine [--rounds 5] [--quick] [--only plain,tls] [--folder /tmp]

Needs nginx, curl, wget and aria2c (`apt-get install nginx-light curl wget aria2`). Prints medians and ratios.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from tests.benchmarks.file_server import FileServer, trickling

MIB = 1024 * 1024
GIB = 1024 * MIB
CAP = 10 * 1000 * 1000
LINE = 100 * 1000 * 1000


@dataclass(frozen=True)
class Cost:
    seconds: float
    cpu: float  # seconds of user and system time
    rss: float  # MiB


@dataclass
class Client:
    """`command` makes the command line for an empty folder."""

    name: str
    command: Callable[[Path], list[str]]
    is_ours: bool = False
    costs: list[Cost] = field(default_factory=list)


@dataclass
class Case:
    """`size` is the sum of bytes that every client fetches."""

    title: str
    size: int
    clients: list[Client]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--quick", action="store_true", help="small files: a check, not a measurement")
    parser.add_argument("--only", default="plain,tls,line,four,eight,capped,parts")
    parser.add_argument("--folder", default=None, help="where files are written")
    options = parser.parse_args()
    size = (64 if options.quick else 1024) * MIB
    with tempfile.TemporaryDirectory(prefix="flasharr-engine-", dir=options.folder) as name:
        folder = Path(name)
        with FileServer(folder, size, size // 4, 8, CAP) as server, trickling(size // 2, LINE) as trickle:
            cases = all_cases(server, trickle, size)
            for key in options.only.split(","):
                measure(cases[key](), folder / "out", options.rounds)


def all_cases(server: FileServer, trickle: str, size: int) -> dict[str, Callable[[], Case]]:
    url, secure, capped = server.url, server.secure_url, server.capped_url
    certificate, small = str(server.certificate), size // 4
    big, original = f"{url}big.bin", server.folder / "files" / "big.bin"
    return {
        "plain": lambda: Case("one file, plain HTTP", size, one_file(big, size, certificate)),
        "tls": lambda: Case("one file, TLS", size, one_file(f"{secure}big.bin", size, certificate)),
        "line": lambda: Case("one file, 100 MB/s in pieces of 16 KiB", size // 2, line(trickle, size // 2)),
        "four": lambda: Case("4 files at once", small * 4, several(url, 4, small)),
        "eight": lambda: Case("8 files at once", small * 8, several(url, 8, small)),
        "capped": lambda: Case("10 MB/s a connection, 4 connections", small, segmented(f"{capped}0.bin", small)),
        "parts": lambda: Case("what each proof costs", size, parts(big, original, size)),
    }


def ours(*arguments: str, urls: list[str]) -> Callable[[Path], list[str]]:
    start = [sys.executable, "-m", "tests.benchmarks.our_client"]
    return lambda out: [*start, "--root", str(out), *arguments, *urls]


def one_file(url: str, size: int, certificate: str) -> list[Client]:
    settings = ["--size", str(size), *(["--certificate", certificate] if certificate else [])]
    insecure = ["--check-certificate=false", "--file-allocation=none", "-q", "-x1"]
    return [
        Client("Flasharr", ours(*settings, urls=[url]), is_ours=True),
        Client("Flasharr, 3 segments", ours(*settings, "--connections", "3", urls=[url]), is_ours=True),
        Client("curl", lambda out: ["curl", "-sko", str(out / "0.bin"), url]),
        Client("wget", lambda out: ["wget", "-q", "--no-check-certificate", "-O", str(out / "0.bin"), url]),
        Client("aria2c -x1", lambda out: ["aria2c", *insecure, "-d", str(out), url]),
    ]


def line(url: str, size: int) -> list[Client]:
    """The server has no ranges."""
    return [client for client in one_file(url, size, "") if "segments" not in client.name]


def several(url: str, count: int, size: int) -> list[Client]:
    urls = [f"{url}{number}.bin" for number in range(count)]
    aria = ["aria2c", "-Z", f"-j{count}", "-x1", "-q", "--file-allocation=none"]
    return [
        Client("Flasharr", ours("--size", str(size), urls=urls), is_ours=True),
        Client("curl --parallel", lambda out: ["curl", "-sZ", "--output-dir", str(out), "--remote-name-all", *urls]),
        Client(f"aria2c -j{count}", lambda out: [*aria, "-d", str(out), *urls]),
    ]


def segmented(address: str, size: int) -> list[Client]:
    aria = ["aria2c", "-x4", "-s4", "-k1M", "-q", "--file-allocation=none"]
    settings = ["--size", str(size), "--connections", "4"]
    return [
        Client("Flasharr, 4 segments", ours(*settings, urls=[address]), is_ours=True),
        Client("aria2c -x4 -s4", lambda out: [*aria, "-d", str(out), address]),
    ]


def parts(url: str, original: Path, size: int) -> list[Client]:
    with original.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    bare = ["--size", str(size), "--without-progress", "--without-journal"]
    variants = {
        "nothing": bare,
        "progress": [argument for argument in bare if argument != "--without-progress"],
        "journal": [argument for argument in bare if argument != "--without-journal"],
        "limiter": [*bare, "--rate", str(10**11)],
        "sha256": [*bare, "--checksum", f"sha256:{digest}"],
        "four segments": [*bare, "--connections", "4"],
    }
    return [Client(name, ours(*arguments, urls=[url]), is_ours=True) for name, arguments in variants.items()]


def measure(case: Case, out: Path, rounds: int) -> None:
    for number in range(rounds):
        for client in case.clients[number % 2 :] + case.clients[: number % 2]:
            client.costs.append(run(client, out))
    first = case.clients[0]
    load = " ".join(f"{average:.1f}" for average in os.getloadavg())
    print(f"\n{case.title} ({case.size / GIB:.2f} GiB, {rounds} rounds, medians)")
    print(f"{datetime.now():%Y-%m-%d %H:%M}, {os.cpu_count()} cores, load over 1, 5 and 15 minutes {load}")
    print(f"{'':24}{'MiB/s':>8}{'CPU s/GiB':>11}{'RSS MiB':>9}{'speed x':>9}{'CPU x':>7}   (x: {first.name} / it)")
    for client in case.clients:
        speed, cpu, rss = summary(client, case.size)
        own_speed, own_cpu, _ = summary(first, case.size)
        print(
            f"{client.name:24}{speed:8.0f}{cpu:11.2f}{rss:9.0f}{own_speed / speed:9.2f}{own_cpu / cpu:7.2f}", flush=True
        )


def summary(client: Client, size: int) -> tuple[float, float, float]:
    """MiB a second, CPU seconds a GiB, MiB."""
    speed = statistics.median(size / MIB / cost.seconds for cost in client.costs)
    cpu = statistics.median(cost.cpu / (size / GIB) for cost in client.costs)
    return speed, cpu, max(cost.rss for cost in client.costs)


def run(client: Client, out: Path) -> Cost:
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir()
    os.sync()  # nobody pays for what another left to be written
    began = time.monotonic()
    process = subprocess.Popen(client.command(out), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    assert process.stdout is not None
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"{client.name} ended with {process.returncode}")
    if client.is_ours:
        return Cost(**json.loads(output))
    return Cost(time.monotonic() - began, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


if __name__ == "__main__":
    main()
