"""What every code, status and page of Fshare means to us: one table for signing in, one for all other calls."""

from __future__ import annotations

import unicodedata
from typing import NamedTuple

from hosts.base import (
    AccountLocked,
    AccountProblem,
    AnswerUnreadable,
    AppRefused,
    HostBusy,
    HostDown,
    LinkDead,
    LinkProblem,
    LinkRefused,
    LoginRefused,
    PasswordNeeded,
    PasswordWrong,
    Problem,
    QuotaReached,
    SessionExpired,
    SessionTaken,
    TooManySessions,
    VipNeeded,
    gettext_noop,
)
from hosts.sites.fshare.answers import Answer, whole

LABEL = "Fshare"


class NoSuchPage(AnswerUnreadable):
    """A page says that something is not there, and not what: the file, or the address that was asked."""


class Refusal(NamedTuple):
    """A Problem to be: its class, its own sentence, and the wait in seconds when the answer names none.

    What needs the user has no wait, whatever the answer names, unless it is known here to end by itself.
    """

    kind: type[Problem]
    sentence: str | None = None
    wait: float | None = None

    def problem(self, retry_after: float | None = None, **params: str | int) -> Problem:
        ends = self.wait is not None or not self.kind.needs_user
        wait = retry_after if ends and retry_after is not None else self.wait
        return self.kind(self.sentence, retry_after=wait, host=LABEL, **params)


APP = Refusal(AppRefused)
DEVICE = Refusal(
    AppRefused,
    gettext_noop("{host} does not support this app key's kind of device. Get your own key from its API page."),
)
LOCKED = Refusal(AccountLocked)
EXPIRED = Refusal(SessionExpired)
BUSY = Refusal(HostBusy)
TOO_MANY = Refusal(TooManySessions, wait=120)
GATE = Refusal(
    AppRefused,
    gettext_noop(
        "{host} turned the request away at the door: the User-Agent is not the one that belongs to your app key, "
        "or the key was replaced. Correct both, then check the account."
    ),
)

EVERYWHERE: dict[int | str, Refusal] = {
    33: APP,
    34: APP,
    37: DEVICE,
    38: DEVICE,
    39: APP,
    403: Refusal(VipNeeded),
    406: Refusal(
        AccountLocked,
        gettext_noop("{host} says that the account is not activated or is locked. Open the website to cure it."),
    ),
    407: Refusal(LoginRefused, gettext_noop("{host} wants a new password for the account. Change it on the website.")),
    408: Refusal(
        LoginRefused,
        gettext_noop("{host} refuses a password that is your phone number. Change it on the website."),
    ),
    409: LOCKED,
    410: Refusal(
        AccountLocked,
        gettext_noop("{host} has locked the account or no longer accepts its e-mail provider. Ask its support."),
    ),
    424: Refusal(
        AccountLocked,
        gettext_noop(
            "{host} has locked the account for 10 minutes after wrong passwords. It is tried again by itself then; "
            "if you changed the password, enter the new one under Accounts when the 10 minutes are over."
        ),
        600,
    ),
    "too many": Refusal(
        AccountLocked,
        gettext_noop(
            "{host} blocks the account after too many sign-ins. Wait 10 minutes, then check it under Accounts."
        ),
    ),
    429: BUSY,
    **dict.fromkeys(range(470, 480), TOO_MANY),
    503: BUSY,
}
LOGIN: dict[int | str, Refusal] = {
    **EVERYWHERE,
    400: Refusal(
        LoginRefused, gettext_noop("{host} does not accept the form of the e-mail or password. Correct them.")
    ),
    401: Refusal(LoginRefused),
    405: Refusal(LoginRefused),
    "authenticate": Refusal(LoginRefused),
    500: Refusal(
        AppRefused,
        gettext_noop(
            "{host} answered the sign-in with error 500, which is how it treats a banned app key. "
            "Get your own key from its API page, or check the account later."
        ),
    ),
    502: Refusal(
        HostDown,
        gettext_noop(
            "{host} answers the sign-in with error 502: it is down, or it does not know your User-Agent. "
            "It will be tried again; if it stays so, correct the User-Agent."
        ),
    ),
}
SIGNED_IN: dict[int | str, Refusal] = {
    **EVERYWHERE,
    **dict.fromkeys((201, 202, 400, 401, 405, 420, 421, 422, 423, "authenticate"), EXPIRED),
}
WEB_DOOR: dict[int | str, Refusal] = {429: BUSY, 503: BUSY}
WEB: dict[int | str, Refusal] = {
    **WEB_DOOR,
    **dict.fromkeys(
        (401, 403),
        Refusal(
            LinkRefused,
            gettext_noop("{host} does not open this share without its token. Paste the whole link with ?token=."),
        ),
    ),
    404: Refusal(LinkDead),
}
# Without JSON it is the web server in front of the API that speaks.
DOOR = {400: GATE, 403: Refusal(AnswerUnreadable), 408: Refusal(HostDown)}
PAGES: tuple[tuple[str, Refusal], ...] = (
    ("invalid user agent", GATE),
    ("used from another device", Refusal(SessionTaken)),
    ("đăng nhập trên nhiều thiết bị", Refusal(SessionTaken)),
    ("suspect this account has been stolen", LOCKED),
    ("vượt quá số lượt tải trong ngày", Refusal(QuotaReached, wait=3600)),
    ("too many download sessions", TOO_MANY),
    ("quá nhiều phiên tải", TOO_MANY),
    ("phiên tải quá nhiều", TOO_MANY),
    ("tài nguyên bạn yêu cầu không tìm thấy", Refusal(HostDown, wait=600)),
    ("đã có lỗi xảy ra", Refusal(HostDown)),  # also on pages that look like a dead link's
    ("thuộc guest nên chỉ tải xuống", Refusal(VipNeeded)),
    ("bạn yêu cầu không tồn tại", Refusal(LinkDead)),
    ("liên kết bạn chọn không tồn tại", Refusal(LinkDead)),
    ("tập tin không tồn tại", Refusal(LinkDead)),
    ("images/filenotfound", Refusal(LinkDead)),
    ("requested file does not existed", Refusal(LinkDead)),
    ("file has been deleted by the user", Refusal(LinkDead)),
    ("not found - fshare", Refusal(NoSuchPage)),  # the website says so of every address that it does not have
    ("không tìm thấy - fshare", Refusal(NoSuchPage)),
)

PASSWORD = ("password", "mật khẩu")  # with 403, in whose body the code for a password may be missing


def at_login(answer: Answer) -> Problem:
    """Why an answer to signing in is no session."""
    return _page_about_account(answer) or _coded(answer, LOGIN) or _unreadable(answer)


def at_call(answer: Answer, password: str | None = None) -> Problem | None:
    """What an answer to a call with a session refuses, None when it refuses nothing.

    `password` is given for calls about a link: None for those about the account, where 404 is no dead link.
    """
    if password is not None and _wants_password(answer):
        return PasswordWrong() if password else PasswordNeeded()
    if problem := _page_about_account(answer) if password is None else _page(answer):
        return problem
    if password is not None and _effective(answer) == 404:
        return LinkDead() if answer.body is not None else NoSuchPage(host=LABEL)
    return _coded(answer, SIGNED_IN)


def at_web(answer: Answer) -> Problem | None:
    """What an answer of the website's API refuses, None when it refuses nothing.

    A page that is not known proves nothing about the link: it is a wall against bots, or the address has moved.
    """
    if problem := _page(answer):
        return problem
    status = answer.status
    if "items" not in answer.fields and "current" not in answer.fields:
        status = whole(answer.fields.get("status")) or whole(answer.fields.get("code")) or status
    table = WEB_DOOR if answer.body is None else WEB
    if status in table:
        return table[status].problem(answer.retry_after)
    if status >= 500:
        return HostDown(host=LABEL, retry_after=answer.retry_after)
    return None if status < 300 and answer.body is not None else AnswerUnreadable(host=LABEL)


def at_file(page: str) -> Problem | None:
    """What a page of a file server says about the account, such as its daily limit; all else proves nothing."""
    problem = _page(Answer(200, None, page))
    return problem if isinstance(problem, AccountProblem) else None


def _wants_password(answer: Answer) -> bool:
    is_refused = 403 in (answer.status, answer.code)
    return answer.code == 123 or (is_refused and any(word in _said(answer) for word in PASSWORD))


def _said(answer: Answer) -> str:
    return unicodedata.normalize("NFC", answer.message).casefold()


def _page(answer: Answer) -> Problem | None:
    said = _said(answer)
    refusal = next((refusal for words, refusal in PAGES if words in said), None)
    return refusal.problem(answer.retry_after) if refusal else None


def _page_about_account(answer: Answer) -> Problem | None:
    """Where no link was asked about, no link can be dead."""
    problem = _page(answer)
    return AnswerUnreadable(host=LABEL) if isinstance(problem, LinkProblem) else problem


def _effective(answer: Answer) -> int | str:
    """The body's code where there is one that says something, else its status (404 in a 200), else HTTP's."""
    if answer.code not in (None, 0, 200):
        return answer.code or 0
    inner = whole(answer.fields.get("status")) or 0
    return inner if answer.status == 200 and inner >= 400 else answer.status


def _coded(answer: Answer, table: dict[int | str, Refusal]) -> Problem | None:
    code = _effective(answer)
    if answer.body is None and answer.status in DOOR:
        return DOOR[answer.status].problem(answer.retry_after)
    if code in table:
        return table[code].problem(answer.retry_after)
    if isinstance(code, int) and 500 <= code < 600:
        return HostDown(host=LABEL, retry_after=answer.retry_after)
    if code == 200 and answer.body is not None:
        return None
    return _unreadable(answer)


def _unreadable(answer: Answer) -> Problem:
    code = _effective(answer)
    if code == 200:
        return AnswerUnreadable(host=LABEL)
    return AnswerUnreadable(
        gettext_noop("{host} answered with code {code}, which is not known here. It will be tried again."),
        host=LABEL,
        code=code,
        retry_after=answer.retry_after,
    )
