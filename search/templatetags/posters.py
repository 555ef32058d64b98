from __future__ import annotations

from django import template
from django.urls import reverse

register = template.Library()


@register.filter
def picture(path: str, size: str) -> str:
    """Our address of a TMDB picture: `{{ card.poster_path|picture:"w342" }}`, "" where there is none."""
    return reverse("posters:picture", args=[size, path.lstrip("/")]) if path else ""
