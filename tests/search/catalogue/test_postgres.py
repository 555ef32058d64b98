from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.search.catalogue.cluster import cluster, programs

HERE = Path(__file__).parent


@pytest.mark.skipif(programs() is None, reason="no PostgreSQL server is installed (apt-get install postgresql)")
@pytest.mark.skipif(importlib.util.find_spec("psycopg") is None, reason="psycopg is not installed")
def test_the_catalogue_does_the_same_on_postgresql() -> None:
    """The tests of the index and of the visits once more, in a process of their own with another database."""
    bin_dir = programs()
    assert bin_dir is not None
    with cluster(bin_dir) as url:
        command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider"]
        done = subprocess.run(
            [
                *command,
                "--ds=tests.search.catalogue.postgres",
                str(HERE / "test_index.py"),
                str(HERE / "test_crawl.py"),
            ],
            env={**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "tests.search.catalogue.postgres"},
            capture_output=True,
            text=True,
            check=False,
            cwd=HERE.parent.parent.parent,
        )
    assert done.returncode == 0, done.stdout + done.stderr
