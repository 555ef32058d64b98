"""A demo that is running leaves a note, so that commands in another shell speak to it. Knows no Django.

The note holds the environment that `up --demo` runs with. It counts only while its process lives.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path

from downloads import processes

PREFIXES = ("FSHARE_", "TMDB_", "TIMFSHARE_")
ADOPTED = ("FLASHARR_DATA_DIR", "FLASHARR_DOWNLOAD_DIR", "FLASHARR_DEMO")
NAME = "demo.json"


def leave_note(data_dir: Path) -> None:
    """Write down this process and what it was started with; readable by the owner only."""
    kept = {name: value for name, value in os.environ.items() if name.startswith(PREFIXES) or name in ADOPTED}
    path = data_dir / NAME
    path.touch(mode=0o600)
    path.write_text(json.dumps({"process": processes.identity(os.getpid()), "environment": kept}))


def remove_note(data_dir: Path) -> None:
    """A real start on this folder ends the demo's claim to it."""
    (data_dir / NAME).unlink(missing_ok=True)


def adopt(environment: Mapping[str, str], default: Path) -> dict[str, str]:
    """What to add to the environment: that of the demo which runs on the data folder in use, else nothing.

    `default` is the folder of a demo that was started without FLASHARR_DATA_DIR.
    """
    try:
        note = json.loads((Path(environment.get("FLASHARR_DATA_DIR") or default) / NAME).read_text())
        pid = int(note["process"].partition(" ")[0])
        return dict(note["environment"]) if processes.identity(pid) == note["process"] else {}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}
