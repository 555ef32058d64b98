from __future__ import annotations

import pytest

from hosts.sites.disposition import file_name

VIETNAMESE = "Phim hay – tập 1.mkv"


def on_the_wire(text: str) -> str:
    """UTF-8 bytes as requests shows them."""
    return text.encode().decode("latin-1")


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ('attachment; filename="film.mkv"', "film.mkv"),
        ("attachment; filename=film.mkv", "film.mkv"),
        ("ATTACHMENT; FILENAME=film.mkv; size=3", "film.mkv"),
        ('inline; filename = "a film; with semicolon.mkv"', "a film; with semicolon.mkv"),
        (r'attachment; filename="a \"quoted\" film.mkv"', 'a "quoted" film.mkv'),
        ("attachment; filename*=UTF-8''Phim%20hay%20%E2%80%93%20t%E1%BA%ADp%201.mkv", VIETNAMESE),
        ("attachment; filename=plain.mkv; filename*=utf-8'vi'Phim%20hay.mkv", "Phim hay.mkv"),
        ("attachment; filename*=UTF-8''; filename=plain.mkv", "plain.mkv"),
        ("attachment; filename*=klingon''%E2; filename=plain.mkv", "plain.mkv"),
        ("attachment; filename*=iso-8859-1''caf%E9.mkv", "café.mkv"),
        ("attachment; filename*=Phim%20hay.mkv", "Phim hay.mkv"),
        (on_the_wire(f'attachment; filename="{VIETNAMESE}"'), VIETNAMESE),
        ('attachment; filename="café.mkv"', "café.mkv"),
        ('attachment; filename="Phim%20hay.mkv"', "Phim hay.mkv"),
        ('attachment; filename="100%.mkv"', "100%.mkv"),
        ('attachment; filename="%E9.mkv"', "%E9.mkv"),
        ("attachment; filename==?UTF-8?B?UGhpbSBoYXkubWt2?=", "Phim hay.mkv"),
        ('attachment; filename="=?utf-8?q?Phim?= =?iso-8859-1?Q?_caf=E9?=.mkv"', "Phim café.mkv"),
        (on_the_wire('attachment; filename="tập =?utf-8?q?1?=.mkv"'), "tập 1.mkv"),
        ('attachment; filename="=?utf-8?b?a?=.mkv"', "=?utf-8?b?a?=.mkv"),
        ("attachment; filename*=unicode_escape''%5Cud800.mkv; filename=plain.mkv", "plain.mkv"),
        ("attachment; filename*=utf-7''+2AA-.mkv; filename=plain.mkv", "plain.mkv"),
        ("attachment; filename*=undefined''a.mkv; filename=plain.mkv", "plain.mkv"),
        ('attachment; filename="=?unicode_escape?q?=5Cud800?=.mkv"', "=?unicode_escape?q?=5Cud800?=.mkv"),
        ('attachment; filename="=?undefined?q?a?=.mkv"', "=?undefined?q?a?=.mkv"),
        ('attachment; filename="../../etc/passwd"', "passwd"),
        (r'attachment; filename="C:\films\film.mkv"', "film.mkv"),
        ("attachment; filename*=UTF-8''..%2F..%2Fetc%2Fpasswd", "passwd"),
        ("attachment", None),
        ('attachment; filename=""', None),
        ('attachment; filename="unclosed.mkv', '"unclosed.mkv'),
        ("", None),
        (None, None),
        ("x" * 5000 + "; filename=a", None),
    ],
)
def test_it_reads_names_as_servers_write_them(header: str | None, name: str | None) -> None:
    assert file_name(header) == name
