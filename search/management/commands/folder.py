"""manage.py folder: follow folders from a shell."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from downloads.console import Refused
from downloads.management.json_command import JsonCommand
from hosts.base import Problem
from search.catalogue import actions, queries, record
from search.catalogue.models import FolderSubscription


class Command(JsonCommand):
    help = "Follow folders: add, list, refresh, remove."

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        add = verbs.add_parser("add", help="Follow a folder.")
        add.add_argument("url")
        add.add_argument("--hours", type=int, default=24, help="Between two visits.")
        refresh = verbs.add_parser("refresh", help="Visit it now.")
        remove = verbs.add_parser("remove", help="Follow it no longer; its files stay in the search.")
        remove.add_argument("--drop-files", action="store_true", help="Forget its files too.")
        for verb in (refresh, remove):
            verb.add_argument("id", type=int)
        for verb in (add, refresh, remove, verbs.add_parser("list", help="Show the followed folders.")):
            super().add_arguments(verb)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            rows = getattr(self, "do_" + options["verb"])(**options)
        except Problem as problem:
            raise Refused(problem.code, problem.message) from problem
        items = [record.of(row) for row in rows]
        if options["json"]:
            self.answer({"items": items, "total": len(items)})
            return
        for item in items:
            self.stdout.write(line(item))

    def do_add(self, url: str, hours: int, **_: Any) -> list[FolderSubscription]:
        if not 1 <= hours <= actions.LONGEST_INTERVAL:
            raise Refused("invalid", f"--hours is from 1 to {actions.LONGEST_INTERVAL}.")
        return [actions.subscribe(url, hours)]

    def do_list(self, **_: Any) -> list[FolderSubscription]:
        return list(queries.subscriptions())

    def do_refresh(self, id: int, **_: Any) -> list[FolderSubscription]:  # noqa: A002
        row = found(id)
        if not actions.refresh(row):
            raise Refused("not_possible", "It is paused. Resume it first.")
        row.refresh_from_db()
        return [row]

    def do_remove(self, id: int, drop_files: bool, **_: Any) -> list[FolderSubscription]:  # noqa: A002
        row = found(id)
        actions.unsubscribe(row, keep_entries=not drop_files)
        row.pk = id
        return [row]


def found(number: int) -> FolderSubscription:
    row = FolderSubscription.objects.filter(pk=number).first() if 0 < number < 2**63 else None
    if row is None:
        raise Refused("not_found", f"There is no followed folder {number}. `folder list` shows them.")
    return row


def line(item: dict[str, Any]) -> str:
    why = f"  ({item['problem']['message']})" if item["problem"] else ""
    return f"{item['id']:>4}  {item['status']:<10}  {item['files']:>7} files  {item['name']}  {item['url']}{why}"
