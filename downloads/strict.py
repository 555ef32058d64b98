"""Adding for programs: every address given must be one, or nothing is added."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field

from downloads import intake
from downloads.actions import Added
from downloads.preview import IntakeRefused
from hosts.base import Problem
from hosts.links import CHECKSUM

SHOWN = 100


@dataclass(frozen=True, slots=True)
class How:
    """Where and how the files of one call are wanted."""

    directory: str = ""
    filename: str = ""
    password: str = field(default="", repr=False)
    priority: int = 0
    checksum: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """The rows, and what is behind the addresses and was not added, each with what is wrong with it."""

    added: list[Added]
    left_out: list[tuple[str, Problem]]


def add(addresses: Sequence[str], how: How) -> Answer:
    """Add what is behind the addresses. Raises IntakeRefused and PathRefused, and then nothing was added."""
    addresses = with_checksums(addresses)
    text = "\n".join(addresses)
    intake.require_plain(how.directory, how.filename)
    intake.require_checksum(how.checksum)
    intake.find(text)
    for address in addresses:
        require_address(address)
    seen = intake.preview(text)
    added = intake.add(seen, **asdict(how))
    return Answer(added, seen.left_out)


def with_checksums(given: Sequence[str]) -> list[str]:
    """The addresses, each together with the checksums that were given behind it as words of their own."""
    addresses: list[str] = []
    for text in given:
        if addresses and CHECKSUM.fullmatch(text.strip()):
            addresses[-1] += f" {text.strip()}"
        else:
            addresses.append(text)
    return addresses


def require_address(address: str) -> None:
    """Raises IntakeRefused with the address and what is wrong with it."""
    try:
        _, refused = intake.find(address)
    except IntakeRefused as problem:
        refused = [(address, problem)]
    if refused:
        raise IntakeRefused("{address}: {note}", address=refused[0][0][:SHOWN], note=refused[0][1].message)
