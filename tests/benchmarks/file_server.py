"""nginx on loopback with a configuration and files of its own, and a server that sends small pieces."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

CONFIGURATION = """
daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log warn; user root;
events {{ worker_connections 256; }}
http {{
  access_log off; sendfile on; tcp_nopush on; default_type application/octet-stream;
  client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3;
  uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5;
  server {{
    listen 127.0.0.1:{plain}; listen 127.0.0.1:{secure} ssl;
    ssl_certificate {folder}/cert.pem; ssl_certificate_key {folder}/key.pem;
    location / {{ root {folder}/files; }}
    location /capped/ {{ alias {folder}/files/; limit_rate {cap}; }}
  }}
}}
"""


class FileServer:
    """`url`, `secure_url` and `capped_url` end with a slash; files are `big.bin` and the small `0.bin`, `1.bin` ..."""

    def __init__(self, folder: Path, size: int, small: int, files: int, cap: int) -> None:
        self.folder = folder
        self.certificate = folder / "cert.pem"
        plain, secure = free_port(), free_port()
        self.url, self.secure_url = f"http://127.0.0.1:{plain}/", f"https://localhost:{secure}/"
        self.capped_url = f"{self.url}capped/"
        (folder / "files").mkdir()
        make_file(folder / "files" / "big.bin", size)
        make_file(folder / "files" / "0.bin", small)
        for number in range(1, files):
            os.link(folder / "files" / "0.bin", folder / "files" / f"{number}.bin")
        command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost"]
        command += ["-addext", "subjectAltName=DNS:localhost", "-keyout", f"{folder}/key.pem", "-out"]
        subprocess.run([*command, str(self.certificate)], check=True, capture_output=True)
        (folder / "nginx.conf").write_text(CONFIGURATION.format(folder=folder, plain=plain, secure=secure, cap=cap))

    def __enter__(self) -> FileServer:
        nginx = shutil.which("nginx") or "/usr/sbin/nginx"
        self._process = subprocess.Popen([nginx, "-p", str(self.folder), "-c", f"{self.folder}/nginx.conf"])
        wait_for_port(int(self.url.rstrip("/").rpartition(":")[2]))
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait()


def make_file(path: Path, size: int) -> None:
    """Not compressible, and different everywhere."""
    with path.open("wb") as file:
        for _ in range(size // (1 << 20)):
            file.write(os.urandom(1 << 20))


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def wait_for_port(port: int) -> None:
    deadline = time.monotonic() + 10
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return


@contextmanager
def trickling(size: int, rate: int, piece: int = 16 * 1024) -> Iterator[str]:
    """The URL of a server that sends a file as a line does: in small pieces, evenly. A process of its own."""
    port = free_port()
    command = [sys.executable, "-m", "tests.benchmarks.file_server", str(port), str(size), str(rate), str(piece)]
    process = subprocess.Popen(command)
    try:
        wait_for_port(port)
        yield f"http://127.0.0.1:{port}/trickle.bin"
    finally:
        process.terminate()
        process.wait()


def trickle(connection: socket.socket, size: int, rate: int, piece: int) -> None:
    with connection:
        if not connection.recv(65536):
            return
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n" % size)
        block = os.urandom(piece)
        began = time.monotonic()
        for sent in range(0, size, piece):
            early = began + sent / rate - time.monotonic()
            if early > 0:
                time.sleep(early)
            connection.sendall(block[: size - sent])


def main() -> None:
    port, size, rate, piece = (int(argument) for argument in sys.argv[1:])
    with socket.create_server(("127.0.0.1", port)) as listener:
        while True:
            connection, _ = listener.accept()
            threading.Thread(target=trickle, args=(connection, size, rate, piece), daemon=True).start()


if __name__ == "__main__":
    main()
