from __future__ import annotations

from downloads.management.verb_command import VerbCommand


class Command(VerbCommand):
    help = "Start failed, waiting or complete downloads again; all stands for the failed and waiting ones."
    verb = "retry"
    done = "Queued"
