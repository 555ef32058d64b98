"""Everything that names say, as data: one line a marker. `docs/release-names.md` says how to add one."""

from __future__ import annotations
