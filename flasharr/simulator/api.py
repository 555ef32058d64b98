"""https://api.fshare.vn: sign in, account, direct addresses, file and folder information."""

from __future__ import annotations

import re
from collections.abc import Callable

from flasharr.simulator import listing
from flasharr.simulator.accounts import login_error, not_logged_in, user_info
from flasharr.simulator.answers import Answer, Text, code_answer, html_answer, json_answer, nginx_answer
from flasharr.simulator.dead import GONE_PAGE, dead_answer
from flasharr.simulator.journal import Request
from flasharr.simulator.sessions import Session
from flasharr.simulator.state import State
from flasharr.simulator.visit import Visit

FSHARE_LINK = re.compile(r"(?:https?:)?(?://)?(?:www\.)?fshare\.vn/(file|folder)/([a-z0-9]+)/?(?:[?#].*)?$", re.I)

CALLS = {
    "/api/user/login": "login",
    "/api/user/refreshToken": "refresh",
    "/api/user/logout": "logout",
    "/api/user/get": "user",
    "/api/session/download": "download",
    "/api/fileops/get": "fileops",
    "/api/fileops/getFolderList": "list",
    "/api/fileops/getFolderListPaging": "list_paging",
    "/api/fileops/getTotalFileInFolder": "total",
    "/api/fileops/list": "home",
    "/api/fileops/list/home": "home",
}


def identify(visit: Visit, state: State) -> None:
    visit.call = CALLS.get(visit.path.rstrip("/"), "")
    fields = visit.fields or {}
    link = FSHARE_LINK.match(str(fields.get("url", "")))
    visit.code = link[2].upper() if link else ""
    if visit.call == "login":
        visit.account = str(fields.get("user_email", "")).lower()
    elif session := _session(visit, state):
        visit.account = session.email


def answer(visit: Visit, state: State, request: Request) -> Answer:
    refusal = _gate(visit, state)
    if refusal is not None:
        return refusal
    if visit.call in OPEN_CALLS:
        return at_leisure(OPEN_CALLS[visit.call](visit, state), state)
    if visit.call not in MEMBER_CALLS:
        return nginx_answer(404)
    session = _session(visit, state)
    if session is None:
        return not_logged_in(state.world.rules.expired)
    if visit.method == "POST" and (visit.fields or {}).get("token") != session.token:
        return code_answer(400, 400, "Token is invalid")
    return at_leisure(MEMBER_CALLS[visit.call](visit, state, session), state)


def _gate(visit: Visit, state: State) -> Answer | None:
    """What the front end checks before anything else."""
    agent = str(visit.headers.get("User-Agent", ""))
    referer = str(visit.headers.get("Referer", ""))
    app_key = str((visit.fields or {}).get("app_key", ""))
    bound_to = state.world.apps.get(app_key, agent) if visit.call == "login" else agent
    if agent in state.world.apps.values() and agent == bound_to:
        is_api_page = "api.fshare.vn" in referer or referer.startswith(f"{state.origin}/api")
        if not is_api_page and len(visit.headers.get_all("Cookie", [])) < 2:
            return None
    shape = state.world.rules.gate
    if shape == "text":
        return Answer(200, Text(b"Invalid User Agent!"), {"Content-Type": "text/html"})
    return nginx_answer(int(shape))


def _session(visit: Visit, state: State) -> Session | None:
    session_id = visit.cookies.get("session_id") or visit.cookies.get("PHPSESSID") or ""
    return state.sessions.find(session_id, state.world.rules)


def _login(visit: Visit, state: State) -> Answer:
    fields, world = visit.fields, state.world
    if fields is None or not fields.get("user_email") or not fields.get("password"):
        return login_error("400")
    if fields.get("app_key") not in world.apps:
        return login_error("405")
    email = visit.account
    account = world.accounts.get(email)
    if state.sessions.is_locked(email):
        return login_error("424")
    if account is None or account.password != fields["password"]:
        state.sessions.miss(email, world.rules)
        return login_error("405")
    if account.login_error:
        return login_error(account.login_error)
    if not account.is_vip(state.clock.now()):
        return login_error("403")
    return _welcome(state.sessions.begin(email, world.rules), state)


def _refresh(visit: Visit, state: State) -> Answer:
    if not state.world.rules.refresh:
        return nginx_answer(404)
    fields = visit.fields or {}
    session = state.sessions.by_token(str(fields.get("token", "")), state.world.rules)
    if session is None or fields.get("app_key") not in state.world.apps:
        return code_answer(403, 34, "Refresh refused")
    state.sessions.end(session.session_id)
    return _welcome(state.sessions.begin(session.email, state.world.rules), state)


def _welcome(session: Session, state: State) -> Answer:
    for secret in (session.token, session.session_id):
        state.journal.keep_secret(secret)
    reply = json_answer(
        200,
        {"code": 200, "msg": "Login successfully!", "token": session.token, "session_id": session.session_id},
    )
    reply.headers["Set-Cookie"] = f"PHPSESSID={session.session_id}; path=/; HttpOnly"
    return reply


def _logout(visit: Visit, state: State) -> Answer:
    session = _session(visit, state)
    if session is None:
        return code_answer(201, 201, "Not logged in yet!")
    state.sessions.end(session.session_id)
    return code_answer(200, 200, "Logout successfully!")


def _user(visit: Visit, state: State, session: Session) -> Answer:
    return user_info(state.world.accounts[session.email], state.clock.now())


def _download(visit: Visit, state: State, session: Session) -> Answer:
    fields, rules = visit.fields or {}, state.world.rules
    link = FSHARE_LINK.match(str(fields.get("url", "")))
    if link and link[1].lower() == "folder":
        return html_answer(200, GONE_PAGE)
    file = state.world.files.get(visit.code)
    if file is None or file.dead:
        return dead_answer(file.dead if file else rules.dead, state.origin, visit.code)
    if file.token and f"token={file.token}" not in str(fields.get("url")):
        return code_answer(403, 403, "Bạn không có quyền truy cập tập tin này")
    if not state.world.accounts[session.email].is_vip(state.clock.now()):
        return login_error("403")
    if file.password and fields.get("password", "") != file.password:
        return password_refusal(rules.password, bool(fields.get("password")))
    address = state.addresses.mint(file.code, session.email, visit.client)
    return json_answer(200, {"location": state.address_of(address.token, file.name)})


def password_refusal(shape: str, was_given: bool) -> Answer:
    """Code 123 with status 200, or a 403 whose text depends on whether a password came along."""
    if shape == "403" and not was_given:
        return code_answer(403, 403, "Please insert your password")
    return code_answer(int(shape), 123, "Mật khẩu không đúng, vui lòng nhập lại")


def at_leisure(reply: Answer, state: State) -> Answer:
    """Real answers took a median of 0.76 s, one in twenty more than 8 s, at most 11.3 s."""
    latency = state.world.rules.latency
    reply.delay += latency if latency >= 0 else min(11.3, max(0.19, state.chance.lognormvariate(-0.27, 1.3)))
    return reply


OPEN_CALLS: dict[str, Callable[[Visit, State], Answer]] = {
    "login": _login,
    "refresh": _refresh,
    "logout": _logout,
}
MEMBER_CALLS: dict[str, Callable[[Visit, State, Session], Answer]] = {
    "user": _user,
    "download": _download,
    "fileops": listing.describe,
    "list": listing.folder_list,
    "list_paging": listing.folder_list_paging,
    "total": listing.total,
    "home": listing.home,
}
