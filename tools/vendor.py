"""Fetch the front-end files that no Python package carries: python tools/vendor.py NAME@VERSION

Takes the files that static/vendor/vendor.toml lists for NAME out of the npm package, with its licence, and writes
the new version and hashes back. Needs npm; running Flasharr does not.
"""

from __future__ import annotations

import base64
import hashlib
import re
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from pathlib import Path

VENDOR = Path(__file__).resolve().parent.parent / "static" / "vendor"
MANIFEST = VENDOR / "vendor.toml"


def main(wanted: str) -> int:
    name, _, version = wanted.rpartition("@")
    package = tomllib.loads(MANIFEST.read_text())["package"].get(name)
    if package is None or not version:
        sys.exit(f"Say NAME@VERSION with a NAME from {MANIFEST}, not {wanted!r}.")
    with tempfile.TemporaryDirectory() as scratch:
        subprocess.run(["npm", "pack", "--silent", wanted], cwd=scratch, check=True, stdout=subprocess.DEVNULL)
        [archive] = Path(scratch).glob("*.tgz")
        integrity = "sha512-" + base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
        hashes = unpack(archive, VENDOR / name, package["files"])
    MANIFEST.write_text(rewritten(MANIFEST.read_text(), version, integrity, hashes))
    print(f"{name} {version}: {', '.join(hashes)}")
    return 0


def unpack(archive: Path, folder: Path, files: dict[str, dict[str, str]]) -> dict[str, str]:
    """Copy the listed members; returns file name -> sha256."""
    folder.mkdir(parents=True, exist_ok=True)
    hashes = {}
    with tarfile.open(archive) as tar:
        for file, details in files.items():
            member = tar.extractfile(f"package/{details['from']}")
            if member is None:
                sys.exit(f"The package has no file {details['from']}.")
            content = member.read()
            (folder / file).write_bytes(content)
            hashes[file] = hashlib.sha256(content).hexdigest()
    return hashes


def rewritten(manifest: str, version: str, integrity: str, hashes: dict[str, str]) -> str:
    """The manifest of one package with new values; its comments and order stay."""
    manifest = re.sub(r'(?m)^version = ".*"', f'version = "{version}"', manifest, count=1)
    manifest = re.sub(r'(?m)^integrity = ".*"', f'integrity = "{integrity}"', manifest, count=1)
    for file, digest in hashes.items():
        manifest = re.sub(rf'(?m)^("{re.escape(file)}" = .*sha256 = )"[^"]*"', rf'\1"{digest}"', manifest)
    return manifest


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) == 2 else ""))
