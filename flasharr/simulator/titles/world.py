"""Worlds with the titles in them."""

from __future__ import annotations

from flasharr.simulator.titles.catalogue import Titles, read_catalogue
from flasharr.simulator.titles.offers import add_offers
from flasharr.simulator.world import Account, World


def add_titles(world: World, scale: float = 1.0) -> World:
    """Give a world every title and every file. A `scale` below 1 shrinks files; then no running time is told,

    for a film of two hours in 40 MB would rightly be taken for a fake.
    """
    world.titles = Titles(read_catalogue(), shows_runtime=scale == 1)
    add_offers(world, scale)
    return world


def title_world() -> World:
    """One VIP account, every title, files as large as real ones."""
    world = World()
    world.add(Account("demo@example.com", "demo-password"))
    return add_titles(world)
