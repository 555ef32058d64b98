"""The lying server in random combinations; `python -m tests.benchmarks.lies` tells more of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.benchmarks.lies import tell

MOST = 6  # sizes of the file that may be sent, all runs together


@pytest.mark.parametrize("block", range(10))
def test_no_combination_of_lies_makes_a_wrong_file(block: int, tmp_path: Path) -> None:
    for seed in range(5000 + 5 * block, 5005 + 5 * block):
        root = tmp_path / str(seed)
        root.mkdir()
        verdict = tell(seed, root)
        assert verdict.sent <= MOST, f"seed {seed}"
