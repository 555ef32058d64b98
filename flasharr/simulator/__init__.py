"""Fshare on your own machine, with every fault it has been seen to have. See docs/simulator.md."""

from __future__ import annotations

from flasharr.simulator.demo import demo_world
from flasharr.simulator.faults import Fault
from flasharr.simulator.journal import Journal, Request
from flasharr.simulator.simulator import Simulator
from flasharr.simulator.world import Account, File, Folder, Rules, World

__all__ = [
    "Account",
    "Fault",
    "File",
    "Folder",
    "Journal",
    "Request",
    "Rules",
    "Simulator",
    "World",
    "demo_world",
]
