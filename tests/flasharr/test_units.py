from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from downloads.engine.errors import ServerBusy
from downloads.states import Reason
from flasharr.templatetags.units import ago, duration, host_label, iso, sentence, size, speed, until
from hosts.base import AccountMissing, LinkDead, TooManySessions


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (None, "–"),
        (0, "0 B"),
        (999, "999 B"),
        (1_000, "1.00 KB"),
        (9_994, "9.99 KB"),
        (9_996, "10.0 KB"),
        (99_960, "100 KB"),
        (999_499, "999 KB"),
        (999_600, "1.00 MB"),
        (5_400_000_000, "5.40 GB"),
        (1_234_000_000_000, "1.23 TB"),
        (10**18, "1000 PB"),
    ],
)
def test_sizes_have_three_digits(count: int | None, text: str) -> None:
    assert size(count) == text


def test_a_speed_is_a_size_a_second() -> None:
    assert speed(21_400_000) == "21.4 MB/s"
    assert speed(None) == "0 B/s"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (None, "–"),
        (0, "0 s"),
        (-3, "0 s"),
        (45, "45 s"),
        (110, "1 min 50 s"),
        (120, "2 min"),
        (3_605, "1 h"),
        (7_500, "2 h 5 min"),
        (273_600, "3 d 4 h"),
    ],
)
def test_durations_have_two_units(seconds: int | None, text: str) -> None:
    assert duration(seconds) == text


def test_moments_are_told_from_now() -> None:
    now = timezone.now()
    assert ago(now) == "just now"
    assert ago(now - timedelta(minutes=3, seconds=30)) == "3 min ago"
    assert ago(now - timedelta(days=2, hours=5)) == "2 d ago"
    assert until(now + timedelta(hours=1, minutes=30)) == "in 1 h"
    assert until(now - timedelta(seconds=5)) == "any moment"
    assert (ago(None), until(None), iso(None)) == ("–", "–", "")


def test_a_time_is_written_for_machines_with_its_zone() -> None:
    moment = timezone.now().replace(microsecond=5)
    assert iso(moment).endswith("+00:00")


@pytest.mark.parametrize(
    ("reason", "text"),
    [
        (None, ""),
        (LinkDead(), "The file is no longer on the host. Look for another copy."),
        (AccountMissing(host="Fshare"), "No Fshare account is set up. Add one under Settings, Accounts."),
        (Reason.of(ServerBusy(server="dl.e.org", status=503)), "dl.e.org answered 503. It will be tried again."),
        (Reason("x", "Values {lost} here."), "Values {lost} here."),
        (Reason("x", "Broken {"), "Broken {"),
        (Reason("x", ""), ""),
    ],
)
def test_reasons_and_problems_become_sentences(reason: Reason | LinkDead | None, text: str) -> None:
    assert sentence(reason) == text


def test_a_sentence_is_translated_before_its_values_are_filled_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("downloads.labels.gettext", {TooManySessions.sentence: "{host} quá nhiều phiên."}.__getitem__)
    assert sentence(TooManySessions(host="Fshare")) == "Fshare quá nhiều phiên."


def test_a_host_is_written_as_its_owner_writes_it() -> None:
    assert host_label("fshare") == "Fshare"
    assert host_label("gone-since") == "gone-since"
