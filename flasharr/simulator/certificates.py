"""Certificates that are right, and ones that are wrong in the ways servers' certificates are."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

KINDS = ("good", "expired", "wrong_host", "no_intermediate", "self_signed")
NAMES = ("localhost", "127.0.0.1")


@dataclass(frozen=True)
class Holder:
    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    def pem(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.PEM)


class Authority:
    """A root, an intermediate below it, and server certificates. `root_file` is what a client must trust."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._root = _issue("Simulated root", None, is_authority=True)
        self._intermediate = _issue("Simulated intermediate", self._root, is_authority=True)
        self.root_file = folder / "root.pem"
        self.root_file.write_bytes(self._root.pem())

    def context(self, kind: str = "good") -> ssl.SSLContext:
        """What a server needs; `kind` is one of KINDS."""
        issuer = None if kind == "self_signed" else self._intermediate
        names = ("elsewhere.example",) if kind == "wrong_host" else NAMES
        leaf = _issue("Simulated server", issuer, names=names, is_over=kind == "expired")
        chain = [leaf] if kind in ("no_intermediate", "self_signed") else [leaf, self._intermediate]
        path = self._folder / f"{kind}.pem"
        private = leaf.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        path.touch(mode=0o600)
        path.write_bytes(private + b"".join(holder.pem() for holder in chain))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path)
        return context


def _issue(
    name: str,
    issuer: Holder | None,
    *,
    names: tuple[str, ...] = (),
    is_authority: bool = False,
    is_over: bool = False,
) -> Holder:
    """A certificate by `issuer`, or by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    signer = issuer.key if issuer else key
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=30))
        .not_valid_after(now - timedelta(days=1) if is_over else now + timedelta(days=30))
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
    )
    if is_authority:
        usage = dict.fromkeys(USAGES, False) | {"key_cert_sign": True, "crl_sign": True}
        builder = builder.add_extension(x509.KeyUsage(**usage), critical=True)
    if names:
        builder = builder.add_extension(x509.SubjectAlternativeName([_general(it) for it in names]), critical=False)
    return Holder(key, builder.sign(signer, hashes.SHA256()))


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)


USAGES = (
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "key_cert_sign",
    "crl_sign",
    "encipher_only",
    "decipher_only",
)
