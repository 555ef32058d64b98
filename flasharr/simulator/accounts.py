"""What the API says to and about accounts."""

from __future__ import annotations

from typing import Any

from flasharr.simulator.answers import Answer, code_answer, json_answer, nginx_answer
from flasharr.simulator.world import Account

# What a session that is over looks like: HTTP status and the code in the body. No code: nothing, or a page.
EXPIRED: dict[str, tuple[int, int | str | None]] = {
    "201": (201, 201),
    "200": (200, 201),
    "401": (401, 401),
    "string": (201, "201"),
    "202": (202, 202),
    "400": (400, 400),
    "201 empty": (201, None),
    "401 page": (401, None),
}

# Why signing in fails: HTTP status, the code in the body, the message. No code: the front end's HTML page.
LOGIN_ERRORS: dict[str, tuple[int, int | str | None, str]] = {
    "gate": (400, None, ""),
    "400": (400, 400, "Email or password is malformed"),
    "403": (403, 403, "Application for vip accounts only"),
    "403/33": (403, 33, "Application is not authorised"),
    "403/34": (403, 34, "Application is invalid"),
    "403/37": (403, 37, "Device is not supported"),
    "403/38": (403, 38, "Environment is not supported"),
    "403/39": (403, 39, "App key is invalid, please update the application"),
    "405": (405, 405, "Authenticate fail!"),
    "405/authenticate": (405, "authenticate", "Authenticate fail!"),
    "405/too many": (405, "too many", "Too many wrong attempts"),
    "406": (406, 406, "Account is not activated"),
    "408/407": (408, 407, "Please change your password"),
    "408/408": (408, 408, "Password must not be the phone number"),
    "409": (409, 409, "Account is locked for login"),
    "410": (410, 410, "Account is locked"),
    "424": (424, 424, "Tài khoản tạm khóa 10 phút do nhập sai mật khẩu quá 3 lần"),
    "500": (500, None, ""),
    "502": (502, None, ""),
}


def login_error(row: str) -> Answer:
    """One of the ways to be refused. Raises KeyError for a row that does not exist."""
    status, code, message = LOGIN_ERRORS[row]
    return nginx_answer(status) if code is None else code_answer(status, code, message)


def not_logged_in(shape: str) -> Answer:
    status, code = EXPIRED[shape]
    if code is None:
        return nginx_answer(status) if shape.endswith("page") else Answer(status)
    return code_answer(status, code, "Not logged in yet!")


def user_info(account: Account, now: float) -> Answer:
    """The user/get answer in the account's shape."""
    vip = account.vip_until
    until = "" if vip is None else vip if isinstance(vip, str) else str(int(vip))
    info: dict[str, Any] = {
        "id": "1000001",
        "level": "3" if account.is_vip(now) else "2",
        "name": "Người dùng thử",
        "phone": "",
        "birthday": "",
        "gender": "",
        "address": "",
        "id_card": "",
        "city": "",
        "occupation": "",
        "email": account.email,
        "joindate": "1500000000",
        "totalpoints": "0",
        "expire_vip": until,
        "traffic": "0",
        "traffic_used": "0",
        "webspace": "53687091200",
        "webspace_used": "0",
        "webspace_secure": "53687091200",
        "webspace_secure_used": "0",
        "amount": "0",
        "dl_time_avail": "0",
        "account_type": account.kind,
        **account.info,
    }
    if account.shape == "level":
        info = {key: value for key, value in info.items() if key not in ("expire_vip", "account_type")}
    if account.shape == "ints":
        info = {key: int(value) if str(value).isdigit() else value for key, value in info.items()}
    return json_answer(200, {"code": 200, "data": info} if account.shape == "nested" else info)
