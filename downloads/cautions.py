"""What is said of a finished file whose checksum came when it was there already. PURE."""

from __future__ import annotations

from downloads.engine.magic import Caution
from hosts.base import gettext_noop

CHECKING = Caution(
    "unchecked", gettext_noop("The checksum came when the file was finished. It is being compared with the disk."), {}
)
DIFFERS = Caution(
    "checksum_mismatch",
    gettext_noop("The file on the disk does not have the checksum that was given for it later. Nothing was deleted."),
    {},
)
UNREADABLE = Caution(
    "unreadable",
    gettext_noop("The checksum that was given later could not be checked: the file on the disk cannot be read."),
    {},
)
