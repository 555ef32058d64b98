from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from flasharr import doors

API_ROOT = "/api/v1"
SENTENCES = {
    400: "The request could not be understood.",
    403: "This is not allowed.",
    404: "There is nothing at this address.",
    405: "This address does not take that method.",
    413: "The request is too large.",
    500: "Something went wrong inside Flasharr. Its log says what.",
}


class MachineAnswers:
    """Programs get JSON whatever happens, also where Django would send a page.

    A trailing slash is forgiven, and what can be got can be asked for with HEAD; the server leaves the body out.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not doors.is_machine(request):
            return self.get_response(request)
        path = request.path_info.rstrip("/")
        request.path_info = f"{path}/" if path == API_ROOT else path
        method = request.method
        if method == "HEAD":
            request.method = "GET"
        response = self.get_response(request)
        request.method = method
        if response.status_code < 400 or response.get("Content-Type", "").startswith("application/json"):
            return response
        status = response.status_code
        answer = doors.error(status, SENTENCES.get(status, HTTPStatus(status).phrase + "."))
        response.content = answer.content
        response["Content-Type"], response["Content-Length"] = answer["Content-Type"], str(len(answer.content))
        return response


class HtmxMessages:
    """Adds waiting messages to an htmx reply, out of band: a swapped fragment would not show them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not request.headers.get("HX-Request") or response.streaming or "HX-Redirect" in response:
            return response
        if 300 <= response.status_code < 400 or not response.get("Content-Type", "").startswith("text/html"):
            return response
        messages = get_messages(request)
        if getattr(messages, "used", True) or not len(messages):
            return response
        if response.status_code == HTTPStatus.NO_CONTENT:
            response.status_code = HTTPStatus.OK  # a 204 has no body to carry them
            response["HX-Reswap"] = "none"
        response.write(render_to_string("_toasts.html", {"oob": True, "messages": messages}, request))
        return response
