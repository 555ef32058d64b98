"""manage.py grab: put a film, or what is missing of a series, into the queue under its library names."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from downloads import record as downloads
from downloads.console import Refused
from downloads.engine.space import readable
from downloads.management.json_command import JsonCommand
from hosts.base import Problem
from search import record
from search.grab import actions
from search.grab.preview import GrabPreview, preview
from search.management import naming_a_title


class Command(JsonCommand):
    help = "Fetch a film, or what is missing of a series. Fails when there is nothing to fetch."

    def add_arguments(self, parser: CommandParser) -> None:
        naming_a_title.add_arguments(parser)
        parser.add_argument("--season", type=int, action="append", default=[], help="May be given several times.")
        parser.add_argument("--dry-run", action="store_true", help="Show what would be fetched, and change nothing.")
        super().add_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        if any(season < 0 for season in options["season"]):
            raise Refused("invalid", "Seasons are numbers from 0 on.")
        try:
            guess = naming_a_title.title(options, bool(options["season"]))
            seen = preview(guess.title, options["season"], naming_a_title.profile(options))
            if not options["json"]:
                self.stdout.write(naming_a_title.told(guess))
                self.show(seen)
            done = None if options["dry_run"] and seen.lines else actions.grab(seen)
        except Problem as problem:
            raise Refused(problem.code, problem.message) from problem
        if options["json"]:
            rows = done.added if done else []
            items = [{**downloads.of(one.download), "existing": one.existing} for one in rows]
            others = naming_a_title.others(guess)
            self.answer(
                {"title": record.card(guess.title.card), "others": others, "plan": record.plan(seen), "items": items}
            )
        elif done:
            self.stdout.write(f"Added: {done.new}")

    def show(self, seen: GrabPreview) -> None:
        self.stdout.write(seen.batch_name)
        for line in seen.lines:
            size = line.found.candidate.size
            mark = "filler  " if line.filler else ""
            self.stdout.write(
                f"{line.found.score.total:>3}  {readable(size) if size is not None else '?':>9}  {mark}{line.path}"
            )
        if seen.missing:
            numbers = ", ".join(f"S{season:02d}E{episode:02d}" for season, episode in seen.missing)
            self.stdout.write(f"Nobody offers: {numbers}")
        if seen.too_big:
            self.stdout.write(f"It needs {readable(seen.size)}, and {readable(seen.free or 0)} are free.")
