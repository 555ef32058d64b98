"""Fifty transfers in three processes notice at once that their session has ended: one of them signs in, all finish."""

from __future__ import annotations

import hashlib
import multiprocessing
from pathlib import Path

import pytest
from django.db import connection

from flasharr.simulator import Simulator
from flasharr.simulator.accounts import EXPIRED
from flasharr.simulator.assertions import bytes_not_tiled
from hosts import vault
from hosts.models import Account
from tests.downloads import transfer_processes

SPAWN = multiprocessing.get_context("spawn")
MANY, PROCESSES, SIZE = 50, 3, 2000
PATIENCE = 120


@pytest.mark.django_db(transaction=True)
def test_fifty_transfers_of_three_processes_sign_in_once_per_expiry(tmp_path: Path) -> None:
    codes = [f"MANY{number:03}" for number in range(MANY)]
    noticed = 0
    with Simulator() as simulator:
        for code in codes:
            simulator.add_file(code, f"{code}.bin", SIZE)
        given = simulator.environment()
        sealed = vault.seal(given["FSHARE_PASSWORD"])
        account = Account.objects.create(host="fshare", email=given["FSHARE_EMAIL"], sealed_password=sealed)
        database = str(connection.settings_dict["NAME"])
        setting = (database, str(tmp_path / "data"), given, SPAWN.Barrier(PROCESSES))
        with SPAWN.Pool(PROCESSES, transfer_processes.enter, setting) as pool:
            for shape in ("never signed in", *EXPIRED):
                simulator.world.rules.expired = shape if shape in EXPIRED else "201"
                simulator.state.sessions.end_all()
                simulator.journal.clear()
                folder = tmp_path / shape.replace(" ", "-")
                folder.mkdir()
                shares = [(str(folder), account.pk, codes[number::PROCESSES]) for number in range(PROCESSES)]
                finished = pool.starmap_async(transfer_processes.fetch_all, shares, 1).get(PATIENCE)
                assert sorted(code for share in finished for code in share) == codes, shape
                assert len(simulator.journal.logins()) == 1, shape
                noticed += len(simulator.journal.calls("download")) - MANY
                for code in codes:
                    assert hashlib.sha256((folder / code).read_bytes()).hexdigest() == simulator.sha256(code)
                    assert bytes_not_tiled(simulator.journal, code, SIZE) == []
    print(f"{noticed} transfers met an ended session, for {len(EXPIRED)} expiries")
    assert noticed > 5 * len(EXPIRED)
