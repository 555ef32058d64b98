from __future__ import annotations

import hashlib
import itertools

from flasharr.simulator.content import BLOCK, Content, head_for

GIB = 1 << 30


def test_any_range_of_a_hundred_gigabytes_is_there_at_once() -> None:
    content = Content("big", 100 * GIB)
    far = 99 * GIB + 12345
    assert content.read(far, far + 5000) == content.read(far - 1000, far + 9000)[1000:6000]


def test_ranges_put_together_are_the_whole() -> None:
    content = Content("seed", 3 * BLOCK + 77)
    cuts = [0, 1, 65535, BLOCK - 1, BLOCK, 2 * BLOCK + 5, content.size]
    pieces = b"".join(content.read(start, end) for start, end in itertools.pairwise(cuts))
    assert pieces == content.read()
    assert len(pieces) == content.size
    assert hashlib.sha256(pieces).hexdigest() == content.sha256()


def test_every_64_kib_is_unlike_every_other() -> None:
    window = 64 * 1024
    seen = set()
    for seed in ("one", "two"):
        data = Content(seed, 4 * BLOCK).read()
        seen |= {data[offset : offset + window] for offset in range(0, len(data), window)}
    assert len(seen) == 2 * 4 * BLOCK // window


def test_a_range_beyond_the_end_is_cut_to_the_file() -> None:
    content = Content("seed", 100)
    assert content.read(90, 500) == content.read()[90:]
    assert content.read(100, 200) == b""


def test_one_byte_can_be_wrong() -> None:
    good, bad = Content("seed", BLOCK + 10), Content("seed", BLOCK + 10, flipped=BLOCK + 3)
    differing = [i for i, (a, b) in enumerate(zip(good.read(), bad.read(), strict=True)) if a != b]
    assert differing == [BLOCK + 3]


def test_a_file_begins_like_its_kind() -> None:
    assert Content("x", 100, head_for("Film.MKV")).read(0, 4) == b"\x1a\x45\xdf\xa3"
    assert Content("x", 3, head_for("a.rar")).read() == b"Rar"
