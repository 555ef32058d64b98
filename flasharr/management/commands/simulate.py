"""`manage.py simulate`: Fshare on this machine, to try Flasharr without an account."""

from __future__ import annotations

import json
import shlex
import signal
import threading
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from flasharr.simulator import Simulator, World, demo_world
from flasharr.simulator.demo import demo_links

DEFAULT_PORT = 8485


class Command(BaseCommand):
    help = "Run a simulated Fshare with demo files, or with a world of your own."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=DEFAULT_PORT, help="0 takes any free one")
        parser.add_argument("--speed", type=int, help="bytes a second for each connection, 0 for no cap")
        parser.add_argument("--world", type=Path, metavar="FILE.json", help="see docs/simulator.md")
        parser.add_argument("--quiet", action="store_true", help="say nothing about how to use it")

    def handle(self, *args: Any, port: int, speed: int | None, world: Path | None, **options: Any) -> None:
        simulator = Simulator(_read(world) if world else demo_world(), port=port)
        if speed is not None:
            simulator.world.rules.speed = speed
        try:
            simulator.start()
        except (OSError, OverflowError) as error:
            raise CommandError(f"Cannot listen on port {port}: {error}.", returncode=2) from error
        ended = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: ended.set())
        if not options["quiet"]:
            self.stdout.write("\n".join(_lines(simulator)))
            self.stdout.flush()
        ended.wait()
        simulator.stop()


def _read(path: Path) -> World:
    try:
        return World.from_dict(json.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise CommandError(f"Cannot read {path}: {error.strerror}.", returncode=2) from error
    except ValueError as error:
        raise CommandError(f"{path} is not a world: {error}", returncode=2) from error


def _lines(simulator: Simulator) -> list[str]:
    """What a person needs: where it is, what to set, what to paste."""
    lines = [
        f"Simulated Fshare on {simulator.url} (control: {simulator.url}/__sim/health). Ctrl+C ends it.",
        "",
        "Set these and start Flasharr:",
        *(f"export {name}={shlex.quote(value)}" for name, value in simulator.environment().items()),
        "",
        "Links to paste:",
    ]
    return [*lines, *(f"  {link}  {name}" for link, name in demo_links(simulator.world))]
