from __future__ import annotations

import re

from django.test import Client


def all_of(client: Client, path: str) -> dict[str, str]:
    """What the form around the list at `path` sends when "all of this list" is ticked."""
    page = client.get(path).content.decode()
    form = page.partition('<form id="rows"')[2].partition("</form>")[0]
    hidden = dict(re.findall(r'<input type="hidden" name="(list|view|q|upto)" value="([^"]*)">', form))
    assert len(hidden) == 4, form
    return {**hidden, "all": "1"}
