from __future__ import annotations

from typing import Any

from downloads import console, queries, record
from downloads.management.json_command import JsonCommand


class Command(JsonCommand):
    help = "List the downloads that are not finished, in the order in which they run."

    def handle(self, *args: Any, **options: Any) -> None:
        rows = queries.queue()
        if options["json"]:
            items = [record.of(row) for row in rows]
            self.answer({"items": items, "total": len(items)})
            return
        for row in rows:
            self.stdout.write(console.line(row))
        totals = queries.totals()
        self.stdout.write(f"{totals.open} open, {totals.failed} failed, {totals.completed} complete")
