from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from flasharr.simulator import Simulator
from flasharr.simulator.accounts import EXPIRED
from hosts.base import (
    HostBusy,
    HostContext,
    LoginRefused,
    MemorySessions,
    Problem,
    Session,
    SessionTaken,
    Source,
)
from hosts.links import LinkKind
from hosts.sites.fshare import Fshare
from hosts.sites.fshare.address import link_to

FILE = link_to(LinkKind.FILE, "FILE01")
MANY = 50
fshare = Fshare()


@pytest.fixture
def signed_in(simulator: Simulator, context: HostContext) -> HostContext:
    fshare.check_account(context)
    assert len(simulator.journal.logins()) == 1
    return context


def stored(context: HostContext) -> Session | None:
    assert context.sessions is not None
    return context.sessions.load()


def test_a_session_is_kept_and_used_again(simulator: Simulator, signed_in: HostContext) -> None:
    before = stored(signed_in)
    for _ in range(3):
        fshare.resolve(FILE, signed_in)
    assert stored(signed_in) == before
    assert len(simulator.journal.logins()) == 1


@pytest.mark.parametrize("shape", sorted(EXPIRED))
def test_an_ended_session_is_renewed_once(simulator: Simulator, signed_in: HostContext, shape: str) -> None:
    before = stored(signed_in)
    simulator.fault("session_expired", call="download", value=shape)
    assert fshare.resolve(FILE, signed_in).size == 300_000
    assert len(simulator.journal.logins()) == 2
    assert stored(signed_in) not in (None, before)


def test_a_stale_token_is_renewed_once(simulator: Simulator, signed_in: HostContext) -> None:
    simulator.fault("stale_token")
    assert fshare.resolve(FILE, signed_in).size == 300_000
    assert len(simulator.journal.logins()) == 2


def test_a_session_that_ends_while_nobody_looks_is_renewed(simulator: Simulator, signed_in: HostContext) -> None:
    simulator.clock.advance(7 * 3600)
    fshare.check_account(signed_in)
    assert len(simulator.journal.logins()) == 2


def test_a_second_expiry_in_a_row_is_somebody_else(simulator: Simulator, signed_in: HostContext) -> None:
    simulator.fault("session_expired", call="download", count=None)
    with pytest.raises(SessionTaken):
        fshare.resolve(FILE, signed_in)
    assert len(simulator.journal.logins()) == 2


def test_persistent_stale_tokens_are_a_rate_limit(simulator: Simulator, signed_in: HostContext) -> None:
    simulator.fault("stale_token", count=None)
    with pytest.raises(HostBusy) as busy:
        fshare.resolve(FILE, signed_in)
    assert busy.value.retry_after == 300
    assert len(simulator.journal.logins()) == 2


def test_the_gate_is_not_taken_for_a_stale_token(simulator: Simulator, signed_in: HostContext) -> None:
    simulator.fault("gate", call="download")
    with pytest.raises(Problem, match="turned the request away"):
        fshare.resolve(FILE, signed_in)
    assert len(simulator.journal.logins()) == 1


def test_fifty_resolves_at_once_sign_in_once(simulator: Simulator, context: HostContext) -> None:
    with ThreadPoolExecutor(MANY) as pool:
        sources = list(pool.map(lambda _: fshare.resolve(FILE, context), range(MANY)))
    assert len({source.url for source in sources}) == MANY
    assert len(simulator.journal.logins()) == 1


def test_fifty_resolves_after_an_expiry_sign_in_once_more(simulator: Simulator, signed_in: HostContext) -> None:
    simulator.state.sessions.end_all()
    with ThreadPoolExecutor(MANY) as pool:
        sources: list[Source] = list(pool.map(lambda _: fshare.resolve(FILE, signed_in), range(MANY)))
    assert len(sources) == MANY
    assert len(simulator.journal.logins()) == 2


def test_a_session_that_somebody_else_renewed_is_taken_over(simulator: Simulator, signed_in: HostContext) -> None:
    old = stored(signed_in)
    simulator.state.sessions.end_all()
    fshare.check_account(signed_in)
    renewed = stored(signed_in)
    calls: list[Session | None] = []

    class Shared(MemorySessions):
        """Loads the old session first, as a process does that began before the renewal."""

        def load(self) -> Session | None:
            calls.append(old if not calls else renewed)
            return calls[-1]

    fshare.check_account(replace(signed_in, sessions=Shared()))
    assert calls == [old, renewed]
    assert len(simulator.journal.logins()) == 2


def test_a_refused_sign_in_is_not_repeated_within_a_call(simulator: Simulator, context: HostContext) -> None:
    simulator.world.accounts["demo@example.com"].password = "changed"
    with pytest.raises(LoginRefused):
        fshare.resolve(FILE, context)
    assert len(simulator.journal.logins()) == 1
    assert stored(context) is None


def test_signing_out_ends_the_session_here_and_there(simulator: Simulator, signed_in: HostContext) -> None:
    fshare.sign_out(signed_in)
    assert stored(signed_in) is None
    assert simulator.state.sessions.alive() == 0
    fshare.sign_out(signed_in)
    assert len(simulator.journal.calls("logout")) == 1


def test_signing_out_of_an_ended_session_is_no_error(simulator: Simulator, signed_in: HostContext) -> None:
    simulator.state.sessions.end_all()
    fshare.sign_out(signed_in)
    assert stored(signed_in) is None


@pytest.mark.parametrize(("fault", "kind"), [("session_expired", SessionTaken), ("stale_token", HostBusy)])
def test_a_session_that_ends_at_once_is_renewed_by_none_of_those_who_began_with_it(
    simulator: Simulator, signed_in: HostContext, fault: str, kind: type[Problem]
) -> None:
    simulator.state.sessions.end_all()
    simulator.fault(fault, call="download", count=None)
    with pytest.raises(kind):
        fshare.resolve(FILE, signed_in)
    taken = stored(signed_in)
    with pytest.raises(kind):
        fshare.resolve(FILE, signed_in)
    assert len(simulator.journal.logins()) == 2
    assert stored(signed_in) == taken


@pytest.mark.parametrize("later", [timedelta(0), timedelta(minutes=5)])
def test_what_was_accepted_or_is_old_is_renewed_again(
    simulator: Simulator, signed_in: HostContext, later: timedelta
) -> None:
    for _ in range(3):
        simulator.state.sessions.end_all()
        if later:
            simulator.fault("session_expired", call="download", count=2)
            with pytest.raises(SessionTaken):
                fshare.resolve(FILE, signed_in)
        assert fshare.resolve(FILE, replace(signed_in, now=lambda: datetime.now(UTC) + later)).size == 300_000
    assert len(simulator.journal.logins()) == (7 if later else 4)
