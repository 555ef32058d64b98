from __future__ import annotations

import pytest

from hosts import registry
from hosts.base import LinkRefused
from hosts.checksums import CONTRADICTS, ODD, OF_A_FOLDER, STRAY, Checksum, agreed
from hosts.links import find_urls

MD5, SHA1, SHA256 = "d" * 32, "1" * 40, "a" * 64
FILE = "https://www.fshare.vn/file/ABCDEFGHIJKL"
OTHER = "https://www.fshare.vn/file/MNOPQRSTUVWX"
FOLDER = "https://www.fshare.vn/folder/ABCDEFGHIJKL"


def given(text: str) -> dict[str, str]:
    return {code: checksum for (_, code), checksum in registry.links_in(text).checksums.items()}


@pytest.mark.parametrize(
    ("text", "checksum"),
    [
        (f"{FILE} sha256:{SHA256}", f"sha256:{SHA256}"),
        (f"{FILE} SHA-256: {SHA256.upper()}.", f"sha256:{SHA256}"),
        (f"{FILE}\n  md5={MD5}", f"md5:{MD5}"),
        (f"{FILE} (sha1:{SHA1})", f"sha1:{SHA1}"),
        (f"<a href='{FILE}'>film</a> <b>md5:{MD5}</b>", f"md5:{MD5}"),
        (f"{FILE} md5:{MD5} sha256:{SHA256} sha1:{SHA1}", f"sha256:{SHA256}"),
        (f"{FILE} md5:{MD5} and again {FILE} md5:{MD5}", f"md5:{MD5}"),
        (f"{FILE} | md5:{MD5} | {OTHER}", f"md5:{MD5}"),
    ],
)
def test_a_checksum_behind_a_link_belongs_to_it(text: str, checksum: str) -> None:
    assert given(text) == {"ABCDEFGHIJKL": checksum}
    assert registry.links_in(text).refused == []


@pytest.mark.parametrize(
    "text",
    [FILE, f"{FILE}?md5={MD5}", f"{FILE} note:hello md5: 8", f"{FILE} MD5:\n{OTHER}", f"{FILE} sha256", "md5 and sha1"],
)
def test_other_text_is_no_checksum(text: str) -> None:
    assert given(text) == {}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (f"{FILE} sha256:{SHA256[1:]}", ODD),
        (f"{FILE} sha256:{SHA256}0", ODD),
        (f"{FILE} sha256:{'x' * 64}", ODD),
        (f"{FILE} crc32:deadbeef", ODD),
        (f"{FILE} blake2b:{'a' * 128}", ODD),
        (f"{FILE} md5:{MD5} md5:{'e' * 32}", CONTRADICTS),
        (f"{FOLDER} md5:{MD5}", OF_A_FOLDER),
        (f"md5:{MD5} {FILE}", STRAY),
    ],
)
def test_a_checksum_that_cannot_be_checked_is_told(text: str, sentence: str) -> None:
    found = registry.links_in(text)
    assert [problem.sentence for _, problem in found.refused] == [sentence]
    assert found.checksums == {}
    assert len(found.links) == (1 if sentence == STRAY else 0), "a file whose checksum is odd is not added unchecked"


def test_each_link_keeps_its_own_checksum() -> None:
    text = f"{FILE} md5:{MD5}\nftp://a.b/c sha1:{SHA1}\n{OTHER} sha256:{SHA256}"
    assert given(text) == {"ABCDEFGHIJKL": f"md5:{MD5}", "MNOPQRSTUVWX": f"sha256:{SHA256}"}


def test_a_second_checksum_of_another_value_is_told_and_the_first_kept() -> None:
    found = registry.links_in(f"{FILE} md5:{MD5} {FILE} md5:{'e' * 32}")
    assert [problem.sentence for _, problem in found.refused] == [CONTRADICTS]
    assert list(found.checksums.values()) == [f"md5:{MD5}"]


def test_the_best_of_several_is_agreed_on() -> None:
    assert agreed([]) == ""
    assert agreed([f"MD5:{MD5}"]) == f"md5:{MD5}"
    assert agreed([f"sha1:{SHA1}", f"md5:{MD5}"]) == f"sha1:{SHA1}"
    with pytest.raises(LinkRefused):
        agreed([f"sha1:{SHA1}", "md5:no"])
    assert str(Checksum.parse(f" SHA-512={'B' * 128}")) == f"sha512:{'b' * 128}"


@pytest.mark.parametrize("piece", ["md5:", "sha256:a ", "sha-1=", "md5" * 9, "crc32:" + "a" * 190])
def test_finding_them_takes_linear_time(piece: str) -> None:
    find_urls(piece * (1_000_000 // len(piece)))
