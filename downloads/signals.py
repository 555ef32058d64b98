"""What the rest of Flasharr may listen to without the workers knowing of it."""

from __future__ import annotations

from django.dispatch import Signal

watch_looked = Signal()
"""Sent every few seconds beside the workers: the moment to queue a chore that has become due."""

workers_stopping = Signal()
"""Sent again and again while the workers wind down: whatever runs long should come to an end."""
