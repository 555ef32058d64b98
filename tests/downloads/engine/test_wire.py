"""Connections as they really are: TLS, chunks, redirects, nobody there. A scripted server on loopback."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from downloads.engine.errors import ConnectFailed, CutShort, NetworkProblem, SizeMismatch, Stalled, WrongAnswer
from downloads.engine.transfer import Finished, Target, Transfer
from hosts.base import LinkRefused, Source
from hosts.guard import guarded_session
from tests.downloads.engine.bench import QUICK

PAYLOAD = bytes(range(256)) * 4000
OK = b"HTTP/1.1 200 OK\r\n"
SECRET = "secret-token-of-a-direct-link"


def speak(connection: socket.socket, answer: bytes, context: ssl.SSLContext | None, end: str) -> bytes:
    """Hear a request out (or the first of what is none), answer it, and end as told; returns what was heard."""
    line = context.wrap_socket(connection, server_side=True) if context else connection
    with line:
        line.settimeout(60)
        asked = line.recv(65536)
        while asked[:1] == b"G" and not asked.endswith(b"\r\n\r\n"):
            asked += line.recv(65536)
        line.sendall(answer)
        if isinstance(line, ssl.SSLSocket) and end == "close":
            line.unwrap()
    return asked


@contextmanager
def serving(
    *answers: bytes,
    context: ssl.SSLContext | None = None,
    end: str = "close",
    heard: list[bytes] | None = None,
) -> Iterator[int]:
    """A port that gives each connection the next answer (the last one again and again), then ends as told."""
    asked = [] if heard is None else heard
    listener = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()

    def serve() -> None:
        number = 0
        while not over.is_set():
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection, suppress(OSError):  # the client may have heard enough
                asked.append(speak(connection, answers[min(number, len(answers) - 1)], context, end))
            number += 1

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        over.set()
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()


def fetch(
    url: str, root: Path, size: int | None = None, http: requests.Session | None = None, *, verify: str | bool = True
) -> bytes:
    with http or requests.Session() as session:
        session.verify = verify
        target = Target(root, "", "film.bin", "part1")
        source = Source(url, "film.bin", size)
        finished = Transfer(lambda: source, target, session, stop=threading.Event(), limits=QUICK).run()
    assert isinstance(finished, Finished)
    return finished.path.read_bytes()


def counted(body: bytes) -> bytes:
    return OK + b"Content-Length: %d\r\n\r\n" % len(body) + body


def chunked(body: bytes, piece: int, tail: bytes = b"0\r\n\r\n") -> bytes:
    chunks = b"".join(
        b"%x;extension=1\r\n%b\r\n" % (len(part), part)
        for part in (body[start : start + piece] for start in range(0, len(body), piece))
    )
    return OK + b"Transfer-Encoding: chunked\r\n\r\n" + chunks + tail


@pytest.mark.parametrize("piece", [1000, 65_536, 10**7])
def test_it_reads_chunks_of_any_size(tmp_path: Path, piece: int) -> None:
    with serving(chunked(PAYLOAD, piece, b"0\r\nX-Trailer: 1\r\n\r\n")) as port:
        assert fetch(f"http://127.0.0.1:{port}/", tmp_path) == PAYLOAD


@pytest.mark.parametrize("tail", [b"", b"0\r\n", b"0"])
def test_chunks_without_an_end_are_cut_short(tmp_path: Path, tail: bytes) -> None:
    with serving(chunked(PAYLOAD, 65_536, tail)) as port, pytest.raises(CutShort):
        fetch(f"http://127.0.0.1:{port}/", tmp_path)


@pytest.mark.parametrize("tail", [b"zz\r\n", b"-5\r\n", b"5\r\nhello!!\r\n0\r\n\r\n"])
def test_broken_chunks_are_refused(tmp_path: Path, tail: bytes) -> None:
    with serving(chunked(PAYLOAD, 65_536, tail)) as port, pytest.raises(NetworkProblem):
        fetch(f"http://127.0.0.1:{port}/", tmp_path)


def test_a_clean_end_before_the_promised_size_is_a_mismatch(tmp_path: Path) -> None:
    with serving(chunked(PAYLOAD, 65_536)) as port, pytest.raises(SizeMismatch):
        fetch(f"http://127.0.0.1:{port}/", tmp_path, len(PAYLOAD) + 1)


def test_more_than_the_promised_size_is_refused(tmp_path: Path) -> None:
    with serving(chunked(PAYLOAD, 65_536)) as port, pytest.raises(WrongAnswer):
        fetch(f"http://127.0.0.1:{port}/", tmp_path, len(PAYLOAD) - 1)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A self-signed certificate for 127.0.0.1 with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now, now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "certificate.pem"
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + signed.public_bytes(serialization.Encoding.PEM)
    )
    return path


@pytest.fixture(scope="module")
def secured(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


def test_it_reads_over_tls(tmp_path: Path, certificate: Path, secured: ssl.SSLContext) -> None:
    with serving(counted(PAYLOAD), context=secured) as port:
        assert fetch(f"https://localhost:{port}/", tmp_path, verify=str(certificate)) == PAYLOAD


def test_a_tls_body_without_a_length_needs_a_goodbye(
    tmp_path: Path, certificate: Path, secured: ssl.SSLContext
) -> None:
    body = OK + b"\r\n" + PAYLOAD
    with serving(body, context=secured) as port:
        assert fetch(f"https://localhost:{port}/", tmp_path, verify=str(certificate)) == PAYLOAD
    (tmp_path / "cut").mkdir()
    with serving(body, context=secured, end="cut") as port, pytest.raises(CutShort):
        fetch(f"https://localhost:{port}/", tmp_path / "cut", verify=str(certificate))


def test_a_certificate_that_is_not_trusted_is_named(tmp_path: Path, secured: ssl.SSLContext) -> None:
    with serving(counted(PAYLOAD), context=secured) as port, pytest.raises(ConnectFailed) as raised:
        fetch(f"https://localhost:{port}/{SECRET}", tmp_path)
    assert "certificate is not valid" in raised.value.message
    assert SECRET not in raised.value.message


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://127.0.0.1:1/" + SECRET, "connection refused"),
        ("http://does-not-exist.invalid/" + SECRET, "the name is not known"),
        ("https://127.0.0.1:{port}/" + SECRET, "no secure connection"),
    ],
)
def test_nobody_there_is_said_in_words_without_the_address(tmp_path: Path, url: str, words: str) -> None:
    with serving(b"this is not TLS\r\n\r\n" * 10) as port, pytest.raises(ConnectFailed) as raised:
        fetch(url.format(port=port), tmp_path)
    assert words in raised.value.message
    assert SECRET not in raised.value.message + repr(raised.value)


def test_it_follows_redirects_without_what_they_set(tmp_path: Path) -> None:
    heard: list[bytes] = []
    with serving(counted(PAYLOAD), heard=heard) as port:
        hop = b"HTTP/1.1 302 Found\r\nConnection: close\r\nSet-Cookie: a=b\r\nContent-Length: 0\r\nLocation: %b\r\n\r\n"
        with serving(hop % b"/again", hop % f"http://127.0.0.1:{port}/".encode(), heard=heard) as first:
            assert fetch(f"http://127.0.0.1:{first}/", tmp_path) == PAYLOAD
    assert len(heard) == 3
    assert not [asked for asked in heard if b"cookie" in asked.lower()]


def test_a_circle_of_redirects_ends(tmp_path: Path) -> None:
    hop = b"HTTP/1.1 302 Found\r\nConnection: close\r\nContent-Length: 0\r\nLocation: /\r\n\r\n"
    with serving(hop) as port, pytest.raises(WrongAnswer, match="too many redirects"):
        fetch(f"http://127.0.0.1:{port}/", tmp_path)


def test_a_guarded_session_refuses_a_redirect_into_the_private_network(tmp_path: Path) -> None:
    with serving(counted(PAYLOAD)) as port:
        hop = f"HTTP/1.1 302 Found\r\nConnection: close\r\nContent-Length: 0\r\nLocation: http://127.0.0.1:{port}/\r\n\r\n".encode()
        with serving(hop) as first:
            guarded = guarded_session(False, frozenset({("127.0.0.1", first)}))
            with pytest.raises(LinkRefused):
                fetch(f"http://127.0.0.1:{first}/", tmp_path, http=guarded)


def test_a_server_that_never_answers_is_stalled(tmp_path: Path) -> None:
    target = Target(tmp_path, "", "film.bin", "part1")
    limits = replace(QUICK, answer=0.2, quick_retries=0)
    with socket.create_server(("127.0.0.1", 0)) as silent, requests.Session() as session:
        source = Source(f"http://127.0.0.1:{silent.getsockname()[1]}/", "film.bin")
        transfer = Transfer(lambda: source, target, session, stop=threading.Event(), limits=limits)
        with pytest.raises(Stalled):
            transfer.run()
