#!/usr/bin/env python
from __future__ import annotations

import os
import sys
from pathlib import Path

import django
from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line

from flasharr import running_demo

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "flasharr.settings")
    if sys.argv[1:2] not in (["up"], ["worker"], ["simulate"]):
        os.environ.update(running_demo.adopt(os.environ, Path(__file__).resolve().parent / "data" / "demo"))
    try:
        django.setup()  # reads the environment: a bad value is told in one line
    except (ImproperlyConfigured, OSError, ValueError) as error:
        sys.stderr.write(f"Flasharr cannot start: {str(error).partition(chr(10))[0]}\n")
        sys.exit(2)
    execute_from_command_line(sys.argv)
