"""Streaming services. Short ones count only among other marks: "it", "ma" and "red" are words, too."""

from __future__ import annotations

from search.releases.tables.row import LIKELY, SURE, ZONE, row

TABLE = (
    row(SURE, "amzn", service="Amazon"),
    row(ZONE, "amazon | amazon prime", service="Amazon"),
    row(ZONE, "=NF | netflix", service="Netflix"),
    row(SURE, "dsnp | dsny | dsny+ | dsn+", service="Disney+"),
    row(ZONE, "disney | disney plus | disney+", service="Disney+"),
    row(SURE, "hmax", service="HBO Max"),
    row(ZONE, "=MAX | hbo max | hbomax | =HBO", service="HBO Max"),
    row(SURE, "atvp | atv+ | aptv", service="AppleTV"),
    row(ZONE, "=iT | itunes | =ITUNES", service="iTunes"),
    row(ZONE, "hulu", service="Hulu"),
    row(SURE, "pcok | pck", service="Peacock"),
    row(ZONE, "peacock", service="Peacock"),
    row(SURE, "pmtp | pmnp | paramount+", service="Paramount+"),
    row(ZONE, "=CR | crunchyroll | =CRAV", service="Crunchyroll"),
    row(ZONE, "=MA | movies anywhere", service="Movies Anywhere"),
    row(ZONE, "=iP | iplayer | =BBC", service="BBC iPlayer"),
    row(ZONE, "=RED | =YT | youtube", service="YouTube"),
    row(SURE, "vmax", service="Vivamax"),
    row(ZONE, "=VIU | =Viu | =WTV | wetv", service="Viu"),
    row(ZONE, "=iQ | =IQ | iqiyi | =iQIYI", service="iQIYI"),
    row(ZONE, "=STAN | =STRP | =STZ | starz", service="Starz"),
    row(ZONE, "=SHO | showtime", service="Showtime"),
    row(ZONE, "=ALL4 | =4OD", service="All4"),
    row(ZONE, "=CC", service="Comedy Central"),
    row(ZONE, "=CW | =TCW", service="The CW"),
    row(ZONE, "=NBC", service="NBC"),
    row(ZONE, "=CBS", service="CBS"),
    row(ZONE, "=ABC", service="ABC"),
    row(ZONE, "=FOX | =STARPLUS", service="Fox"),
    row(ZONE, "=DCU | dcuniverse", service="DC Universe"),
    row(ZONE, "=ROKU | roku", service="Roku"),
    row(ZONE, "=SBS | =TVNZ | =CBC | =CTV | =NATG | =HIST | =PBS | =SYFY | =AMC | =TUBI | =BCORE", service="other"),
    row(
        ZONE,
        "=CRITERION | =CRiT | =CRKL | =DSCP | =DISC | =NICK | =VRV | =WWEN | =MTOD | =HS | =TV4 | =NRK",
        service="other",
    ),
    row(
        ZONE,
        "=ITV | itvx | =UKTV | =NOW | =SKST | =CMAX | =JC | =ZEE5 | =SonyLIV | =SONY | =VIKI | =KCW | =TVING | =WAVVE",
        service="other",
    ),
    row(
        ZONE,
        "=BILI | =Baha | =ADN | =FUNI | =HIDIVE | =HIDI | =AO | =ABEMA | =B-Global | =UNEXT | =DP | =BKPL | =PLAY",
        service="other",
    ),
    row(LIKELY, "b global", service="other"),
)
