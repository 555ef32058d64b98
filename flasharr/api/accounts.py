from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status

from downloads import usage
from flasharr.api.access import Needs
from flasharr.api.shapes import Body, Changes, ReasonOut, Text
from flasharr.keys import Scope
from hosts import accounts as host_side
from hosts.base import Problem, fill
from hosts.models import MOST_TRANSFERS, Account
from hosts.standing import concerns_account

router = Router(tags=["accounts"])
ACCOUNTS = Needs(Scope.ACCOUNTS)


class AccountOut(Schema):
    """`problem` is what keeps the account from being used now. The password is never told.

    `active` transfers of at most `max_transfers` run with it; `bytes_today` is what it has brought, as counted here.
    `next_check_at` is when the host is asked about it again, null when that is up to the user.
    """

    id: int
    host: str
    email: str
    kind: str
    is_vip: bool
    is_lifetime: bool
    is_enabled: bool
    max_transfers: int
    active: int
    bytes_today: int
    days_left: int | None
    vip_until: datetime | None
    signed_in_since: datetime | None
    next_check_at: datetime | None
    checked_at: datetime | None
    created_at: datetime
    problem: ReasonOut | None


class AccountsOut(Schema):
    items: list[AccountOut]
    total: int


class NewAccount(Body):
    host: Literal["fshare"] = "fshare"
    email: Text = Field(min_length=3, max_length=254)
    password: Text = Field(min_length=1, max_length=256)


class AccountChanges(Changes):
    """A new password is tried with the host first."""

    is_enabled: bool | None = None
    max_transfers: int | None = Field(None, ge=1, le=MOST_TRANSFERS)
    password: Text | None = Field(None, min_length=1, max_length=256)


class DayOut(Schema):
    day: date
    bytes: int


class TrafficOut(Schema):
    """One item a day, the newest last."""

    items: list[DayOut]
    total: int


class NoticeOut(Schema):
    """`key` stays the same while nothing new has happened. `is_bad` when downloads wait already."""

    key: str
    email: str | None
    message: str
    is_bad: bool
    until: datetime | None


class NoticesOut(Schema):
    items: list[NoticeOut]
    total: int


def shown(account: Account) -> AccountOut:
    known = {"id", "problem", "active", "bytes_today"}
    fields = {name: getattr(account, name) for name in AccountOut.model_fields if name not in known}
    active = usage.active().get(account.pk, 0)
    today = usage.brought_on(timezone.localdate()).get(account.pk, 0)
    return AccountOut(id=account.pk, **fields, active=active, bytes_today=today, problem=problem_of(account))


def problem_of(account: Account) -> ReasonOut | None:
    problem = account.problem
    if problem is None:
        return None
    until = account.cool_down_until
    return ReasonOut(code=problem.code, message=problem.message, until=until, action=problem.cure or None)


@router.get("", auth=ACCOUNTS, response=AccountsOut)
def index(request: HttpRequest) -> dict[str, object]:
    items = [shown(account) for account in Account.objects.all()]
    return {"items": items, "total": len(items)}


@router.post("", auth=ACCOUNTS, response={201: AccountOut})
def add(request: HttpRequest, new: NewAccount) -> Status[AccountOut]:
    """Sign in with it and keep it; an account that does not work is not kept."""
    return Status(201, shown(host_side.add(new.host, new.email, new.password)))


@router.get("/notices", auth=ACCOUNTS, response=NoticesOut)
def notices(request: HttpRequest) -> NoticesOut:
    """What the user should know about the accounts: VIP that ends, what keeps them from being used."""
    items = [
        NoticeOut(
            key=one.key,
            email=one.email or None,
            message=fill(one.sentence, one.params),
            is_bad=one.is_bad,
            until=one.until,
        )
        for one in host_side.current_notices()
    ]
    return NoticesOut(items=items, total=len(items))


@router.get("/{int:pk}", auth=ACCOUNTS, response=AccountOut)
def one(request: HttpRequest, pk: int) -> AccountOut:
    return shown(get_object_or_404(Account, pk=pk))


@router.get("/{int:pk}/traffic", auth=ACCOUNTS, response=TrafficOut)
def traffic(request: HttpRequest, pk: int, days: Annotated[int, Query(ge=1, le=400)] = 30) -> TrafficOut:
    """The bytes that it has brought on each of the last days, as counted here."""
    account = get_object_or_404(Account, pk=pk)
    counted = usage.days(account.pk, days)
    return TrafficOut(items=[DayOut(day=day, bytes=count) for day, count in counted], total=len(counted))


@router.patch("/{int:pk}", auth=ACCOUNTS, response=AccountOut)
def change(request: HttpRequest, pk: int, changes: AccountChanges) -> AccountOut:
    """Switch it on or off, give it more or less to do at once, or another password."""
    account = get_object_or_404(Account, pk=pk)
    if changes.password is not None:
        host_side.change_password(account, changes.password)
        account.refresh_from_db()
    if changes.max_transfers is not None:
        host_side.set_max_transfers(account, changes.max_transfers)
    if changes.is_enabled is not None:
        host_side.set_enabled(account, changes.is_enabled)
    return shown(account)


@router.post("/{int:pk}/check", auth=ACCOUNTS, response=AccountOut)
def check(request: HttpRequest, pk: int) -> AccountOut:
    """Ask the host now. What is wrong with the account is its `problem`; a host that does not answer is an error."""
    account = get_object_or_404(Account, pk=pk)
    try:
        host_side.check(account)
    except Problem as problem:
        if not concerns_account(problem):
            raise
    account.refresh_from_db()
    return shown(account)


@router.delete("/{int:pk}", auth=ACCOUNTS, response={204: None})
def remove(request: HttpRequest, pk: int) -> Status[None]:
    host_side.remove(get_object_or_404(Account, pk=pk))
    return Status(204, None)
