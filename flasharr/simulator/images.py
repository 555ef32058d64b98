"""https://image.tmdb.org/t/p: posters and backdrops, drawn when they are asked for."""

from __future__ import annotations

import re
from functools import lru_cache

from flasharr.simulator.answers import Answer, Text, nginx_answer
from flasharr.simulator.drawing import draw
from flasharr.simulator.journal import Request
from flasharr.simulator.state import State
from flasharr.simulator.titles.catalogue import Catalogue
from flasharr.simulator.visit import Visit

PATH = re.compile(r"/(w\d{2,4}|original)/(movie|tv)-(\d{1,9})(?:-s(\d{1,4})(?:e(\d{1,4}))?)?(-wide)?\.png")
ORIGINAL = 780


def identify(visit: Visit, state: State) -> None:
    visit.call = "image"


def answer(visit: Visit, state: State, request: Request) -> Answer:
    match = PATH.fullmatch(visit.path)
    text = _text(match, state.world.titles.catalogue) if match else ""
    if match is None or not text:
        return nginx_answer(404)
    width = ORIGINAL if match[1] == "original" else min(int(match[1][1:]), 1280)
    height = width * 9 // 16 if match[6] else width * 3 // 2
    if match[6]:
        text = ""  # a page writes over it
    headers = {"Content-Type": "image/png", "Cache-Control": "public, max-age=31536000"}
    return Answer(200, Text(_drawn(text, int(match[3]), width, height)), headers)


@lru_cache(maxsize=256)
def _drawn(text: str, seed: int, width: int, height: int) -> bytes:
    return draw(text, seed, width, height)


def _text(match: re.Match[str], catalogue: Catalogue) -> str:
    """The title, and for a season or episode which one; "" when there is no such title."""
    works = catalogue.films if match[2] == "movie" else catalogue.series
    name = next((work.name for work in works if work.id == int(match[3])), "")
    if not name or match[4] is None:
        return name
    return f"{name} S{int(match[4]):02}" + (f"E{int(match[5]):02}" if match[5] else "")
