from __future__ import annotations

from tests.search.asking import no_workers, running, world

__all__ = ["no_workers", "running", "world"]
