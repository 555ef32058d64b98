from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import CommandParser

from downloads import actions, console
from downloads.console import Refused
from downloads.forms import MB, SpeedField
from downloads.management.json_command import JsonCommand
from downloads.models import FASTEST


class Command(JsonCommand):
    help = "Limit the speed of downloads; those that run follow at once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("speed", metavar="SPEED", help="MB/s, for example 2.5; 0 for no limit.")
        parser.add_argument("ids", nargs="+", metavar="ID", help="Numbers of downloads, or all.")
        super().add_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            rate = SpeedField().clean(options["speed"])
        except ValidationError as error:
            text = f"{options['speed']!r} is no speed. Give MB/s between 0 and {FASTEST // MB}."
            raise Refused("invalid", text) from error
        changed = actions.set_speed_limit(console.chosen("limit", options["ids"]), rate)
        if options["json"]:
            self.answer({"changed": changed})
        else:
            self.stdout.write(f"Limited: {changed}")
