"""Pictures of TMDB from our own address, so that pages need no third party."""

from __future__ import annotations

import hashlib

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import parse_etags
from django.views.decorators.http import require_safe

from search import providers
from search.problems import SourceProblem

FOREVER = "private, max-age=31536000, immutable"
SHORTLY = "private, max-age=30"
PLACEHOLDER = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 342 513">'
    b'<rect width="342" height="513" fill="#7c8594"/>'
    b'<g fill="none" stroke="#e9ecf1" stroke-width="8" stroke-linejoin="round">'
    b'<rect x="101" y="191" width="140" height="130" rx="10"/>'
    b'<path d="M129 191v130M213 191v130M101 234h28M101 278h28M213 234h28M213 278h28"/></g></svg>'
)


@require_safe
def picture(request: HttpRequest, size: str, name: str) -> HttpResponse:
    """A picture for good, or for half a minute a placeholder where there is none to be had."""
    etag = f'"{hashlib.sha256(f"{size}/{name}".encode()).hexdigest()[:32]}"'
    if etag in parse_etags(request.headers.get("If-None-Match", "")):
        return _kept(HttpResponse(status=304), etag)
    try:
        found = providers.posters().get(size, f"/{name}")
    except ValueError:
        raise Http404 from None
    except SourceProblem:
        # With an error's status every card without a poster would be an error in the browser's console.
        return HttpResponse(PLACEHOLDER, content_type="image/svg+xml", headers={"Cache-Control": SHORTLY})
    return _kept(HttpResponse(found.data, content_type=found.kind), etag)


def _kept(response: HttpResponse, etag: str) -> HttpResponse:
    response["Cache-Control"], response["ETag"] = FOREVER, etag
    return response
