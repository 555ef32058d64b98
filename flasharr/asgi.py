from __future__ import annotations

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "flasharr.settings")
pages = get_asgi_application()  # before the imports below: it loads the apps that they need

from channels.auth import AuthMiddlewareStack  # noqa: E402
from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from channels.security.websocket import AllowedHostsOriginValidator  # noqa: E402

from downloads.routing import websocket_urlpatterns  # noqa: E402
from flasharr.sockets import SameOrigin  # noqa: E402

sockets = SameOrigin(AuthMiddlewareStack(URLRouter(websocket_urlpatterns)))
application = ProtocolTypeRouter(
    {"http": pages, "websocket": AllowedHostsOriginValidator(sockets)},
)
