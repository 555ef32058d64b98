"""A small invented catalogue, so that a newcomer without an account sees Flasharr at work."""

from __future__ import annotations

from flasharr.simulator.titles.world import add_titles
from flasharr.simulator.world import Account, File, Folder, Rules, World

MB = 1_000_000
DEMO_EMAIL = "demo@example.com"
DEMO_PASSWORD = "demo-password"  # noqa: S105 - opens nothing but the simulator
DEMO_SPEED = 4 * MB
DEMO_SCALE = 1 / 150  # of the size of real files, so that a film is there in seconds

EPISODES = [
    ("Bến Không Chồng", "The Wharf"),
    ("Mưa Đầu Mùa", "First Rain"),
    ("Chợ Nổi Cái Răng", "Floating Market"),
    ("Người Giữ Hải Đăng", "The Lighthouse Keeper"),
    ("Đêm Trăng Khuyết", "Half Moon"),
    ("Con Nước Ngược", "Against the Tide"),
    ("Lá Thư Từ Huế", "A Letter from Hue"),
    ("Cơn Bão Số Bảy", "Storm Number Seven"),
    ("Trở Về", "The Return"),
    ("Ngọn Đèn Trước Gió", "A Lamp in the Wind"),
    ("Lời Hứa", "The Promise"),
    ("Bình Minh", "Daybreak"),
]
EPISODE_SIZES = [6, 9, 12, 14, 18, 21, 24, 27, 30, 33, 36, 40]

FILMS = [
    File("DEMOFILM0001", "Mùa Nước Nổi - The Flood Season 2023 1080p WEB-DL DDP5.1 H.264-SIM.mkv", 350 * MB),
    File("DEMOFILM0002", "Hai Phượng Trắng (White Phoenix) 2021 720p BluRay x264-SIM.mkv", 180 * MB),
    File("DEMOFILM0003", "The Last Ferry 2019 2160p UHD BluRay HDR10 HEVC TrueHD 7.1-SIM.mkv", 1000 * MB),
    File("DEMOFILM0004", "Phố Cũ.2018.Thuyết Minh.1080p.mp4", 90 * MB),
]
SECRET = File("DEMOSECRET01", "Phim Riêng Tư - Private Screening 2022 1080p.mkv", 60 * MB, password="fshare")  # noqa: S106
GONE = File("DEMOGONE0001", "Đã Xóa - Taken Down 2020 1080p.mkv", 500 * MB, dead="json")

SEASON_1 = "DEMOSEASON01"
SEASON_2 = "DEMOSEASON02"
SERIES = "DEMOSERIES01"


def demo_world(speed: int = DEMO_SPEED) -> World:
    """One VIP account, a series of twelve episodes in two seasons, films, a passworded and a dead file.

    Besides, all titles with their files, for the search to find.
    """
    world = World(rules=Rules(speed=speed))
    world.add(Account(DEMO_EMAIL, DEMO_PASSWORD))
    episodes = [_episode(number) for number in range(len(EPISODES))]
    codes = [episode.code for episode in episodes]
    world.add(*episodes, *(File(film.code, film.name, film.size) for film in FILMS))
    world.add(File(SECRET.code, SECRET.name, SECRET.size, password=SECRET.password))
    world.add(File(GONE.code, GONE.name, GONE.size, dead=GONE.dead))
    world.add(
        Folder(SEASON_1, "Season 1", codes[:8]),
        Folder(SEASON_2, "Season 2", codes[8:]),
        Folder(SERIES, "Sóng Ngầm - Undercurrent (2024)", [SEASON_1, SEASON_2]),
    )
    return add_titles(world, DEMO_SCALE)


def demo_links(world: World) -> list[tuple[str, str]]:
    """(link, what it is) for a person to paste, the most telling one first."""
    found_by_search = {offer.code for offer in world.titles.offers}
    folders = [world.folders[SERIES]] if SERIES in world.folders else list(world.folders.values())
    links = [(f"https://www.fshare.vn/folder/{folder.code}", folder.name) for folder in folders]
    inside = {code for folder in world.folders.values() for code in folder.items} | found_by_search
    singles = [file for file in world.files.values() if file.code not in inside]
    return links + [(f"https://www.fshare.vn/file/{file.code}", file.name + _remark(file)) for file in singles]


def _episode(index: int) -> File:
    season, number = (1, index + 1) if index < 8 else (2, index - 7)
    vietnamese, english = EPISODES[index]
    name = f"Undercurrent.S{season:02}E{number:02}.{english} - {vietnamese}.1080p.WEB-DL.AAC2.0.H.264-SIM.mkv"
    return File(f"DEMOEPISODE{index + 1:02}", name, EPISODE_SIZES[index] * MB + index)


def _remark(file: File) -> str:
    if file.password:
        return f" (password: {file.password})"
    return " (dead)" if file.dead else ""
