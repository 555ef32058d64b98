"""The grammar: each rule reads a draft and writes one thing into it. `parse.RULES` has their order."""

from __future__ import annotations
