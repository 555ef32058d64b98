"""The shapes in which a dead link says so."""

from __future__ import annotations

from collections.abc import Callable

from flasharr.simulator.answers import Answer, code_answer, html_answer, json_answer

GONE_PAGE = (
    "\n\n<!DOCTYPE html>\n<html><head><title>Không tìm thấy - Fshare</title></head><body>"
    '<img src="/images/Filenotfound"><p>Tập tin của bạn yêu cầu không tồn tại</p></body></html>\n'
)
GONE_FOLDER_PAGE = GONE_PAGE.replace("Tập tin", "Thư mục")


def dead_answer(shape: str, origin: str, code: str) -> Answer:
    return SHAPES[shape](origin, code)


def json_404(origin: str, code: str) -> Answer:
    return code_answer(404, 404, "Tập tin không tồn tại")


def html_404(origin: str, code: str) -> Answer:
    return html_answer(404, GONE_PAGE)


def redirect_to_page(origin: str, code: str) -> Answer:
    """To the file's web page, which answers 200 with HTML."""
    answer = html_answer(302, "")
    answer.headers["Location"] = f"{origin}/web/file/{code}"
    return answer


def yii_404(origin: str, code: str) -> Answer:
    """Status 200 whose body says 404."""
    return json_answer(200, {"name": "Not Found", "message": "Liên kết không tồn tại", "code": 0, "status": 404})


SHAPES: dict[str, Callable[[str, str], Answer]] = {
    "json": json_404,
    "html": html_404,
    "redirect": redirect_to_page,
    "deleted": json_404,  # fileops/get still describes it, with deleted "1"
    "v3": yii_404,
}
