"""Pictures: resolution, where they were taken from, how they are coded."""

from __future__ import annotations

from search.releases.tables.row import LIKELY, SURE, ZONE, row

RESOLUTIONS = (
    *(
        row(
            SURE,
            f"{lines}p | {lines}i | {lines}p60 | {lines}p50 | {lines}p30 | {lines}p25 | {lines}p24 | "
            f"{lines}phd | hd{lines}p"
            f" | {lines} p | {lines} i | fhd{lines}p | uhd{lines}p | {lines}px | {lines}hd | hd{lines}",
            resolution=f"{lines}p",
        )
        for lines in (4320, 2160, 1440, 1080, 900, 720, 576, 544, 540, 480, 404, 400, 396, 368, 360, 352, 320, 288, 240)
    ),
    *(row(ZONE, f"{lines}", resolution=f"{lines}p") for lines in (2160, 1080, 720, 576, 480)),
    row(LIKELY, "4k | uhd | ultra hd | ultrahd | 4k uhd | uhd 4k | 4klight | 4k light | muhd", wide="2160p"),
    row(LIKELY, "8k", wide="4320p"),
    row(LIKELY, "2k | qhd", wide="1440p"),
    row(SURE, "full hd | fullhd | fhd | 4kto1080p | 4k to 1080p | ds4k to 1080p", wide="1080p"),
    row(LIKELY, "=HD", definition="hd"),
    row(ZONE, "hd", definition="hd"),
    row(ZONE, "sd", definition="sd"),
)

SOURCES = (
    *(
        row(SURE, f"{word}{lines}p | {word} {lines}p", source=source, resolution=f"{lines}p")
        for lines in (2160, 1080, 720, 576, 480)
        for word, source in (("bd", "bluray"), ("bluray", "bluray"), ("web", "web"), ("dvd", "dvd"), ("hdtv", "tv"))
    ),
    row(SURE, "web dlx264 | webdlx264 | webx264", source="web", codec="h264"),
    row(SURE, "pdtvx264", source="tv", source_detail="pdtv", codec="h264"),
    row(SURE, "dvdx264", source="dvd", codec="h264"),
    row(SURE, "xvidvd", source="dvd", codec="xvid"),
    row(SURE, "960p", resolution="720p"),
    row(SURE, "m1080p", resolution="1080p"),
    row(SURE, "m720p", resolution="720p"),
    row(SURE, "hdtvx264", source="tv", source_detail="hdtv", codec="h264"),
    row(SURE, "webx265 | webdlx265", source="web", codec="h265"),
    row(SURE, "dlmux", source="web", source_detail="web-dl"),
    row(
        SURE,
        "bluray | blu ray | bluray disc | blueray | blue ray | blu rayrip",
        source="bluray",
        source_detail="bluray",
    ),
    row(SURE, "mbluray | cbluray | full bluray | bluraymux | uhd bluray | uhd blu ray", source="bluray"),
    row(SURE, "bd25 | bd50 | bd66 | bd100 | bdiso | bd iso | brdisk | bdr | bdlight | m2ts bd", source="bluray"),
    row(LIKELY, "=BD | =Bd | =bd | bd5 | bd9", source="bluray", source_detail="bluray"),
    row(
        SURE,
        "bdrip | bd rip | bdmux | bluray rip | blurip | uhdbdrip | bdripmux | blurayrip | bdrips",
        source="bluray",
        source_detail="bdrip",
    ),
    row(SURE, "uhd2bd | uhdrip | uhd rip | ultrahdrip", source="bluray", source_detail="uhdrip"),
    row(SURE, "brrip | br rip | brip | brmux | brripmux | brdrip", source="bluray", source_detail="brrip"),
    row(SURE, "remux | bdremux | bd remux | blurayremux | uhdremux | hybrid remux", remux=True),
    row(SURE, "dvdremux | dvd remux", source="dvd", source_detail="remux"),
    row(
        SURE,
        "web dl | webdl | web dlrip | webdlrip | web dlmux | webdlmux | webhd | web hd | web uhd",
        source="web",
        source_detail="web-dl",
    ),
    row(SURE, "amazonhd | amazonuhd", source="web", source_detail="web-dl", service="Amazon"),
    row(SURE, "netflixhd | netflixuhd", source="web", source_detail="web-dl", service="Netflix"),
    row(SURE, "disneyhd | disneyuhd", source="web", source_detail="web-dl", service="Disney+"),
    row(SURE, "hbomaxhd | maxhd | ituneshd | ithd", source="web", source_detail="web-dl"),
    row(
        SURE,
        "webrip | web rip | webrips | webmux | web mux | web hdrip | webripmux | dlrip",
        source="web",
        source_detail="webrip",
    ),
    row(SURE, "webcap | web cap | webcaprip", source="web", source_detail="web-cap"),
    row(LIKELY, "=WEB | =Web | =WebTV | =WEBTV", source="web"),
    row(ZONE, "web | webtv", source="web"),
    row(
        SURE,
        "hdtv | hd tv | hdtvrip | hdtv rip | hdtvmux | ahdtv | ahdtvmux | uhdtv | uhd tv | htdv",
        source="tv",
        source_detail="hdtv",
    ),
    row(SURE, "pdtv | pdtvrip", source="tv", source_detail="pdtv"),
    row(
        SURE,
        "sdtv | tvrip | tv rip | dvbrip | dvb rip | dvb | satrip | sat rip | dsr | dsrip | dthrip | "
        "dttrip | dtvrip | dtt",
        source="tv",
        source_detail="sdtv",
    ),
    row(SURE, "iptvrip | iptv | tvhd | vhdtv | hdtvrip2 | dtv | dtvrip", source="tv"),
    row(ZONE, "=TV | =tv", source="tv"),
    row(SURE, "dvdrip | dvd rip | dvdmux | dvdripx | hqdvdrip | dvdrips", source="dvd", source_detail="dvdrip"),
    row(
        SURE,
        "dvdr | dvd r | dvd5 | dvd9 | dvd 5 | dvd 9 | dvd10 | full dvd | fulldvd | dvdfull | dvdiso | dvd iso",
        source="dvd",
    ),
    row(SURE, "2xdvd9 | 2xdvd5 | 3xdvd9 | 3xdvd5 | 9xdvd | 2xdvd | 3xdvd | 4xdvd | hqdvd", source="dvd"),
    row(LIKELY, "dvd | dvds | dvdm | dvd1 | dvd2 | dvd3 | dvd4 | dvd6 | dvd7 | dvd8", source="dvd"),
    row(ZONE, "pal | ntsc | secam", format="broadcast"),
    row(SURE, "hddvd | hd dvd | hddvdrip | hd dvdrip", source="hddvd"),
    row(
        SURE,
        "hdrip | hd rip | hdtrip | fhdrip | mhdrip | hd tvrip | hdlight | microhd | mhd | hdmux | uhdlight",
        source="hdrip",
    ),
    row(
        SURE,
        "dvdscr | brscreener | pre hdrip | dvd scr | bdscr | webscreener | screener | hdscr | "
        "dvdscreener | prescr | vhsscr | bdscreener | dvd screener",
        source="screener",
    ),
    row(SURE, "web screener | webscr | desiscr | desiscr rip | prehd scr", source="screener"),
    row(ZONE, "=SCR | =scr | =Scr", source="screener"),
    row(
        SURE,
        "telesync | hdts | hd ts | hqts | hdtelesync | predvd | predvdrip | pre dvd | predvd rip | "
        "hdtsrip | tsrip | pdvd | pdvdrip",
        source="telesync",
    ),
    row(LIKELY, "=TS | =ts", source="telesync"),
    row(SURE, "telecine | hdtc | hdtcrip | hd tc | hdtelecine | hqtc", source="telecine"),
    row(LIKELY, "=TC", source="telecine"),
    row(ZONE, "=tc", source="telecine"),
    row(SURE, "camrip | cam rip | hdcam | hd cam | hdcamrip | hqcam | camhd | hq cam | hdcam rip | qcam", source="cam"),
    row(LIKELY, "=CAM | =CAMRip", source="cam"),
    row(ZONE, "cam", source="cam"),
    row(SURE, "workprint", source="workprint"),
    row(ZONE, "=WP", source="workprint"),
    row(SURE, "vhsrip | vhs rip", source="vhs"),
    row(LIKELY, "=VHS | vhs", source="vhs"),
    row(LIKELY, "=PPV | ppvrip | ppv rip", source="ppv"),
    row(SURE, "vodrip | vod rip", source="vod"),
    row(ZONE, "vod | vodr", source="vod"),
    row(ZONE, "r5 | r6", source="r5"),
)

CODECS = (
    row(SURE, "x264 | h264 | h 264 | x 264 | h264p | x264p | x642 | h246", codec="h264"),
    row(SURE, "h264 avc | x264 avc | h 264 avc | avc | avc1", codec="h264"),
    row(
        SURE,
        "x265 | h265 | h 265 | x 265 | hevc | hevc x265 | x265 hevc | h265 hevc | hevc h265 | x265m | h 265 hevc",
        codec="h265",
    ),
    row(SURE, "h266 | h 266 | x266 | vvc", codec="h266"),
    row(SURE, "xvid | x vid | xvidhd | xvi | xvid hd", codec="xvid"),
    row(SURE, "divx | divx5 | divx6 | dvix | divx3", codec="divx"),
    row(SURE, "1h264 | 0h264 | 1x264 | 0x264", codec="h264"),
    row(SURE, "1h265 | 0h265 | 1x265 | 0x265", codec="h265"),
    row(SURE, "av1", codec="av1"),
    row(SURE, "vp9", codec="vp9"),
    row(SURE, "vp8 | vp80", codec="vp8"),
    row(SURE, "mpeg2 | mpeg 2 | mpg2 | h262 | h 262 | mp2v", codec="mpeg2"),
    row(SURE, "mpeg4 | mpeg 4", codec="mpeg4"),
    row(ZONE, "mpeg", codec="mpeg2"),
    row(SURE, "vc1 | vc 1", codec="vc1"),
    row(SURE, "h263 | h 263", codec="h263"),
    row(ZONE, "rv | realvideo | rv9 | rv10 | rmvb", codec="rv"),
    row(SURE, "hevc10 | hevc10bit | x265 10bit | x265 10 bit", codec="h265", bit_depth=10),
    row(SURE, "hi10p | hi10 | hi10pp", codec="h264", bit_depth=10),
    row(SURE, "hi444 | hi444p | hi444pp | hi422 | hi422p", codec="h264"),
    *(row(SURE, f"{bits}bit | {bits}bits | {bits} bit | {bits} bits", bit_depth=bits) for bits in (8, 10, 12)),
    *(
        row(SURE, f"{bits}bit{codec} | {bits}bith {codec[1:]}", bit_depth=bits, codec=codec.replace("x", "h"))
        for bits in (8, 10)
        for codec in ("h264", "x264", "h265", "x265")
    ),
)

DYNAMIC_RANGES = (
    row(LIKELY, "hdr | hdr10 | hdr 10", hdr="hdr"),
    row(SURE, "hdr10+ | hdr10plus | hdr10p | hdr10 plus | hdr10+ | hdr+", hdr="hdr10+"),
    row(SURE, "dovi | dolby vision | dolbyvision | dv p8 | dv p7 | dv p5 | dv p81", hdr="dv"),
    row(LIKELY, "=DV | =DoVi", hdr="dv"),
    row(ZONE, "dv", hdr="dv"),
    row(LIKELY, "=SDR | sdr", hdr="sdr"),
    row(LIKELY, "=HLG | hlg", hdr="hlg"),
)

TABLE = RESOLUTIONS + SOURCES + CODECS + DYNAMIC_RANGES
