"""The HTTP server: reads a request, lets the right part answer it, journals it."""

from __future__ import annotations

import logging
import socket
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from flasharr.simulator import api, cdn, control, images, timfshare, tmdb, web
from flasharr.simulator.answers import Answer, Framing, json_answer, nginx_answer
from flasharr.simulator.delivery import Delivery, is_gone
from flasharr.simulator.journal import CLIENT_GONE, COMPLETE, OPEN, Request
from flasharr.simulator.state import State
from flasharr.simulator.traffic import SLOWED_TO
from flasharr.simulator.visit import Visit

logger = logging.getLogger(__name__)

PARTS = {"api": api, "web": web, "cdn": cdn, "tmdb": tmdb, "images": images, "timfshare": timfshare}
CONTROL = "__sim"
MOST_REQUEST_BODY = 64 << 20
# Small, so that what the journal calls sent is not megabytes ahead of what the client has read.
SEND_BUFFER = 256 * 1024
RECOVERY_SECONDS = 0.1  # out of file descriptors, most likely: let some go


class Server(ThreadingHTTPServer):
    """Knows its open connections, so that stopping need not wait for a stalled one."""

    request_queue_size = 256

    def __init__(self, address: tuple[str, int], state: State, node: int = 0) -> None:
        self.state, self.node = state, node
        self._lock = threading.Lock()
        self._is_stopping = False
        self._connections: dict[socket.socket, threading.Thread] = {}
        super().__init__(address, Handler)

    def serve(self) -> None:
        """Accept connections until stop() is called; asleep in between, unlike serve_forever()."""
        while True:
            try:
                request, client_address = self.get_request()
            except OSError:
                if self._is_stopping:
                    return
                logger.exception("The simulator could not accept a connection")
                time.sleep(RECOVERY_SECONDS)
                continue
            self.process_request(request, client_address)

    def stop(self) -> None:
        """Wake serve(), which then returns."""
        self._is_stopping = True
        self.socket.shutdown(socket.SHUT_RDWR)

    def process_request(self, request: Any, client_address: Any) -> None:
        request.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
        thread = threading.Thread(target=self.process_request_thread, args=(request, client_address), daemon=True)
        with self._lock:
            self._connections[request] = thread
        thread.start()

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            with self._lock:
                self._connections.pop(request, None)

    def shutdown_request(self, request: Any) -> None:
        # The base class sends a FIN first, which would turn a reset into a clean end.
        self.close_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        logger.exception("The simulator failed to serve a request")

    def hang_up(self) -> None:
        """End every open connection and wait for the threads behind them."""
        with self._lock:
            connections = dict(self._connections)
            for connection in connections:
                try:
                    connection.shutdown(socket.SHUT_RDWR)
                except OSError:
                    continue  # the other side was faster
        for thread in connections.values():
            thread.join(timeout=2)

    @property
    def open_connections(self) -> int:
        with self._lock:
            return len(self._connections)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "nginx"
    sys_version = ""
    disable_nagle_algorithm = True
    server: Server

    def handle_one_request(self) -> None:
        try:
            super().handle_one_request()
        except ConnectionError:
            self.close_connection = True

    def do_GET(self) -> None:
        client = str(self.client_address[0])
        visit = Visit(self.command, self.path, self.headers, self._read_body(), client, self.server.node)
        if visit.part == CONTROL:
            self._control(visit)
        else:
            self._serve(visit)

    do_HEAD = do_POST = do_PUT = do_DELETE = do_GET  # noqa: N815 - the base class looks for these names

    def _read_body(self) -> bytes:
        length = self.headers.get("Content-Length", "0")
        return self.rfile.read(min(int(length), MOST_REQUEST_BODY)) if length.isdigit() else b""

    def _control(self, visit: Visit) -> None:
        answer = control.answer(visit, self.server.state, self.server.open_connections)
        self._send_head(answer)
        self.wfile.write(b"".join(answer.body.pieces()))

    def _serve(self, visit: Visit) -> None:
        state = self.server.state
        part = PARTS.get(visit.part)
        if part is not None:
            part.identify(visit, state)
        faults = state.faults.take(visit)
        request = state.journal.open(visit, state.clock.now(), tuple(fault.name for fault in faults))
        ended = CLIENT_GONE
        try:
            go: Callable[[], Answer] = (lambda: part.answer(visit, state, request)) if part else _nothing_here
            answer = _guarded(state.faults.chain(faults, visit, state, go))
            request.status = answer.status
            wait = answer.headers.get("Retry-After", "")
            request.retry_after = float(wait) if wait.isdigit() else None
            if not (answer.delay and is_gone(self.connection, answer.delay)):
                ended = self._deliver(visit, answer, state, request)
        finally:
            self._close(request, ended)
        if ended != COMPLETE:
            self.close_connection = True

    def _close(self, request: Request, ended: str) -> None:
        """What it sent counts before the client can have read the last of it and ask again."""
        state = self.server.state
        if request.ended == OPEN and request.part == "cdn" and request.account:
            state.traffic.add(request.account, request.bytes_sent)
        state.journal.close(request, ended)

    def _deliver(self, visit: Visit, answer: Answer, state: State, request: Any) -> str:
        def done() -> None:
            self._close(request, COMPLETE)

        if visit.method == "HEAD" or not (answer.body.length or answer.cut):
            done()
        self._send_head(answer)
        if visit.method == "HEAD":
            return COMPLETE

        def speed() -> int:
            file = state.world.files.get(visit.code) if visit.part == "cdn" else None
            caps = [answer.rate, file.speed if file else 0, state.world.rules.speed if file else 0]
            if account := state.world.accounts.get(request.account):
                caps.append(account.speed // max(1, state.journal.open_now(account=request.account)))
                if account.over_quota == "slow" and state.traffic.is_used_up(account, request.bytes_sent):
                    caps.append(SLOWED_TO)
            return min((cap for cap in caps if cap > 0), default=0)

        return Delivery(self.connection, answer, request, speed, done).run()

    def _send_head(self, answer: Answer) -> None:
        self.send_response(answer.status)
        length = answer.body.length if answer.promised is None else answer.promised
        if answer.framing is Framing.LENGTH:
            self.send_header("Content-Length", str(length))
        elif answer.framing is not Framing.CLOSE:
            self.send_header("Transfer-Encoding", "chunked")
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if answer.hangs_up or answer.framing in (Framing.CLOSE, Framing.CHUNKED_OPEN) or length != answer.body.length:
            self.send_header("Connection", "close")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class names it
        """Quiet: the journal knows everything."""


def _nothing_here() -> Answer:
    return nginx_answer(404)


def _guarded(make: Callable[[], Answer]) -> Answer:
    """An error inside the simulator is told as such, so that no test takes it for the host's behaviour."""
    try:
        return make()
    except Exception as error:
        logger.exception("The simulator could not answer")
        return json_answer(599, {"simulator": f"{type(error).__name__}: {error}"})
