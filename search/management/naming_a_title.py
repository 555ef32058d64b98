"""How the commands are told which title is meant."""

from __future__ import annotations

import re
from typing import Any

from django.core.management.base import CommandParser

from downloads.console import Refused
from search import asking, record
from search.asking import Guess
from search.quality import queries as quality
from search.quality.models import QualityProfile
from search.titles import Card, Medium, TitleRef

SHOWN = 5  # of those that were not meant
NUMBER = re.compile(r"(movie|tv)/(\d{1,12})")


def add_arguments(parser: CommandParser) -> None:
    parser.add_argument("text", metavar="TEXT", help="A name, or TMDB's number as movie/438631 or tv/1396.")
    parser.add_argument("--year", type=int)
    parser.add_argument("--kind", choices=[medium.value for medium in Medium], help="Only films or only series.")
    parser.add_argument("--profile", default="", help="The name of a quality profile; without it the default.")


def title(options: dict[str, Any], is_series: bool) -> Guess:
    """Raises Refused, SourceProblem."""
    if by_number := NUMBER.fullmatch(options["text"]):
        return Guess(asking.title(TitleRef(Medium(by_number[1]), int(by_number[2]))))
    medium = Medium.TV if is_series else Medium(options["kind"]) if options["kind"] else None
    found = asking.likeliest(options["text"], medium, options["year"])
    if found is None:
        raise Refused("not_found", f"No title is called {options['text']!r}. Try fewer words, or leave the year out.")
    return found


def told(guess: Guess) -> str:
    """Which title was taken, and how to name the others that it may have been."""
    lines = [named(guess.title.card)]
    if others := guess.others[:SHOWN]:
        lines.append("It may also mean: " + "; ".join(map(named, others)))
    return "\n".join(lines)


def named(card: Card) -> str:
    return f"{card.name} ({card.year or '?'})  {card.ref.medium}/{card.ref.tmdb_id}"


def others(guess: Guess) -> list[dict[str, Any]]:
    return [record.card(card) for card in guess.others[:SHOWN]]


def profile(options: dict[str, Any]) -> QualityProfile:
    """Raises Refused."""
    if not options["profile"]:
        return quality.default()
    row = quality.profiles().filter(name__iexact=options["profile"]).first()
    if row is None:
        names = ", ".join(quality.profiles().values_list("name", flat=True))
        raise Refused("not_found", f"There is no quality profile {options['profile']!r}. There are: {names}.")
    return row
