from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from flasharr.simulator import Simulator
from hosts.base import AnswerUnreadable, HostContext
from hosts.sites.fshare import Fshare
from hosts.sites.fshare.subscription import account_info

NOW = datetime(2026, 6, 1, tzinfo=UTC)
LATER = datetime(2027, 1, 1, tzinfo=UTC)
LATER_TEXT = str(int(LATER.timestamp()))
EARLIER_TEXT = str(int(datetime(2020, 1, 1, tzinfo=UTC).timestamp()))


@pytest.mark.parametrize(
    ("fields", "kind", "is_vip", "until", "lifetime"),
    [
        ({"account_type": "Vip", "expire_vip": LATER_TEXT, "level": "3"}, "Vip", True, LATER, False),
        ({"account_type": "Vip", "expire_vip": int(LATER_TEXT), "level": 3}, "Vip", True, LATER, False),
        ({"account_type": "Vip", "expire_vip": float(LATER_TEXT)}, "Vip", True, LATER, False),
        ({"account_type": "Vip", "expire_vip": None, "level": "3"}, "Vip", True, None, False),
        ({"account_type": "Vip", "expire_vip": -1, "level": "3"}, "Vip", False, None, False),
        ({"account_type": "Member", "expire_vip": "", "level": "2"}, "Member", False, None, False),
        ({"account_type": "Member", "expire_vip": "0"}, "Member", False, None, False),
        ({"account_type": "Vip", "expire_vip": "Forever"}, "Vip", True, None, True),
        ({"account_type": "Forever", "expire_vip": ""}, "Forever", True, None, True),
        ({"account_type": "Bundle", "expire_vip": ""}, "Bundle", True, None, False),
        ({"account_type": "ADSL2plus", "expire_vip": None}, "ADSL2plus", True, None, False),
        ({"level": "3"}, "Vip", True, None, False),
        ({"level": 2}, "Member", False, None, False),
        ({"user_level": "3"}, "Vip", True, None, False),
        ({"account_level": 2}, "Member", False, None, False),
        ({"account_type": "Vip"}, "Vip", True, None, False),
        ({"expire_vip": "not a date"}, "Member", False, None, False),
        ({"expire_vip": "9" * 19}, "Member", False, None, False),
    ],
)
def test_it_tells_who_is_vip_and_until_when(
    fields: dict[str, Any], kind: str, is_vip: bool, until: datetime | None, lifetime: bool
) -> None:
    info = account_info(fields, "me@example.com", NOW)
    assert (info.kind, info.is_vip, info.vip_until, info.is_lifetime) == (kind, is_vip, until, lifetime)
    assert info.email == "me@example.com"


def test_a_vip_account_that_ran_out_is_none() -> None:
    info = account_info({"account_type": "Vip", "expire_vip": EARLIER_TEXT}, "", NOW)
    assert not info.is_vip
    assert info.vip_until is not None


@pytest.mark.parametrize("shape", ["strings", "ints", "nested"])
def test_the_account_is_read_in_every_shape(simulator: Simulator, context: HostContext, shape: str) -> None:
    simulator.world.accounts["demo@example.com"].shape = shape
    info = Fshare().check_account(context)
    assert (info.email, info.kind, info.is_vip) == ("demo@example.com", "Vip", True)
    assert info.vip_until is not None
    assert info.vip_until > datetime.now(UTC)


@pytest.mark.parametrize("name", ["email", "user_email", "login"])
def test_the_e_mail_has_several_names(name: str) -> None:
    assert account_info({name: "other@example.com"}, "me@example.com", NOW).email == "other@example.com"


def test_an_account_of_a_level_alone_is_one(simulator: Simulator, context: HostContext) -> None:
    simulator.world.accounts["demo@example.com"].shape = "level"
    assert Fshare().check_account(context).is_vip


def test_an_answer_without_an_account_makes_no_sense(simulator: Simulator, context: HostContext) -> None:
    simulator.fault("empty_object", call="user")
    with pytest.raises(AnswerUnreadable):
        Fshare().check_account(context)
