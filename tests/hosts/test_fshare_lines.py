"""Lines to Fshare that fail before anything is said: told as such, and nothing secret goes over a bad one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from flasharr.simulator import Simulator, lines
from flasharr.simulator.certificates import KINDS, Authority
from hosts.base import HostContext, HostDown
from hosts.guard import guarded_session
from hosts.links import LinkKind
from hosts.sites.fshare import Fshare
from hosts.sites.fshare.address import link_to

FILE = link_to(LinkKind.FILE, "FILE01")


def through(context: HostContext, origin: str, trust: Path | None = None) -> HostContext:
    """The same, with both of Fshare's servers somewhere else."""
    config = {**context.config, "FSHARE_API_URL": f"{origin}/api", "FSHARE_WEB_URL": f"{origin}/web"}
    http = guarded_session(False, Fshare().trusted_origins(config))
    if trust is not None:
        http.verify = str(trust)
    return replace(context, http=http, config=config)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hosts.sites.fshare.wire.TIMEOUT", (0.3, 0.3))


def port_of(simulator: Simulator) -> int:
    return int(simulator.url.rpartition(":")[2])


def test_a_good_certificate_is_trusted(simulator: Simulator, context: HostContext, tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    with lines.tls_front(port_of(simulator), authority.context()) as port:
        secure = through(context, f"https://localhost:{port}", authority.root_file)
        assert Fshare().resolve(FILE, secure).size == 300_000
        secure.http.close()


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "good"])
def test_a_bad_certificate_is_told_and_nothing_is_sent(
    simulator: Simulator, context: HostContext, tmp_path: Path, kind: str
) -> None:
    authority = Authority(tmp_path)
    with lines.tls_front(port_of(simulator), authority.context(kind)) as port:
        insecure = through(context, f"https://localhost:{port}", authority.root_file)
        with pytest.raises(HostDown, match="certificate"):
            Fshare().check_account(insecure)
    assert len(simulator.journal) == 0


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("line", [lines.refused, lines.unanswered, lines.silent])
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_dead_line_is_a_host_that_does_not_answer(context: HostContext, line: object, scheme: str) -> None:
    assert callable(line)
    with line() as port, pytest.raises(HostDown, match="does not answer"):
        Fshare().check_account(through(context, f"{scheme}://127.0.0.1:{port}"))


def test_an_unknown_name_is_a_host_that_does_not_answer(context: HostContext) -> None:
    with pytest.raises(HostDown, match="does not answer"):
        Fshare().check_account(through(context, f"http://{lines.UNKNOWN_NAME}"))


@pytest.mark.usefixtures("impatient")
def test_an_api_that_takes_the_question_and_is_silent_does_not_answer(
    simulator: Simulator, context: HostContext
) -> None:
    simulator.fault("silence", call="login")
    with pytest.raises(HostDown):
        Fshare().check_account(context)
