"""What the commands have in common: how rows are printed, and which rows the arguments mean."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import CommandError
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import QuerySet

from downloads import queries, verbs
from downloads.engine.space import readable
from downloads.models import Download

MOST_DIGITS = 18


class Refused(CommandError):
    """Why a command fails, with the code that programs go by."""

    def __init__(self, code: str, message: str, returncode: int = 1) -> None:
        super().__init__(message, returncode=returncode)
        self.code = code


def as_json(answer: dict[str, Any]) -> str:
    return json.dumps(answer, cls=DjangoJSONEncoder, indent=2, ensure_ascii=False)


def line(row: Download) -> str:
    """One row for people: number, status, progress, name, and why it does not run."""
    size = readable(row.size) if row.size is not None else "?"
    speed = f"  {readable(row.speed)}/s" if row.speed else ""
    why = f"  ({row.reason.message})" if row.reason else ""
    return f"{row.pk:>6}  {row.status:<11}  {row.progress:5.1f} %  {size:>9}{speed}  {row}{why}"


def chosen(verb: str, words: list[str]) -> QuerySet[Download]:
    """The rows that "all" or a list of numbers means. Raises Refused when one of them is not there."""
    if words == ["all"]:
        return verbs.everything(verb)
    wrong = [word for word in words if not word.isdecimal() or len(word) > MOST_DIGITS]
    if wrong:
        raise Refused("invalid", f"{wrong[0]!r} is not the number of a download. Give numbers, or all.")
    wanted = {int(word) for word in words}
    missing = wanted - set(queries.live().filter(pk__in=wanted).values_list("pk", flat=True))
    if missing:
        numbers = ", ".join(str(number) for number in sorted(missing))
        raise Refused("not_found", f"There is no download {numbers}. Nothing was changed; `queue` lists them.")
    return Download.objects.filter(pk__in=wanted)
