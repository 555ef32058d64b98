"""Folders as they are found in the wild: deep, round in circles, full, repeated. Each gives the codes it holds."""

from __future__ import annotations

from flasharr.simulator.world import File, Folder, World

TOP = "TOP"


def full(world: World, count: int, size: int = 1000) -> list[str]:
    """One folder of so many files."""
    codes = [f"PART{number:05}" for number in range(count)]
    world.add(*(File(code, f"tập {code[4:]}.mkv", size) for code in codes))
    world.add(Folder(TOP, "Full", codes))
    return codes


def deep(world: World, levels: int = 25, token: str = "") -> list[str]:
    """Folders inside each other, a file in each; the last one leads back to the first. `token` gates them all."""
    folders = [TOP, *(f"LEVEL{level:02}" for level in range(2, levels + 1))]
    files = [f"DEEP{level:02}" for level in range(1, levels + 1)]
    below = [*folders[1:], TOP]
    for folder, file, inner in zip(folders, files, below, strict=True):
        world.add(Folder(folder, f"cấp {folder}", [file, inner], token=token))
        world.add(File(file, f"{file}.mkv", 1000, token=token))
    return [*folders[1:], *files]


def tangled(world: World) -> list[str]:
    """Repeated codes, equal names, a circle, an empty folder, a deleted item and one with a password."""
    world.add(Folder(TOP, "Tangled", ["TWICE", "TWICE", "SAMENAME", "CIRCLE", "EMPTY", "DELETED", "SECRET"]))
    world.add(Folder("CIRCLE", "Circle", [TOP, "TWICE", "CIRCLE"]), Folder("EMPTY", "Empty", []))
    world.add(File("TWICE", "same name.mkv", 10), File("SAMENAME", "same name.mkv", 20))
    world.add(File("DELETED", "gone.mkv", 30, dead="deleted"), File("SECRET", "secret.mkv", 40, password="mở ra"))  # noqa: S106
    return ["TWICE", "SAMENAME", "CIRCLE", "EMPTY", "DELETED", "SECRET"]
