"""/__sim/...: load a world, set faults, skip time, read the journal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, fields, replace
from typing import Any

from flasharr.simulator.answers import Answer, json_answer
from flasharr.simulator.faults import Fault
from flasharr.simulator.journal import Request
from flasharr.simulator.registry import KINDS
from flasharr.simulator.state import State
from flasharr.simulator.visit import Visit
from flasharr.simulator.world import Rules, World


def answer(visit: Visit, state: State, connections: int) -> Answer:
    """One JSON answer; 400 with a sentence when the request does not fit."""
    route = ROUTES.get((visit.method, visit.path.rstrip("/")))
    if route is None:
        known = ", ".join(f"{method} /__sim{path}" for method, path in ROUTES)
        return json_answer(404, {"error": f"There is no such control. Choose from: {known}."})
    if visit.fields is None:
        return json_answer(400, {"error": "The body is not a JSON object."})
    try:
        return json_answer(200, route(visit, state, connections))
    except (KeyError, TypeError, ValueError) as error:
        return json_answer(400, {"error": str(error)})


def _health(visit: Visit, state: State, connections: int) -> dict[str, Any]:
    return {"status": "ok", "now": state.clock.now(), "files": len(state.world.files)}


def _world(visit: Visit, state: State, connections: int) -> dict[str, Any]:
    state.load(World.from_dict(visit.fields or {}))
    return {"files": len(state.world.files), "folders": len(state.world.folders)}


def _fault(visit: Visit, state: State, connections: int) -> dict[str, Any]:
    return asdict(state.faults.add(Fault(**(visit.fields or {}))))


def _faults(visit: Visit, state: State, connections: int) -> list[dict[str, Any]]:
    return [asdict(fault) for fault in state.faults.pending()]


def _kinds(visit: Visit, state: State, connections: int) -> dict[str, Any]:
    """Every fault there is."""
    return {name: {"calls": kind.calls, "about": kind.about} for name, kind in KINDS.items()}


def _clear_faults(visit: Visit, state: State, connections: int) -> dict[str, Any]:
    state.faults.clear()
    return {}


def _advance(visit: Visit, state: State, connections: int) -> dict[str, Any]:
    state.clock.advance(float((visit.fields or {})["seconds"]))
    return {"now": state.clock.now()}


def _rules(visit: Visit, state: State, connections: int) -> dict[str, Any]:
    """Change some rules: {"speed": 1000000, "latency": 0.5} ..."""
    state.world.rules = replace(state.world.rules, **(visit.fields or {}))
    return {field.name: getattr(state.world.rules, field.name) for field in fields(Rules)}


def _journal(visit: Visit, state: State, connections: int) -> list[dict[str, Any]]:
    return [_request(request) for request in state.journal]


def _clear_journal(visit: Visit, state: State, connections: int) -> dict[str, Any]:
    state.journal.clear()
    return {}


def _files(visit: Visit, state: State, connections: int) -> list[dict[str, Any]]:
    """Every file, or `?code=`; `?sha256=0` saves reading through all of them."""
    wanted = visit.query.get("code", "").upper()
    is_summed = visit.query.get("sha256") != "0"
    return [
        {
            "code": file.code,
            "name": file.name,
            "size": file.size,
            "url": f"https://www.fshare.vn/file/{file.code}",
            **({"sha256": file.content().sha256()} if is_summed else {}),
        }
        for file in list(state.world.files.values())
        if wanted in ("", file.code.upper())
    ]


def _stats(visit: Visit, state: State, connections: int) -> dict[str, Any]:
    journal = state.journal
    return {
        "open_connections": connections,
        "open_transfers": journal.open_now(),
        "max_concurrent": journal.max_concurrent(),
        "max_concurrent_by_file": {code: journal.max_concurrent(code) for code in list(state.world.files)},
        "max_concurrent_by_account": {e: journal.max_concurrent(account=e) for e in list(state.world.accounts)},
        "bytes_sent": journal.bytes_sent(),
        "logins": len(journal.logins()),
        "sessions": state.sessions.alive(),
    }


def _request(request: Request) -> dict[str, Any]:
    shown = asdict(request)
    shown["body"] = request.body.decode("utf-8", "replace")
    del shown["began"]
    return shown


ROUTES: dict[tuple[str, str], Callable[[Visit, State, int], Any]] = {
    ("GET", "/health"): _health,
    ("POST", "/world"): _world,
    ("POST", "/fault"): _fault,
    ("GET", "/faults"): _faults,
    ("DELETE", "/faults"): _clear_faults,
    ("GET", "/kinds"): _kinds,
    ("POST", "/advance"): _advance,
    ("POST", "/rules"): _rules,
    ("GET", "/journal"): _journal,
    ("DELETE", "/journal"): _clear_journal,
    ("GET", "/files"): _files,
    ("GET", "/stats"): _stats,
}
