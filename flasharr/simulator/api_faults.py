"""Lies and moods of the API and the web listing. Some work at the file servers too."""

from __future__ import annotations

import json
import unicodedata
from email.utils import formatdate
from typing import Any
from urllib.parse import urlsplit

from flasharr.simulator.accounts import login_error, not_logged_in
from flasharr.simulator.answers import (
    Answer,
    Joined,
    Padded,
    Text,
    code_answer,
    html_answer,
    json_answer,
    nginx_answer,
)
from flasharr.simulator.api import password_refusal
from flasharr.simulator.dead import GONE_PAGE, dead_answer
from flasharr.simulator.faults import Turn

HUGE = 32 << 20


def session_expired(turn: Turn) -> Answer:
    """The session ends now. Value: a key of accounts.EXPIRED."""
    turn.state.sessions.end(_session_id(turn))
    return not_logged_in(str(turn.fault.value or turn.state.world.rules.expired))


def stale_token(turn: Turn) -> Answer:
    """The cookie stays good, the token does not: 400 as JSON."""
    turn.state.sessions.spoil_token(_session_id(turn))
    return code_answer(400, 400, "Token is invalid")


def gate(turn: Turn) -> Answer:
    """User-Agent, app key or Referer not accepted. Value: 400, 502 or text."""
    if turn.fault.value == "text":
        return Answer(200, Text(b"Invalid User Agent!"), {"Content-Type": "text/html"})
    return nginx_answer(int(turn.fault.value or 400))


def login_refused(turn: Turn) -> Answer:
    """Value: a key of accounts.LOGIN_ERRORS."""
    return login_error(str(turn.fault.value or "405"))


def link_dead(turn: Turn) -> Answer:
    """Value: json, html, redirect, deleted or v3."""
    shape = str(turn.fault.value or "json")
    if shape == "deleted" and turn.visit.call == "fileops":
        answer = turn.go()
        return json_answer(200, {**_json(answer), "deleted": "1"})
    return dead_answer(shape, turn.state.origin, turn.visit.code)


def password_wrong(turn: Turn) -> Answer:
    """Value: 200 or 403."""
    was_given = bool((turn.visit.fields or {}).get("password"))
    return password_refusal(str(turn.fault.value or turn.state.world.rules.password), was_given)


def vip_lapsed(turn: Turn) -> Answer:
    """403: for VIP accounts only, whatever the account itself says (set its `vip_until` for that)."""
    return login_error("403")


def too_many_sessions(turn: Turn) -> Answer:
    """471."""
    return code_answer(471, 471, "Phiên tải quá nhiều")


def server_error(turn: Turn) -> Answer:
    """An HTML page. Value: the status, default 502."""
    return nginx_answer(int(turn.fault.value or 502))


def busy(turn: Turn) -> Answer:
    """503 with Retry-After. Value: seconds, default 5."""
    answer = nginx_answer(503)
    answer.headers["Retry-After"] = str(turn.fault.value or 5)
    return answer


def rate_limited(turn: Turn) -> Answer:
    """429. Value: the seconds of Retry-After, date (60 s from now), or nothing for no header."""
    answer = code_answer(429, 429, "Too many requests")
    if turn.fault.value == "date":
        answer.headers["Retry-After"] = formatdate(turn.state.clock.now() + 60, usegmt=True)
    elif turn.fault.value is not None:
        answer.headers["Retry-After"] = str(turn.fault.value)
    return answer


def redirect(turn: Turn) -> Answer:
    """To the same address. Value: the status, default 302, or {"status": ..., "to": another origin or address}.

    With a count the next request is served; without, it goes round for ever.
    """
    value = turn.fault.value if isinstance(turn.fault.value, dict) else {"status": turn.fault.value}
    answer = html_answer(int(value.get("status") or 302), "")
    target = str(value.get("to") or turn.state.origin)
    answer.headers["Location"] = target if urlsplit(target).path else target + turn.visit.target
    return answer


def empty_body(turn: Turn) -> Answer:
    """200 and nothing."""
    return Answer(200, Text(), {"Content-Type": "application/json"})


def empty_object(turn: Turn) -> Answer:
    """200 and {}. Value: another object."""
    return json_answer(200, turn.fault.value or {})


def empty_location(turn: Turn) -> Answer:
    """200 and a `location` of no characters."""
    return json_answer(200, {"location": ""})


def truncated_json(turn: Turn) -> Answer:
    """The first half of the right answer, with a fitting Content-Length."""
    answer = turn.go()
    text = b"".join(answer.body.pieces())
    answer.body = Text(text[: max(1, len(text) // 2)])
    return answer


def html_answered(turn: Turn) -> Answer:
    """A page with leading white space and status 200 where JSON was expected."""
    return html_answer(200, GONE_PAGE.replace("Tập tin của bạn yêu cầu không tồn tại", "Đã có lỗi xảy ra"))


def huge_body(turn: Turn) -> Answer:
    """32 MiB of JSON."""
    body = Joined(Text(b'{"code":200,"junk":"'), Joined(Padded(b"", HUGE), Text(b'"}')))
    return Answer(200, body, {"Content-Type": "application/json; charset=UTF-8"})


def wrapped(turn: Turn) -> Answer:
    """The right answer one level deeper, under `data`."""
    answer = turn.go()
    return json_answer(answer.status, {"code": 200, "data": _json(answer)})


def code_as_string(turn: Turn) -> Answer:
    """The right answer with `code` in quotes."""
    answer = turn.go()
    value = _json(answer)
    return json_answer(answer.status, {**value, "code": str(value.get("code", answer.status))})


def other_location_key(turn: Turn) -> Answer:
    """`downloadurl` instead of `location`."""
    value = _json(turn.go())
    return json_answer(200, {"code": 200, "downloadurl": value.get("location", "")})


def list_shifts(turn: Turn) -> Answer:
    """After this page the folder changes. Value: a code to put at its front, default: its first item is taken out."""
    answer = turn.go()
    folder = turn.state.world.folders.get(turn.visit.code)
    if folder is not None:
        folder.items = [str(turn.fault.value), *folder.items] if turn.fault.value else folder.items[1:]
    return answer


def strict_address(turn: Turn) -> Answer:
    """404 for a link with anything behind its code, such as ?token= or ?share=."""
    given = str((turn.visit.fields or {}).get("url", "")) + "?" * ("token" in turn.visit.query)
    return dead_answer("json", turn.state.origin, turn.visit.code) if "?" in given or "#" in given else turn.go()


def with_code(turn: Turn) -> Answer:
    """The right answer with `"code":200` in it."""
    answer = turn.go()
    return json_answer(answer.status, {"code": answer.status, **_json(answer)})


def wrong_charset(turn: Turn) -> Answer:
    """The right answer in windows-1258 while the header says UTF-8. Value: another charset, such as utf-16."""
    charset = str(turn.fault.value or "windows-1258")
    answer = turn.go()
    text = json.dumps(_json(answer), ensure_ascii=False)
    answer.body = Text(unicodedata.normalize("NFC", text).encode(charset, "replace"))
    return answer


def silence(turn: Turn) -> Answer:
    """The request is taken and nothing ever comes, not even a status. Value: for how many seconds."""
    answer = turn.go()
    answer.delay = float(turn.fault.value or 24 * 3600)
    answer.hangs_up = True
    return answer


def _session_id(turn: Turn) -> str:
    cookies = turn.visit.cookies
    return cookies.get("session_id") or cookies.get("PHPSESSID") or ""


def _json(answer: Answer) -> Any:
    return json.loads(b"".join(answer.body.pieces()))
