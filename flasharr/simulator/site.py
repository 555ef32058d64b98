"""The website for people: signing in with a form, a file's page, the free download, the pages that say no."""

from __future__ import annotations

import html
from collections.abc import Callable

from flasharr.simulator.answers import Answer, html_answer, json_answer, nginx_answer
from flasharr.simulator.dead import GONE_FOLDER_PAGE, GONE_PAGE
from flasharr.simulator.state import State
from flasharr.simulator.visit import Visit
from flasharr.simulator.world import File

CSRF = "c3JmLXRva2Vu"
WAIT = "35"  # seconds that free accounts wait
IDENTITY = "_identity-app"
PAGES = {
    "captcha": '<img src="/site/captchaV3"><input name="LoginForm[verifyCode]">',
    "devices": "Tài khoản của quý khách hiện đang đăng nhập trên nhiều thiết bị",
    "taken": "Your account is being used from another device",
    "stolen": "Fshare suspect this account has been stolen or is being used by other people",
}


def call_of(visit: Visit) -> str:
    return CALLS.get(visit.path.rstrip("/"), "")


def answer(visit: Visit, state: State) -> Answer:
    return SERVED[visit.call](visit, state)


def file_page(visit: Visit, state: State) -> Answer:
    """A dead link's page answers 200 like a living one's; only the words differ."""
    item = state.world.item(visit.code)
    if item is None or item.dead:
        return html_answer(200, GONE_FOLDER_PAGE if visit.path.startswith("/folder/") else GONE_PAGE)
    if isinstance(item, File) and item.password:
        given = (visit.fields or {}).get("DownloadPasswordForm[password]", "")
        if given != item.password:
            wrong = "<p>Sai mật khẩu</p>" if given else ""
            return _page(
                item.name, f'<form class="password-form">{wrong}<input name="DownloadPasswordForm[password]"></form>'
            )
    form = (
        '<form id="form-download" action="/download/get">'
        f'<input type="hidden" name="_csrf-app" value="{CSRF}"><input type="hidden" id="linkcode" value="{item.code}">'
        '<input type="hidden" name="withFcode5" value="0"></form>'
    )
    return _page(item.name, form)


def _login(visit: Visit, state: State) -> Answer:
    if state.sessions.web_user(visit.cookies.get(IDENTITY, "")):
        return _redirect(state, "/account/profile")
    said = ""
    if visit.method == "POST":
        fields, rules = visit.fields or {}, state.world.rules
        account = state.world.accounts.get(str(fields.get("LoginForm[email]", "")).lower())
        is_right = account is not None and account.password == fields.get("LoginForm[password]")
        if account is not None and is_right and fields.get("_csrf-app") == CSRF and rules.web_login == "ok":
            welcome = _redirect(state, "/account/profile")
            welcome.headers["Set-Cookie"] = f"{IDENTITY}={state.sessions.begin_web(account.email)}; path=/; HttpOnly"
            return welcome
        said = PAGES.get(rules.web_login, "<p>Sai email hoặc mật khẩu</p>")
    form = '<form method="post"><input name="LoginForm[email]"><input name="LoginForm[password]"></form>'
    return _page("Đăng nhập", f'<meta name="csrf-token" content="{CSRF}">{said}{form}')


def _profile(visit: Visit, state: State) -> Answer:
    user = state.sessions.web_user(visit.cookies.get(IDENTITY, ""))
    return _page("Tài khoản", html.escape(user)) if user else _redirect(state, "/site/login")


def _free(visit: Visit, state: State) -> Answer:
    """The free download: an address after a wait, or the reason why not."""
    fields = visit.fields or {}
    file = state.world.files.get(str(fields.get("linkcode", "")).upper())
    if fields.get("_csrf-app") != CSRF:
        return nginx_answer(400)
    if file is None or file.dead:
        return json_answer(200, {"msg": "Liên kết bạn chọn không tồn tại trên hệ thống Fshare"})
    if file.password and fields.get("password") != file.password:
        return json_answer(200, {"errors": {"password": ["Sai mật khẩu"]}})
    if file.vip_only:
        return json_answer(200, {"policydowload": True})  # sic
    if state.world.rules.web_sessions_full:
        return json_answer(200, {"msg": "Quá nhiều phiên tải"})
    address = state.addresses.mint(file.code, "", visit.client)
    return json_answer(200, {"url": state.address_of(address.token, file.name), "wait_time": WAIT, "name": file.name})


def _page(title: str, body: str) -> Answer:
    name = html.escape(title)
    return html_answer(
        200,
        f"<!DOCTYPE html>\n<html><head><title>{name} - Fshare</title></head>"
        f"<body><h1>{name}</h1>{body}</body></html>\n",
    )


def _redirect(state: State, path: str) -> Answer:
    answer = html_answer(302, "")
    answer.headers["Location"] = f"{state.origin}/web{path}"
    return answer


CALLS = {"/site/login": "site_login", "/account/profile": "profile", "/download/get": "free"}
SERVED: dict[str, Callable[[Visit, State], Answer]] = {
    "site_login": _login,
    "profile": _profile,
    "free": _free,
    "page": file_page,
}
