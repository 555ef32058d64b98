"""Words around numbers: seasons, episodes, parts, months, ordinals."""

from __future__ import annotations

from search.releases.tables.row import words

SEASON = words(
    "season seasons saison se tem saisons temporada temporadas temp stagione stagioni sezon sezonu "
    "staffel saeson series seizoen sesong"
    " phan mua evad сезон сезона сезоны sezona seson sez kausi saesong estacao temporadi сез 시즌"
)
SEASONS = words("seasons saisons temporadas stagioni сезоны")
"""Behind one of these stand several, whatever room is around the dash between them."""

EPISODE = words(
    "episode episodes ep eps epi episodio episodios capitulo cap capitulos afl folge folgen tap "
    "avsnitt odcinek episodul эпизод эпизоды"
    " aflevering серия серии сер серіі серія seria seriya serya seriy serija seriia epizod jakso chap bolum"
    " resz dil odc afsnit puntata puntate bolumu blm"
)
SEASON_AFTER = words(
    "sezon sez сез сезона temporadas seasons serie season seizoen evad сезон сезоны stagione temporada "
    "saison sezona staffel"
)
EPISODE_AFTER = words(
    "seria serya seriy ser сер серія серіі dil odcinek resz seriya serija serii серия серии seriia bolum blm episode"
)
OF = words("of von di de din из iz sur out van af av z")
PART = words("part parte pt teil partie")
VOLUME = words("vol volume")
TITLE_NUMBERED = words(
    "movie film part parte vol volume chapter chapters collection no number nr agent apollo area "
    "district channel moc cot studio"
    " level room route class code case type phase level day days ufc bellator wwe zone"
)
"""A number behind one of these belongs to the title."""

ORDINALS = {
    "1st": 1, "2nd": 2, "3rd": 3, "4th": 4, "5th": 5, "6th": 6, "7th": 7, "8th": 8, "9th": 9,
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9,
}  # fmt: skip
WORDS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "un": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "sept": 7, "huit": 8, "neuf": 9, "dix": 10,
    "eleven": 11, "twelve": 12,
}  # fmt: skip
ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8, "ix": 9, "x": 10}
CHINESE = {"一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10}
MONTHS = {
    name: month
    for month, names in enumerate(
        [
            "jan january",
            "feb february",
            "mar march",
            "apr april",
            "may",
            "jun june",
            "jul july",
            "aug august",
            "sep sept september",
            "oct october",
            "nov november",
            "dec december",
        ],
        start=1,
    )
    for name in names.split()
}
YEAR_TITLES = (
    "1492 conquest", "1900 ", "1920 evil", "1920 london", "1921 ", "1922 ", "1941 ", "1945 1998", "1968 tunnel",
    "1984 ", "1987 when", "2001 a space", "2010 moby", "2010 the year", "2012 doomsday", "2012 supernova",
)  # fmt: skip
"""How films begin whose title begins with a year that has been."""
