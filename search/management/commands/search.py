"""manage.py search: the files of a title, the best first, and why."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from downloads.console import Refused
from downloads.engine.space import readable
from downloads.management.json_command import JsonCommand
from hosts.base import Problem
from search import asking, library, record
from search.finder.found import Found
from search.management import naming_a_title

SHOWN = 20


class Command(JsonCommand):
    help = "Find the files of a title. Fails when nobody offers one that suits."

    def add_arguments(self, parser: CommandParser) -> None:
        naming_a_title.add_arguments(parser)
        parser.add_argument("--season", type=int)
        parser.add_argument("--episode", type=int)
        parser.add_argument("--refused", action="store_true", help="Show those that were refused as well.")
        super().add_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        season, episode = options["season"], options["episode"]
        if episode is not None and season is None:
            raise Refused("invalid", "Give --season with --episode.")
        if min(season or 0, episode or 0) < 0:
            raise Refused("invalid", "Seasons and episodes are numbers from 0 on.")
        try:
            guess = naming_a_title.title(options, season is not None)
            title = guess.title
            results = asking.files(title, season, episode, naming_a_title.profile(options))
        except Problem as problem:
            raise Refused(problem.code, problem.message) from problem
        refusal = None if results.accepted else Refused("nothing_offered", "Nobody offers a file of it that suits.")
        if options["json"]:
            named = {"title": record.title(title, library.of(title)), "others": naming_a_title.others(guess)}
            self.answer({**named, **record.files(results)}, refusal)
        else:
            self.stdout.write(naming_a_title.told(guess))
            for one in (results.found if options["refused"] else results.accepted)[:SHOWN]:
                self.stdout.write(line(one))
            for part in record.failing(results.failing):
                self.stderr.write(part["message"])
        if refusal:
            raise refusal


def line(one: Found) -> str:
    size = readable(one.candidate.size) if one.candidate.size is not None else "?"
    mark = f"{one.score.total:>3}" if one.accepted else " --"
    why = "" if one.accepted else f"  ({one.verdict.reasons[0]})"
    return f"{mark}  {size:>9}  {one.candidate.name}  {one.candidate.url}{why}"
