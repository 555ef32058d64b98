from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from downloads import console, verbs
from downloads.console import Refused
from downloads.management.json_command import JsonCommand


class VerbCommand(JsonCommand):
    """One verb for the rows named on the command line; fails when one of them cannot take it."""

    verb = ""
    done = ""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("ids", nargs="+", metavar="ID", help="Numbers of downloads, or all.")
        super().add_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        outcome = verbs.apply(self.verb, console.chosen(self.verb, options["ids"]))
        sentences = "\n".join(verbs.refusal(self.verb, row) for row in outcome.refused)
        refusal = Refused("not_possible", sentences) if sentences else None
        if options["json"]:
            self.answer({"changed": outcome.changed, "refused": [row.pk for row in outcome.refused]}, refusal)
        else:
            self.stdout.write(f"{self.done}: {outcome.changed}")
        if refusal:
            raise refusal
