"""Pictures without a library: a title on a gradient, as PNG."""

from __future__ import annotations

import colorsys
import struct
import zlib
from itertools import pairwise

from flasharr.simulator.titles.catalogue import fold

SHADES = 250  # of the gradient; the palette's last entries are for shadow and letters
SHADOW, INK = 254, 255
MOST_LINES = 5

# Columns of a 5x7 letter from left to right, the lowest bit on top.
FONT = {
    letter: bytes.fromhex(columns)
    for letter, columns in {
        "0": "3e5149453e", "1": "00427f4000", "2": "4261514946", "3": "2141454b31", "4": "1814127f10",
        "5": "2745454539", "6": "3c4a494930", "7": "0171090503", "8": "3649494936", "9": "064949291e",
        "a": "7e1111117e", "b": "7f49494936", "c": "3e41414122", "d": "7f4141221c", "e": "7f49494941",
        "f": "7f09090901", "g": "3e4149497a", "h": "7f0808087f", "i": "00417f4100", "j": "2040413f01",
        "k": "7f08142241", "l": "7f40404040", "m": "7f020c027f", "n": "7f0408107f", "o": "3e4141413e",
        "p": "7f09090906", "q": "3e4151215e", "r": "7f09192946", "s": "4649494931", "t": "01017f0101",
        "u": "3f4040403f", "v": "1f2040201f", "w": "3f4038403f", "x": "6314081463", "y": "0708700807",
        "z": "6151494543", " ": "0000000000",
    }.items()
}  # fmt: skip
LETTER_WIDTH, LETTER_HEIGHT = 6, 9


def draw(text: str, seed: int, width: int, height: int) -> bytes:
    """A PNG of that many pixels; each seed has colours of its own."""
    ramp = bytes(min(SHADES - 1, (x * SHADES) // (width + height)) for x in range(width + height))
    rows = [bytearray(ramp[y : y + width]) for y in range(height)]
    _write(rows, _lines(text), width, height)
    return _png(width, height, _palette(seed), b"".join(b"\0" + row for row in rows))


def _lines(text: str) -> list[str]:
    """Words below each other; short ones share a line."""
    words = [word for word in fold(text).split() if set(word) <= set(FONT)]
    longest = max([8, *(len(word) for word in words)])
    lines: list[str] = []
    for word in words:
        if lines and len(lines[-1]) + 1 + len(word) <= longest:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines[:MOST_LINES]


def _write(rows: list[bytearray], lines: list[str], width: int, height: int) -> None:
    widest = max((len(line) for line in lines), default=0)
    dot = min(width * 8 // 10 // (LETTER_WIDTH * max(1, widest)), height // 3 // LETTER_HEIGHT, width // 40 + 1)
    if dot < 1:
        return
    top = height - height // 12 - len(lines) * LETTER_HEIGHT * dot
    for shift, shade in ((max(1, dot // 3), SHADOW), (0, INK)):
        for number, line in enumerate(lines):
            _line(rows, line, width // 12 + shift, top + number * LETTER_HEIGHT * dot + shift, dot, shade)


def _line(rows: list[bytearray], line: str, left: int, top: int, dot: int, shade: int) -> None:
    for place, letter in enumerate(line):
        for column, bits in enumerate(FONT[letter]):
            start = left + (place * LETTER_WIDTH + column) * dot
            for bit in range(7):
                if bits >> bit & 1:
                    for y in range(top + bit * dot, min(top + (bit + 1) * dot, len(rows))):
                        rows[y][start : start + dot] = bytes([shade]) * len(rows[y][start : start + dot])


def _palette(seed: int) -> bytes:
    """Two hues that lie apart, dark enough for light letters."""
    hue = (seed * 0.61803398875) % 1.0
    stops = [(hue, 0.62, 0.72), ((hue + 0.09) % 1.0, 0.75, 0.42), ((hue + 0.22) % 1.0, 0.7, 0.16)]
    colours = [colorsys.hsv_to_rgb(*stop) for stop in stops]
    shades = []
    half = SHADES // 2
    for first, last in pairwise(colours):
        for step in range(half):
            shades.append(tuple(round(255 * (a + (b - a) * step / half)) for a, b in zip(first, last, strict=True)))
    shades += [shades[-1]] * (SHADOW - len(shades)) + [(18, 18, 28), (250, 248, 240)]
    return bytes(value for shade in shades for value in shade)


def _png(width: int, height: int, palette: bytes, pixels: bytes) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        chunk(kind, data)
        for kind, data in (
            (b"IHDR", header),
            (b"PLTE", palette),
            (b"IDAT", zlib.compress(pixels, 6)),
            (b"IEND", b""),
        )
    )
