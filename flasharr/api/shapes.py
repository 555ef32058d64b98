"""What goes in and out as JSON, shared by the resources."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, field_validator

from downloads import record
from downloads.models import Download, Priority

LARGEST = 2**63 - 1


def without_nul(text: str) -> str:
    if "\0" in text:
        raise ValueError("It must not contain a NUL character.")
    return text


def not_a_bool(value: object) -> object:
    """Python takes true for 1; a program that sends it means something else."""
    if isinstance(value, bool):
        raise ValueError("It is low, normal or high.")
    return value


Text = Annotated[str, AfterValidator(without_nul)]
Number = Annotated[int, Field(ge=1, le=LARGEST)]
PriorityIn = Annotated[Literal["low", "normal", "high", -1, 0, 1], BeforeValidator(not_a_bool)]


class Body(Schema):
    """What a program sends: no field that we do not know, and no value of another type."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Changes(Body):
    """What is left out stays as it is; null would mean neither that nor a value."""

    @field_validator("*", mode="before")
    @classmethod
    def not_null(cls, value: object) -> object:
        if value is None:
            raise ValueError("It must not be null; leave it out to keep it as it is.")
        return value


class ReasonOut(Schema):
    """Why a download does not run; `action` is what the user can do: retry, resume, password, account ..."""

    code: str
    message: str
    until: datetime | None = None
    action: str | None = None


class WarningOut(Schema):
    """What should be known about a file that is finished all the same."""

    code: str
    message: str


class DownloadOut(Schema):
    """`size`, `downloaded` in bytes, `speed` and `speed_limit` (0 for none) in bytes a second, `eta` in seconds,
    `progress` from 0 to 100.

    `directory` is below the download folder; `path` is the finished file. `error` is the message when it failed.
    `account` is the e-mail address of the one that was used last.
    """

    id: int
    url: str
    host: str
    name: str
    directory: str
    path: str | None
    status: str
    reason: ReasonOut | None
    warning: WarningOut | None
    checksum: str | None
    progress: float
    size: int | None
    downloaded: int
    speed: int
    eta: int | None
    speed_limit: int
    priority: Literal["low", "normal", "high"]
    batch: int | None
    account: str | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    error: str | None


class Changed(Schema):
    """How many rows changed, and the numbers of those that the action does not fit."""

    changed: int
    refused: list[int] = []


def priority_of(wanted: str | int) -> Priority:
    return record.PRIORITIES[wanted] if isinstance(wanted, str) else Priority(wanted)


def download_out(row: Download) -> DownloadOut:
    return DownloadOut.model_validate(record.of(row))
