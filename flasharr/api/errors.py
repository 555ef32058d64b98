"""Every error that a route can end with, as {"error": {"code", "message", "fields"?}} with its HTTP status."""

from __future__ import annotations

import logging
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.core.exceptions import ValidationError as RuleBroken
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from flasharr import doors
from hosts.base import HostProblem, Problem

log = logging.getLogger(__name__)

GATEWAY = 502


class NotPossible(Exception):
    """The verb does not fit the state that the row is in."""


def install(api: NinjaAPI) -> None:
    api.add_exception_handler(Problem, on_problem)
    api.add_exception_handler(RuleBroken, on_rule_broken)
    api.add_exception_handler(ValidationError, on_malformed)
    api.add_exception_handler(NotPossible, on_not_possible)
    api.add_exception_handler(RequestDataTooBig, on_too_large)
    api.add_exception_handler(HttpError, on_http_error)
    api.add_exception_handler(Http404, on_missing)
    api.add_exception_handler(Exception, on_defect)


def on_problem(request: HttpRequest, problem: Problem | type[Problem]) -> HttpResponse:
    assert isinstance(problem, Problem)
    status = GATEWAY if isinstance(problem, HostProblem) and not problem.needs_user else 400
    return doors.error(status, problem.message, problem.code)


def on_rule_broken(request: HttpRequest, broken: RuleBroken | type[RuleBroken]) -> HttpResponse:
    assert isinstance(broken, RuleBroken)
    fields = {name: " ".join(sentences) for name, sentences in broken.message_dict.items()}
    return doors.error(400, " ".join(fields.values()), "invalid", fields)


def on_malformed(request: HttpRequest, malformed: ValidationError | type[ValidationError]) -> HttpResponse:
    assert isinstance(malformed, ValidationError)
    fields = {field_of(one["loc"]): sentence_of(one) for one in malformed.errors}
    whole = "; ".join(f"{name}: {sentence}" for name, sentence in fields.items())
    return doors.error(400, whole[:1000], "invalid", fields)


def on_not_possible(request: HttpRequest, refused: NotPossible | type[NotPossible]) -> HttpResponse:
    return doors.error(409, str(refused), "not_possible")


def on_too_large(request: HttpRequest, too_large: RequestDataTooBig | type[RequestDataTooBig]) -> HttpResponse:
    return doors.error(413, "The request is too large.")


def on_http_error(request: HttpRequest, error: HttpError | type[HttpError]) -> HttpResponse:
    assert isinstance(error, HttpError)
    code = "scope_missing" if error.status_code == 403 and doors.key_of(request) else ""
    return doors.error(error.status_code, error.message, code)


def on_missing(request: HttpRequest, missing: Http404 | type[Http404]) -> HttpResponse:
    return doors.error(404, "There is nothing with this number.")


def on_defect(request: HttpRequest, defect: Exception | type[Exception]) -> HttpResponse:
    log.exception("%s %s failed", request.method, request.path)
    return doors.error(500, "Something went wrong inside Flasharr. Its log says what.")


def field_of(location: tuple[str | int, ...]) -> str:
    """("body", "new", "urls", 3) -> "urls.3": without where it stood and what the route calls it."""
    parts = location[2:] if location[0] == "body" else location[1:]
    return ".".join(str(part) for part in parts) or str(location[0])


def sentence_of(error: dict[str, Any]) -> str:
    return str(error["msg"]).removeprefix("Value error, ")
