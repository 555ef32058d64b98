"""manage.py account: add, check, list, change and remove accounts at file hosts."""

from __future__ import annotations

import getpass
import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from downloads import clock, usage
from downloads.engine.space import readable
from hosts import accounts, registry
from hosts.base import Problem
from hosts.models import Account


class Command(BaseCommand):
    help = "Add, check, list, change and remove accounts at file hosts."

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        add = verbs.add_parser("add", help="Sign in and keep the account; asks for the password.")
        add.add_argument("email")
        add.add_argument("--host", default="fshare", choices=[h.name for h in registry.HOSTS if h.needs_account])
        add.add_argument("--password-stdin", action="store_true", help="Read the password from standard input.")
        check = verbs.add_parser("check", help="Ask the host about one account, or about all.")
        check.add_argument("id", nargs="?", type=int)
        change = verbs.add_parser("change", help="Switch an account on or off, or say how much it may do at once.")
        change.add_argument("id", type=int)
        switch = change.add_mutually_exclusive_group()
        switch.add_argument("--on", action="store_true", help="Use it.")
        switch.add_argument("--off", action="store_true", help="Leave it alone until it is switched on.")
        change.add_argument("--transfers", type=int, metavar="N", help="At most N transfers at once.")
        change.add_argument("--password-stdin", action="store_true", help="Read a new password from standard input.")
        remove = verbs.add_parser("remove", help="Sign out and forget an account.")
        remove.add_argument("id", type=int)
        for verb in (add, check, change, remove, verbs.add_parser("list", help="Show the accounts.")):
            verb.add_argument("--json", action="store_true", help="Answer in JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        clock.follow()  # days of traffic are counted by it
        done, failures = getattr(self, "do_" + options["verb"])(**options)
        if options["json"]:
            self.stdout.write(json.dumps({"items": done, "total": len(done)}, indent=2))
        else:
            for item in done:
                self.stdout.write(line(item))
        if failures:
            raise CommandError("\n".join(failures))

    def do_add(self, email: str, host: str, password_stdin: bool, **_: Any) -> tuple[list[dict[str, Any]], list[str]]:
        password = sys.stdin.readline().rstrip("\r\n") if password_stdin else getpass.getpass("Password: ")
        try:
            return [summary(accounts.add(host, email, password))], []
        except Problem as problem:
            return [], [f"{problem.message} Nothing was saved."]

    def do_check(self, id: int | None, **_: Any) -> tuple[list[dict[str, Any]], list[str]]:  # noqa: A002
        chosen = [find(id)] if id is not None else list(Account.objects.all())
        failures = []
        for account in chosen:
            try:
                accounts.check(account)
            except Problem as problem:
                failures.append(f"{account}: {problem.message}")
            else:
                if standing := account.problem:
                    failures.append(f"{account}: {standing.message}")
        return [summary(account) for account in chosen], failures

    def do_change(
        self,
        id: int,  # noqa: A002
        on: bool,
        off: bool,
        transfers: int | None,
        password_stdin: bool,
        **_: Any,
    ) -> tuple[list[dict[str, Any]], list[str]]:
        account = find(id)
        try:
            if password_stdin:
                accounts.change_password(account, sys.stdin.readline().rstrip("\r\n"))
                account.refresh_from_db()
            if transfers is not None:
                accounts.set_max_transfers(account, transfers)
            if on or off:
                accounts.set_enabled(account, on)
        except Problem as problem:
            return [], [problem.message]
        return [summary(account)], []

    def do_remove(self, id: int, **_: Any) -> tuple[list[dict[str, Any]], list[str]]:  # noqa: A002
        account = find(id)
        gone = summary(account)
        accounts.remove(account)
        return [gone], []

    def do_list(self, **_: Any) -> tuple[list[dict[str, Any]], list[str]]:
        return [summary(account) for account in Account.objects.all()], []


def find(account_id: int) -> Account:
    account = Account.objects.filter(pk=account_id).first()
    if account is None:
        raise CommandError(f"There is no account {account_id}. `account list` shows them.")
    return account


def summary(account: Account) -> dict[str, Any]:
    """What may be shown of an account: nothing secret."""
    problem = account.problem
    return {
        "id": account.pk,
        "host": account.host,
        "email": account.email,
        "kind": account.kind,
        "is_vip": account.is_vip,
        "vip_until": account.vip_until.isoformat() if account.vip_until else None,
        "is_lifetime": account.is_lifetime,
        "days_left": account.days_left,
        "is_enabled": account.is_enabled,
        "max_transfers": account.max_transfers,
        "active": usage.active().get(account.pk, 0),
        "bytes_today": usage.brought_on(timezone.localdate()).get(account.pk, 0),
        "checked_at": account.checked_at.isoformat() if account.checked_at else None,
        "standing": problem.code if problem else "",
        "message": problem.message if problem else "",
    }


def line(item: dict[str, Any]) -> str:
    until = "for ever" if item["is_lifetime"] else f"until {item['vip_until']}" if item["vip_until"] else ""
    used = f"{item['active']}/{item['max_transfers']} running, {readable(item['bytes_today'])} today"
    state = item["message"] or ("good" if item["is_enabled"] else "switched off")
    return (
        f"{item['id']}  {item['host']}  {item['email']}  {item['kind'] or 'not checked yet'} {until}  {state}  {used}"
    )
