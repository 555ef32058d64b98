from __future__ import annotations

import pytest
from django.test import override_settings

from hosts.base import AccountProblem
from hosts.vault import SealBroken, seal, unseal

SECRET = "mật khẩu 123"


def test_what_is_sealed_comes_back() -> None:
    assert unseal(seal(SECRET)) == SECRET
    assert unseal(seal("")) == ""


def test_a_seal_shows_nothing_and_is_never_the_same() -> None:
    assert SECRET not in seal(SECRET)
    assert seal(SECRET) != seal(SECRET)


def test_another_secret_key_gives_a_sentence_and_no_crash() -> None:
    sealed = seal(SECRET)
    with (
        override_settings(SECRET_KEY="another key, as after a restore without its secrets"),
        pytest.raises(SealBroken) as broken,
    ):
        unseal(sealed)
    assert isinstance(broken.value, AccountProblem)
    assert broken.value.needs_user
    assert "Enter the password again" in broken.value.message


@pytest.mark.parametrize("damage", ["", "x", "gAAAA", "é", "\x00"])
def test_damage_is_noticed(damage: str) -> None:
    with pytest.raises(SealBroken):
        unseal(damage)
    with pytest.raises(SealBroken):
        unseal(seal(SECRET)[:-4] + "AAA=")
