from __future__ import annotations

from hosts.sites.fshare.host import Fshare

__all__ = ["Fshare"]
