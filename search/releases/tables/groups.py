"""Release groups, the marks of those who pass their work on, and sites."""

from __future__ import annotations

from search.releases.tables.row import words

REPOSTERS = words(
    "rp xpost postbot nzbgeek obfuscated obfuscation scrambled asrequested alternativetorequested "
    "altezachen gerov buymore chamele0n"
    " whiterev pre 4p 4planet 4l xpost sample rakuv rakuv02 rakuvfinhel nzbcave postbot1 ws "
    "bot proper sample tgz cbr tbn sample1 nzb vip z0iterc"
)
"""What stands behind the group when somebody posted the release again."""

UPLOADERS = words("km lk")
"""Who puts films on Fshare under their own mark, behind the group that made them."""

WITH_DASH = {
    ("d", "z0n3"): "D-Z0N3", ("fight", "bb"): "Fight-BB", ("dark", "bb"): "Dark-BB", ("etc", "group"): "Etc-Group",
    ("marine", "ford"): "MARINE-FORD", ("kings", "thd"): "KiNGS-THD", ("hr", "gz"): "HR-GZ", ("20", "40"): "20-40",
    ("erai", "raws"): "Erai-raws", ("snoop", "upr"): "SnOoP-UPR",
}  # fmt: skip
"""Groups whose own name has a dash."""

IN_BRACKETS = words("taoe qxr utr hdo tigole yify yts ytsag ytsmx ytslt ytsam data")
"""Groups that sign in a bracket at the very end, behind the person who made the encode."""

MANY_WORDS = ("ben the men", "e n d", "anime time", "project angel", "hakata ramen", "encoded by seed")

ALSO_MARKS = words("tvp")
"""Groups whose name is a mark as well; behind a dash it is the group."""

NOT_GROUPS = words(
    "dl rip ray hd eztv ettv rartv publichd tgx unknown cd1 cd2 x264 x265 h264 h265 sub subs srt "
    "dub new final team suivre s1 s2"
    " rar dxva xpost mp4 mkv avi"
)
"""What follows a dash at the end and is nobody's name."""

SITES = words(
    "rarbg eztv ettv rartv publichd tgx torrent9 eztvx ethd glodls megusta1 yts ytsmx etrg xpost "
    "ctrlhd1 torrentcouch tamilrockers"
    " usabit sharethefiles nextorrent speedcd torrenting"
)
DOMAINS = words(
    "com org net to cd re ag mx lt am cc tv io me info ru in ws bz xyz is se li pw vip biz club "
    "site pro online world co us uk fr de es"
    " it pl cz br ro fm nu la tk ml vn top link live"
)
