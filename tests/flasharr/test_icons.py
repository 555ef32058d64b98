from __future__ import annotations

import pytest
from django.template import Context, Template
from lucide import IconDoesNotExist


def drawn(tag: str) -> str:
    return Template(f"{{% {tag} %}}").render(Context({"icon": "search"}))


def test_an_icon_is_drawn_once_for_each_look() -> None:
    small = drawn('lucide "search" size=14 aria_hidden="true"')
    assert small.startswith("<svg")
    assert 'width="14"' in small
    assert 'aria-hidden="true"' in small
    assert drawn('lucide icon size=14 aria_hidden="true"') == small
    assert drawn('lucide "search" size=20 aria_hidden="true"') == small.replace('"14"', '"20"')


def test_a_second_drawing_costs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    first = drawn('lucide "bookmark" size=15')
    monkeypatch.setattr("lucide._load_icon", None)
    assert drawn('lucide "bookmark" size=15') == first


def test_an_icon_that_is_none_is_an_error() -> None:
    with pytest.raises(IconDoesNotExist):
        drawn('lucide "no-such-icon"')
