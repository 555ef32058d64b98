from __future__ import annotations

from datetime import UTC, datetime

import pytest

from hosts.retry_after import seconds

NOW = datetime(2026, 1, 1, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "wait"),
    [
        ("30", 30),
        (" 0 ", 0),
        ("Thu, 01 Jan 2026 12:01:00 GMT", 60),
        ("Thu, 01 Jan 2026 11:00:00 GMT", 0),
        ("Thu, 01 Jan 2026 12:01:00 -0000", 60),
        ("99999999999999999999", 86400),
        ("Fri, 01 Jan 2027 12:00:00 GMT", 86400),
        (None, None),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("²", None),
        ("٣", None),
        (f"Thu, 01 Jan {'9' * 20} 12:00:00 GMT", None),
        (f"Thu, 01 Jan 2026 12:00:00 +{'9' * 20}", None),
    ],
)
def test_it_reads_seconds_and_dates(header: str | None, wait: float | None) -> None:
    assert seconds(header, NOW) == wait
