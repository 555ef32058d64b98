from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from downloads import console, verbs


class VerbCommand(BaseCommand):
    """One verb for the rows named on the command line; fails when one of them cannot take it."""

    verb = ""
    done = ""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("ids", nargs="+", metavar="ID", help="Numbers of downloads, or all.")
        parser.add_argument("--json", action="store_true", help="Answer in JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        outcome = verbs.apply(self.verb, console.chosen(self.verb, options["ids"]))
        if options["json"]:
            refused = [row.pk for row in outcome.refused]
            self.stdout.write(console.as_json({"changed": outcome.changed, "refused": refused}))
        else:
            self.stdout.write(f"{self.done}: {outcome.changed}")
        if outcome.refused:
            raise CommandError("\n".join(verbs.refusal(self.verb, row) for row in outcome.refused))
