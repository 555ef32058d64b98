from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from downloads import actions, console
from downloads.management.json_command import JsonCommand


class Command(JsonCommand):
    help = "Remove downloads from the queue and the history. For some minutes they can be restored on the pages."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("ids", nargs="+", metavar="ID", help="Numbers of downloads, or all.")
        parser.add_argument("--with-file", action="store_true", help="Delete the downloaded files too.")
        super().add_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        changed = actions.remove(console.chosen("remove", options["ids"]), options["with_file"])
        if options["json"]:
            self.answer({"changed": changed})
        else:
            self.stdout.write(f"Removed: {changed}")
