"""How TMDB says no, and how it writes lists."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flasharr.simulator.answers import Answer, json_answer

PAGE = 20
LAST_PAGE = 500

# status_code: (HTTP status, message)
REFUSALS = {
    3: (401, "Authentication failed: You do not have permissions to access the service."),
    5: (422, "Invalid parameters: Your request parameters are incorrect."),
    7: (401, "Invalid API key: You must be granted a valid key."),
    9: (503, "Service offline: This service is temporarily offline, try again later."),
    10: (401, "Suspended API key: Access to your account has been suspended, contact TMDB."),
    11: (500, "Internal error: Something went wrong, contact TMDB."),
    22: (400, "Invalid page: Pages start at 1 and max at 500. They are expected to be an integer."),
    24: (504, "Your request to the backend server timed out. Try again."),
    25: (429, "Your request count (#) is over the allowed limit of (40)."),
    27: (400, "Too many append to response objects: The maximum number of remote calls is 20."),
    34: (404, "The resource you requested could not be found."),
    46: (503, "The API is undergoing maintenance. Try again later."),
}


def refusal(code: int) -> Answer:
    status, message = REFUSALS[code]
    return json_answer(status, {"success": False, "status_code": code, "status_message": message})


def paged(rows: Sequence[dict[str, Any]], page: str, **more: Any) -> Answer:
    """One page of a list; one beyond the last is empty, one beyond 500 an error."""
    if not page.isdigit() or not 1 <= int(page) <= LAST_PAGE:
        return refusal(22)
    number = int(page)
    return json_answer(
        200,
        {
            **more,
            "page": number,
            "results": list(rows[(number - 1) * PAGE : number * PAGE]),
            "total_pages": -(-len(rows) // PAGE),
            "total_results": len(rows),
        },
    )
