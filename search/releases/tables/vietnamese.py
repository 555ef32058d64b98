"""What Vietnamese uploaders write around a name. All without accents, so every way of typing them is here."""

from __future__ import annotations

from search.releases.tables.row import LIKELY, SURE, ZONE, row

SUBTITLES = (
    row(
        SURE,
        "vietsub | viet sub | sub viet | subviet | vsub | v sub | vietsubs | subvn | sub vn | vn sub",
        subtitles="vi",
    ),
    row(SURE, "sub vi t | vi t sub | ph d", subtitles="vi"),  # what is left where a site drops letters with accents
    row(
        SURE,
        "phu d | phu de | phude | phu de viet | phu de tieng viet | sub tieng viet | engsub vietsub | vietsub srt",
        subtitles="vi",
    ),
    row(SURE, "=PDV | =PĐV | =PĐ", subtitles="vi"),
    row(
        SURE, "vietsub ai | sub viet ai | phu de ai | ai vietsub | ai sub viet | vsub ai", subtitles="vi", machine=True
    ),
    row(ZONE, "=VS | =SV | =VSUB", subtitles="vi"),
)

VOICES = (
    row(SURE, "thuy t minh | thuyet minh | thuyetminh | thuyet minh viet | tvp", voice="thuyet_minh"),
    row(
        SURE, "l ng ti ng | long tieng | longtieng | vietdub | viet dub | vie dub | dub viet | ltv", voice="long_tieng"
    ),
    row(SURE, "=TM | =TMPH | =TVM", voice="thuyet_minh"),
    row(SURE, "=LT", voice="long_tieng"),
    row(SURE, "tmpd | tm p | tm pd | tmvs | tm sv | tm vietsub | tmsub", voice="thuyet_minh", subtitles="vi"),
    row(SURE, "ltpd | lt p | lt pd | ltsub | lt sv", voice="long_tieng", subtitles="vi"),
    row(SURE, "=ViE | =VIE | =ViE-AI", voice="vie"),
    row(ZONE, "vie", voice="vie"),
    row(SURE, "vie ai | vieai", voice="vie", machine=True),
    row(SURE, "thuyet minh ai | long tieng ai | tm ai", voice="thuyet_minh", machine=True),
    row(SURE, "tieng viet | am thanh tieng viet", voice="vie"),
    row(LIKELY, "=VN", origin="vn"),
)

PACKS = (
    row(SURE, "tron bo | full bo | bo day du", complete=True),
    row(SURE, "hoan tat | hoan thanh | da hoan thanh | da hoan tat", complete=True),
    row(SURE, "tap cuoi", last=True),
    row(ZONE, "cuoi | het", complete=True),
)

CLAIMS = (  # praise that says nothing
    row(ZONE, "ban chuan | ban full | khong quang cao | ko quang cao | cuc net | chat luong cao", claim=True),
)

TABLE = SUBTITLES + VOICES + PACKS + CLAIMS
