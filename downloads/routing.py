from __future__ import annotations

import re

from channels.security.websocket import WebsocketDenier
from django.conf import settings
from django.urls import re_path

from downloads.consumers import QueueConsumer

PREFIX = re.escape((settings.FORCE_SCRIPT_NAME or "").strip("/"))
LANGUAGES = "|".join(re.escape(code) for code, _name in settings.LANGUAGES)

# A proxy may or may not strip the path that the site is mounted at; Django's own URLs work either way, so must this.
websocket_urlpatterns = [
    re_path(rf"^(?:{PREFIX}/)?ws/queue/(?P<language>{LANGUAGES})/$", QueueConsumer.as_asgi()),
    re_path("", WebsocketDenier.as_asgi()),
]
