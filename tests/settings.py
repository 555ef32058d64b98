"""The product's settings on a throw-away data directory, with the slow and the noisy parts turned down."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

if "FLASHARR_DATA_DIR" not in os.environ:
    os.environ["FLASHARR_DATA_DIR"] = tempfile.mkdtemp(prefix="flasharr-tests-")
    atexit.register(shutil.rmtree, os.environ["FLASHARR_DATA_DIR"], ignore_errors=True)
if (worker := os.environ.get("PYTEST_XDIST_WORKER")) and Path(os.environ["FLASHARR_DATA_DIR"]).name != worker:
    os.environ["FLASHARR_DATA_DIR"] += f"/{worker}"  # tests that run side by side share nothing
    Path(os.environ["FLASHARR_DATA_DIR"]).mkdir()
os.environ.setdefault("FSHARE_INTERVAL", "0")
os.environ.setdefault("SECRET_KEY", "only-for-tests-0123456789-0123456789-0123456789-abcdef")

from flasharr.settings import *  # noqa: F403
from flasharr.settings import DATA_DIR, DATABASES, STORAGES

# A file, not memory: threads, processes and the live server must see the same rows.
DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}
# No power cut happens to this database, so no commit waits for the disk.
if options := DATABASES["default"].get("OPTIONS"):
    options["init_command"] = options["init_command"].replace("synchronous=FULL", "synchronous=OFF")
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
WHITENOISE_AUTOREFRESH = True
