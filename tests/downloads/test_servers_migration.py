from __future__ import annotations

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor


@pytest.mark.django_db(transaction=True)
def test_rows_from_before_learn_whom_they_burden() -> None:
    leaves = MigrationExecutor(connection).loader.graph.leaf_nodes()  # going back takes along what builds on it
    try:
        executor = MigrationExecutor(connection)
        executor.migrate([("downloads", "0001_initial")])
        rows = executor.loader.project_state([("downloads", "0001_initial")]).apps.get_model("downloads", "Download")
        for number, (host, url) in enumerate(
            [
                ("fshare", "https://www.fshare.vn/file/A"),
                ("direct", "http://files.example:81/a"),
                ("direct", "http://["),
            ]
        ):
            rows.objects.create(host=host, code=url, url=url, root="/", part_id=f"part{number}")
        executor = MigrationExecutor(connection)
        executor.migrate([("downloads", "0002_servers")])
        after = executor.loader.project_state([("downloads", "0002_servers")]).apps.get_model("downloads", "Download")
        assert list(after.objects.order_by("pk").values_list("server", flat=True)) == ["fshare", "files.example:81", ""]
    finally:
        MigrationExecutor(connection).migrate(leaves)
