"""A followed folder in the whole program: visited by the workers, beside the engine, however large it is."""

from __future__ import annotations

from flasharr.simulator import Simulator
from flasharr.simulator.demo import SERIES
from tests.stack import Stack, until


def test_the_workers_visit_it_while_downloads_and_chores_go_on(stack: Stack, simulator: Simulator) -> None:
    simulator.world.rules.speed = 0
    slow = [simulator.add_folder(f"SLOW{number:03}", f"Thư mục {number}", []).code for number in range(60)]
    simulator.add_folder("MANY01", "Rất nhiều thư mục", [*slow, SERIES])
    large = stack.api("POST", "folders", {"url": "https://www.fshare.vn/folder/MANY01"}, expect=201)
    until(lambda: stack.api("GET", f"folders/{large['id']}")["listed_folders"] > 2, 30)

    stack.api("POST", "downloads", {"url": "https://www.fshare.vn/file/DEMOFILM0001"}, expect=201)
    until(lambda: stack.rows()[0]["status"] == "completed", 30)

    assert stack.api("GET", f"folders/{large['id']}")["status"] == "visiting", "the visit was to outlast the download"
    stack.stop()
    assert stack.process is not None
    assert stack.process.returncode == 0
    assert "Traceback" not in stack.log.read_text()
