"""What the commands share: an answer for people or, with --json, for programs."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from downloads import clock, console
from downloads.console import Refused


class JsonCommand(BaseCommand):
    """With --json there is exactly one document on the standard output, also when the command fails."""

    answered = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="Answer in JSON.")

    def execute(self, *args: Any, **options: Any) -> str | None:
        self.answered = False
        clock.follow()
        try:
            return super().execute(*args, **options)
        except CommandError as refusal:
            if options.get("json") and not self.answered:
                self.answer({}, refusal)
            raise

    def answer(self, document: dict[str, Any], refusal: CommandError | None = None) -> None:
        """Write the document, and into it why the command fails although it did something."""
        if refusal is not None:
            code = refusal.code if isinstance(refusal, Refused) else "failed"
            document = {**document, "error": {"code": code, "message": str(refusal)}}
        self.stdout.write(console.as_json(document))
        self.answered = True
