from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from downloads import actions, console


class Command(BaseCommand):
    help = "Remove downloads from the queue and the history. For some minutes they can be restored on the pages."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("ids", nargs="+", metavar="ID", help="Numbers of downloads, or all.")
        parser.add_argument("--with-file", action="store_true", help="Delete the downloaded files too.")
        parser.add_argument("--json", action="store_true", help="Answer in JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        changed = actions.remove(console.chosen("remove", options["ids"]), options["with_file"])
        self.stdout.write(console.as_json({"changed": changed}) if options["json"] else f"Removed: {changed}")
