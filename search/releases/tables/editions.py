"""Editions, fixes of an earlier release, and words of the scene that describe a file."""

from __future__ import annotations

from search.releases.tables.row import LIKELY, SURE, ZONE, Row, row

CUTS = "cut | version | edition | edit"


def _edition(label: str, words: str, alone: bool = True) -> Row:
    """A word before cut, version, edition, edit ("extended cut"), and by itself where it can be no title's."""
    forms = [f"{word} {cut}" for word in words.split(" | ") for cut in CUTS.split(" | ")]
    return row(LIKELY, " | ".join(forms + words.split(" | ") if alone else forms), edition=label)


EDITIONS = (
    _edition("Extended", "extended"),
    row(LIKELY, "extended editions | ultimate extended edition | special extended edition", edition="Extended"),
    row(LIKELY, "extended directors cut | extended director s cut", edition="Extended Director's Cut"),
    _edition("Director's Cut", "directors | director s | directorscut"),
    row(LIKELY, "=DC", edition="Director's Cut"),
    _edition("Theatrical", "theatrical"),
    _edition("Unrated", "unrated"),
    _edition("Uncut", "uncut"),
    _edition("Uncensored", "uncensored"),
    _edition("Remastered", "remastered | 4k remastered | remaster | 4k remaster | digitally remastered | hd remaster"),
    row(LIKELY, "restored | 4k restored | 4k restoration | 16mm restoration", edition="Restored"),
    _edition("Special", "special", alone=False),
    row(LIKELY, "=SE", edition="Special"),
    _edition("Collector's", "collectors | collector s | ultimate collectors | ultimate collector s"),
    _edition("Criterion", "criterion collection"),
    _edition("Criterion", "criterion", alone=False),
    row(ZONE, "criterion", edition="Criterion"),
    _edition("Ultimate", "ultimate | ultimate hunter | ultimate rekall", alone=False),
    row(SURE, "final cut | the final cut", edition="Final Cut"),
    _edition("Fan Edit", "fan | fanedit | despecialized | assembly", alone=False),
    row(LIKELY, "despecialized", edition="Fan Edit"),
    row(LIKELY, "imax | imax edition | imax enhanced", edition="IMAX"),
    row(LIKELY, "open matte | openmatte", edition="Open Matte"),
    row(ZONE, "=OM", edition="Open Matte"),
    row(LIKELY, "alternative cut | alternate cut | bootleg cut | rogue cut | workprint cut | "
        "international cut | recut", edition="Alternative"),
    row(LIKELY, "anniversary edition | signature edition | imperial edition | the imperial edition | "
        "limited edition", edition="Anniversary"),
    row(LIKELY, "deluxe edition | diamond edition | platinum edition | festival edition | "
        "integral version", edition="Deluxe"),
    row(LIKELY, "producers cut | hunter edition | 2in1 | 3in1", edition="Alternative"),
    *(
        row(LIKELY, f"{years}th anniversary | {years}th anniversary edition | {years} anniversary | "
            f"{years} anniversary edition", edition="Anniversary")
        for years in (10, 15, 20, 25, 30, 35, 40, 45, 50, 60, 70, 75, 80)
    ),
)  # fmt: skip

FLAGS = (
    row(SURE, "xxx", scene=True),
    row(ZONE, "r1 | r2 | r3 | r4", scene=True),
    row(ZONE, "1cd | 2cd | 3cd | 2cds", scene=True),
    row(LIKELY, "custom | =HQ | =LQ", scene=True),
    row(LIKELY, "proper | rerip | real proper", proper=True),
    row(ZONE, "real", proper=True),
    row(LIKELY, "repack | repack1 | repack2 | repack3 | rpk | remux repack", repack=True),
    row(
        LIKELY,
        "internal | limited | readnfo | read nfo | nfofix | dirfix | proof | subfix | convert | upscaled | ai upscaled",
        scene=True,
    ),
    row(
        ZONE,
        "fix | sample | stv | festival | oar | cc | ws | fs | retail | dubbed dl | hr | fixed | "
        "trueuhd | ultra | new | bonus",
        scene=True,
    ),
    row(SURE, "dxva | hsbs | half sbs | h sbs | hou | h ou | half ou | fhou | 3d hsbs", scene=True),
    row(
        ZONE,
        "3d | sbs | ou | tab | widescreen | fullscreen | colorized | bw | black and chrome | 60fps | "
        "50fps | 30fps | 24fps | 25fps",
        scene=True,
    ),
    row(LIKELY, "hybrid | re grade | regrade | regraded | regraded hdr", scene=True),
    row(ZONE, "mp4 | mkv | avi | mkvonly | m2ts | iso", scene=True),
    row(
        LIKELY,
        "complete series | complete season | complete batch | complete tv series | complete collection | complete | "
        "completa | integrale | the complete series | the complete | the complete season",
        complete=True,
    ),
    row(LIKELY, "complete miniseries | complete mini series | complete version | integral", complete=True),
    row(LIKELY, "miniseries | mini series | miniserie | tv mini series | tv miniseries", complete=True),
    row(ZONE, "completo | batch | full", complete=True),
    row(ZONE, "end | final | finale | fin | completed", last=True),
    row(
        ZONE,
        "extras | deleted scenes | featurette | featurettes | making of | behind the scenes | trailer | "
        "bonus disc | samples",
        extra=True,
    ),
    row(ZONE, "opening | ending | preview | menu | menus | teaser | cm | pv", extra=True),
    row(SURE, "ncop | nced | clean ending | clean opening | creditless ending | creditless opening", extra=True),
    row(LIKELY, "creditless | =OP | =ED | =PV", extra=True),
    row(
        LIKELY,
        "cd1 | cd2 | cd3 | cd4 | cd 1 | cd 2 | disc 1 | disc 2 | disk 1 | disk 2",
        disc=True,
    ),
    row(
        ZONE,
        "weekly | big5 | gb | chs | cht | jpsc | gbjp | 繁体 | 繁體 | 简体 | 簡體 | 简繁 | 内封 | 内嵌 | srt | ass",
        scene=True,
    ),
    row(
        ZONE,
        "color | dolby | clean | hq | lq | esubs | mini | leaked | incomplete | untouched | obfuscated | scrambled",
        scene=True,
    ),
    row(ZONE, "p8 | fel | mel | bt709 | bt2020 | sdh | crf18 | rarbg", scene=True),
)

TABLE = EDITIONS + FLAGS
