from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from downloads import console, following, record, strict
from downloads.console import Refused
from downloads.management.json_command import JsonCommand
from downloads.models import Download
from downloads.states import Status
from hosts.base import Problem

NO_WORKER = (
    "No worker is running, so nothing is downloaded. The downloads stay in the queue: start `manage.py up`, "
    "or `manage.py worker` beside a running web server."
)


class Command(JsonCommand):
    help = "Add links; with --wait, follow them until they are complete. Fails when one cannot be added or completed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "urls",
            nargs="+",
            metavar="URL",
            help="A file or folder link, or any http(s) address, with its checksum behind it if there is one.",
        )
        parser.add_argument("--wait", action="store_true", help="Stay until all are complete.")
        parser.add_argument("--dir", "--directory", dest="directory", default="", help="Below the download folder.")
        parser.add_argument("--checksum", default="", help="Of a single file: md5:, sha1:, sha256: or sha512: and hex.")
        parser.add_argument("--priority", choices=record.PRIORITIES, default="normal")
        super().add_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        priority = record.PRIORITIES[options["priority"]]
        how = strict.How(directory=options["directory"], priority=priority, checksum=options["checksum"])
        try:
            answer = strict.add(options["urls"], how)
        except Problem as problem:
            raise Refused(problem.code, problem.message) from problem
        if not options["json"]:
            for one in answer.added:
                self.stdout.write(("here already: " if one.existing else "added: ") + console.line(one.download))
        rows = {one.download.pk: one.download for one in answer.added}
        failures = [f"{url}: {why.message}" for url, why in answer.left_out]
        if options["wait"]:
            after = self.follow(list(rows), quiet=options["json"])
            failures += [f"Download {pk} was removed." for pk in rows if pk not in after]
            failures += [following.ending(row) for row in after.values() if row.status != Status.COMPLETED]
            rows = after
        refusal = Refused("incomplete", "\n".join(failures)) if failures else None
        if options["json"]:
            existing = {one.download.pk: one.existing for one in answer.added}
            items = [{**record.of(row), "existing": existing[pk]} for pk, row in rows.items()]
            left_out = [{"url": url, "message": why.message} for url, why in answer.left_out]
            self.answer({"items": items, "left_out": left_out}, refusal)
        if refusal:
            raise refusal

    def follow(self, numbers: list[int], quiet: bool) -> dict[int, Download]:
        """The rows at the end, by number. Raises Refused when nobody works on them."""

        def say(text: str) -> None:
            if not quiet:
                self.stdout.write(text)
                self.stdout.flush()

        try:
            return {row.pk: row for row in following.follow(numbers, say)}
        except following.NoWorker as problem:
            raise Refused("no_worker", NO_WORKER) from problem
        except KeyboardInterrupt as interrupt:
            raise Refused("interrupted", "Stopped watching; the downloads go on.", returncode=130) from interrupt
