from __future__ import annotations

from downloads.management.verb_command import VerbCommand


class Command(VerbCommand):
    help = "Pause downloads."
    verb = "pause"
    done = "Paused"
