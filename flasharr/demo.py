"""The demo: the real program against the built-in simulator of Fshare, for a newcomer without an account."""

from __future__ import annotations

import os
import socket
import sys
from urllib.parse import urlsplit

from django.conf import settings

from flasharr.simulator.demo import demo_links, demo_world
from flasharr.simulator.simulator import Simulator


def enter(argv: list[str]) -> None:
    """Start the program again with everything pointed at the simulator; does not return.

    Without FLASHARR_DATA_DIR the demo keeps to a folder of its own, so that it never mixes with real data.
    """
    simulator = Simulator(demo_world())
    simulator.state.origin = f"http://127.0.0.1:{free_port()}"
    os.environ.update(simulator.environment())
    os.environ["FLASHARR_DEMO"] = "true"
    if not os.environ.get("FLASHARR_DATA_DIR"):
        os.environ["FLASHARR_DATA_DIR"] = str(settings.FLASHARR["DATA_DIR"] / "demo")
    sys.stdout.flush()
    os.execv(argv[0], argv)  # noqa: S606


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def simulate_arguments() -> list[str]:
    """How the supervisor starts the simulator that this process was pointed at."""
    return ["simulate", "--port", str(urlsplit(settings.HOST_CONFIG["FSHARE_API_URL"]).port), "--quiet"]


def welcome() -> str:
    """What a newcomer is told: links to paste."""
    links = "\n".join(f"  {link}  {what}" for link, what in demo_links(demo_world()))
    return f"This is the demo: nothing is fetched from the internet. Links to try:\n{links}"
