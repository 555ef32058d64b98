from __future__ import annotations

from datetime import datetime
from typing import Literal

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Field, Router, Schema, Status

from flasharr.api.access import Needs
from flasharr.api.shapes import Body, ReasonOut, Text
from flasharr.keys import Scope
from hosts import accounts as host_side
from hosts.base import Problem
from hosts.models import Account
from hosts.standing import concerns_account

router = Router(tags=["accounts"])
ACCOUNTS = Needs(Scope.ACCOUNTS)


class AccountOut(Schema):
    """`problem` is what keeps the account from being used now. The password is never told."""

    id: int
    host: str
    email: str
    kind: str
    is_vip: bool
    is_lifetime: bool
    is_enabled: bool
    vip_until: datetime | None
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


def shown(account: Account) -> AccountOut:
    fields = {name: getattr(account, name) for name in AccountOut.model_fields if name not in ("id", "problem")}
    return AccountOut(id=account.pk, **fields, problem=problem_of(account))


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


@router.get("/{int:pk}", auth=ACCOUNTS, response=AccountOut)
def one(request: HttpRequest, pk: int) -> AccountOut:
    return shown(get_object_or_404(Account, pk=pk))


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
