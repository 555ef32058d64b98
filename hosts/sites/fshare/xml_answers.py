"""The website's listing as XML, which it sends when it overlooks the Accept header: the shape its JSON would have."""

from __future__ import annotations

from typing import Any
from xml.etree.ElementTree import Element, ParseError, fromstring

ROOT = "response"
DECLARATIONS = ("<!DOCTYPE", "<!ENTITY")  # what entity bombs and foreign files begin with


def read_xml(text: str) -> dict[str, Any] | None:
    """The answer, None when it is no such XML. Everything in it is text, missing values are ""."""
    beginning = text.lstrip()[:100]
    if not beginning.startswith(("<?xml", f"<{ROOT}")) or any(mark in text for mark in DECLARATIONS):
        return None
    try:
        root = fromstring(_without_declaration(text.strip()))  # noqa: S314 - nothing is declared in it
    except ParseError:
        return None
    return {part.tag: _part(part) for part in root} if root.tag == ROOT else None


def _part(part: Element) -> Any:
    if part.tag == "items":
        return [_flat(item) for item in part]
    return _flat(part) if len(part) else part.text or ""


def _flat(part: Element) -> dict[str, str]:
    """The children's texts; a link may be wrapped once more, as <next><href>...</href></next>."""
    return {child.tag: (child.findtext("href") or child.text or "") for child in part}


def _without_declaration(text: str) -> str:
    """The document alone: it has been decoded, so an encoding that it names no longer holds."""
    return text.partition("?>")[2] if text.startswith("<?xml") else text
