"""A web server for tests that plays back what it is given and remembers what it was asked."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self


@dataclass
class Page:
    """`headers` are written as they are, latin-1 for str; `body` may be a function that writes for ever."""

    status: int = 200
    headers: dict[str, str | bytes] = field(default_factory=dict)
    body: bytes | Callable[[Any], None] = b""


@dataclass(frozen=True)
class Asked:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes


class Pages:
    def __init__(self, address: str = "127.0.0.1") -> None:
        self.pages: dict[str, Page] = {}
        self.asked: list[Asked] = []
        self._server = ThreadingHTTPServer((address, 0), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def answer(self, path: str, status: int = 200, body: Any = b"", **headers: str | bytes) -> str:
        """Set what a path answers; names of headers are given with _ for -. The address of the path."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.pages[path] = Page(status, named, body)
        return self.url + path

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: Any, trace: TracebackType | None) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        pages = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_one_request(self) -> None:
                try:
                    super().handle_one_request()
                except ConnectionError:
                    self.close_connection = True

            def do_GET(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                pages.asked.append(Asked(self.command, self.path, dict(self.headers.items()), body))
                page = pages.pages.get(self.path.partition("?")[0], Page(404))
                self.send_response(page.status)
                for name, value in page.headers.items():
                    raw = value if isinstance(value, bytes) else value.encode("latin-1")
                    self._headers_buffer.append(name.encode() + b": " + raw + b"\r\n")  # type: ignore[attr-defined]
                if callable(page.body):
                    self.close_connection = True
                    self.send_header("Connection", "close")
                    self.end_headers()
                    page.body(self.wfile)
                    return
                if "Content-Length" not in page.headers:
                    self.send_header("Content-Length", str(len(page.body)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(page.body)

            do_HEAD = do_POST = do_GET  # noqa: N815

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
                pass

        return Handler
