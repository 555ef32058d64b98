from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from downloads import console, queries, record


class Command(BaseCommand):
    help = "List the downloads that are not finished, in the order in which they run."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="Answer in JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        rows = queries.queue()
        if options["json"]:
            items = [record.of(row) for row in rows]
            self.stdout.write(console.as_json({"items": items, "total": len(items)}))
            return
        for row in rows:
            self.stdout.write(console.line(row))
        totals = queries.totals()
        self.stdout.write(f"{totals.open} open, {totals.failed} failed, {totals.completed} complete")
