from __future__ import annotations

from downloads.management.verb_command import VerbCommand


class Command(VerbCommand):
    help = "Resume paused or waiting downloads."
    verb = "resume"
    done = "Resumed"
