"""https://timfshare.com: a search over names of files that people share on Fshare."""

from __future__ import annotations

import zlib
from typing import Any
from urllib.parse import urlsplit

from flasharr.simulator.answers import Answer, html_answer, json_answer, nginx_answer
from flasharr.simulator.journal import Request
from flasharr.simulator.state import State
from flasharr.simulator.titles.catalogue import Offer, fold
from flasharr.simulator.visit import Visit

SEARCH = "/api/v1/string-query-search"
AUTOCOMPLETE = "/api/v1/autocomplete"
MOST_ROWS = 200
LONGEST = 256


def identify(visit: Visit, state: State) -> None:
    visit.call = {SEARCH: "search", AUTOCOMPLETE: "autocomplete", "/api/key/data-top": "top"}.get(visit.path, "")


def answer(visit: Visit, state: State, request: Request) -> Answer:
    reply = _answer(visit, state)
    reply.delay += state.world.rules.timfshare_latency
    return reply


def _answer(visit: Visit, state: State) -> Answer:
    offers = state.world.titles.offers
    if visit.call == "search":
        if visit.method != "POST":
            return nginx_answer(405)
        if not _is_from_its_page(visit):
            return html_answer(403, "<!DOCTYPE html><html><title>Just a moment...</title></html>")
        return json_answer(200, {"data": [_row(offer) for offer in _found(visit.query.get("query", ""), offers)]})
    if visit.call == "autocomplete":
        return json_answer(
            200, {"data": [{"value": offer.name} for offer in _found(visit.query.get("query", ""), offers)[:10]]}
        )
    if visit.call == "top":
        files = [offer for offer in offers if not offer.is_folder][:50]
        return json_answer(200, {"dataFile": [{**_row(offer), "linkcode": offer.code} for offer in files]})
    return nginx_answer(404)


def _found(query: str, offers: list[Offer]) -> list[Offer]:
    """Those whose names have a word that begins with each word asked for; the shorter the name, the earlier."""
    asked = fold(query[:LONGEST].replace(".", " ")).split()
    if not asked:
        return []
    found = []
    for offer in offers:
        words = f" {fold(offer.name)}"
        if all(f" {word}" in words for word in asked):
            found.append((len(words), offer.name, offer))
    return [offer for _, _, offer in sorted(found, key=lambda one: one[:2])[:MOST_ROWS]]


def _row(offer: Offer) -> dict[str, Any]:
    kind = "folder" if offer.is_folder else "file"
    return {
        "id": zlib.crc32(offer.code.encode()),
        "name": offer.name,
        "url": f"https://www.fshare.vn/{kind}/{offer.code}",
        "file_type": "0" if offer.is_folder else "1",
        "size": offer.size,
    }


def _is_from_its_page(visit: Visit) -> bool:
    """Its own page sends an empty body, the site as the origin and its search page as the referrer."""
    origin = str(visit.headers.get("Origin", ""))
    referrer = str(visit.headers.get("Referer", ""))
    return bool(urlsplit(origin).netloc) and "/search" in referrer and visit.headers.get("Content-Length") == "0"
