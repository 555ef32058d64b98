"""Languages as names write them: full words, three letters, two capital letters, dubs and subtitles."""

from __future__ import annotations

from search.releases.tables.row import LIKELY, SURE, ZONE, Row, row

WORDS: dict[str, str] = {
    "en": "english | ingles | anglais | englisch",
    "fr": "french | truefrench | true french | francais | subfrench | frenchdub",
    "es": "spanish | audio latino | audio castellano | castellano | castilian | espanol | latino | "
    "latin american | espana | latin spanish",
    "de": "german | swissgerman | deutsch | deutsche | videomann",
    "it": "italian | italiano",
    "nl": "dutch | flemish | nederlands",
    "pt": "portuguese | brazilian | portugues | portuguese br | pt br | ptbr | dublado | legendado | brasil",
    "ru": "russian",
    "pl": "polish | lektor | lekpl | dubpl | pldub | plsub | dub pl | pl lek | lek pl | napisy pl | lektor pl",
    "sv": "swedish | svensk | svenska | swesub",
    "da": "danish | dansk | danske",
    "no": "norwegian | norsk | bokmal | nynorsk",
    "fi": "finnish | finsk | suomi",
    "is": "icelandic",
    "ja": "japanese",
    "ko": "korean",
    "zh": "chinese | mandarin | cantonese | 国语 | 国语音轨 | 中文 | 国语中字 | 粤语",
    "hi": "hindi",
    "ta": "tamil",
    "te": "telugu",
    "kn": "kannada",
    "ml": "malayalam",
    "mr": "marathi",
    "bn": "bengali | bangla",
    "pa": "punjabi",
    "gu": "gujarati",
    "ur": "urdu",
    "th": "thai",
    "vi": "vietnamese",
    "tl": "tagalog | filipino",
    "id": "indonesian",
    "ms": "malay",
    "mn": "mongolian | khalkha",
    "ka": "georgian",
    "az": "azerbaijani | azerbaijan | azerbaijan dubbed",
    "uz": "uzbek | uzbekistan | uzbekistan dubbed",
    "kk": "kazakh",
    "fa": "persian | farsi",
    "ar": "arabic | egyptian",
    "he": "hebrew | hebdubbed | hebdub",
    "tr": "turkish | turkce",
    "el": "greek",
    "hu": "hungarian | magyar | hundub",
    "cs": "czech",
    "sk": "slovak",
    "sl": "slovenian | slovene",
    "hr": "croatian",
    "sr": "serbian",
    "bs": "bosnian",
    "mk": "macedonian",
    "sq": "albanian",
    "ro": "romanian",
    "bg": "bulgarian | bgaudio | bg audio",
    "uk": "ukrainian",
    "lv": "latvian",
    "lt": "lithuanian",
    "et": "estonian",
    "ca": "catalan | catala",
    "eu": "basque",
    "rm": "romansh",
    "af": "afrikaans",
}

THREE: dict[str, str] = {
    "en": "eng",
    "fr": "fre | fra | =VF | =VO",
    "es": "spa | esp | =CAST",
    "de": "ger | deu",
    "it": "ita",
    "nl": "nld",
    "pt": "por",
    "ru": "rus",
    "pl": "=POL | =pol",
    "sv": "swe",
    "da": "=DAN | =dan",
    "no": "=NOR | =nor",
    "fi": "=FIN | =Fin | =fin",
    "ja": "jpn | jap",
    "ko": "kor",
    "zh": "chi | zho | chs | cht",
    "hi": "=HIN | =Hin | =hin",
    "ta": "=TAM | =Tam",
    "te": "=TEL | =Tel",
    "th": "=THA | =tha",
    "ar": "ara",
    "he": "=HEB | =heb",
    "tr": "=TUR | =Tur | =tur",
    "el": "=GRE | =ell",
    "hu": "hun",
    "cs": "cze | ces",
    "sk": "slk",
    "hr": "hrv",
    "sr": "srp",
    "ro": "=ROM | =Rom | =rum | =RUM | =ron",
    "uk": "ukr | 2xukr | 3xukr | 4xukr",
    "lv": "=LAT | =lav | =Lat | =Lav",
    "lt": "=LIT | =lit",
    "et": "=EST | =est",
    "ca": "=CAT | =Cat | =cat",
    "bg": "=BUL | =bul",
    "sl": "=SLV | =slv",
}

TWO = (
    "en | fr | es | de | it | nl | pt | ru | pl | sv | da | no | fi | ja | ko | zh | hi | ta | te | "
    "th | ar | he | tr | el | hu | cs | sk"
    " | hr | sr | ro | uk | lv | lt | et | ca | bg | sl | ml | nb | vi"
)
OTHER_TWO = {
    "jp": "ja",
    "kr": "ko",
    "cn": "zh",
    "br": "pt",
    "ua": "uk",
    "se": "sv",
    "dk": "da",
    "swe": "sv",
    "nb": "no",
    "cz": "cs",
    "ge": "ka",
    "gr": "el",
    "rum": "ro",
}
DUBS = ("dubbed", "dub")
SUB_WORDS = ("sub", "subs", "subtitles", "subbed", "subtitulos", "hardsub", "softsub", "softsubs", "esub")


def _subtitles() -> list[Row]:
    """ "RoSub", "NL subs", "Sub.Fr", "EN-Sub"."""
    rows = []
    for code in TWO.split(" | "):
        three = [word.lstrip("=").lower() for word in THREE.get(code, "").split(" | ") if word and "x" not in word]
        names = [word for word in WORDS.get(code, "").split(" | ") if word and " " not in word]
        forms = [f"{name}{gap}{sub}" for name in (code, *three, *names) for sub in SUB_WORDS[:4] for gap in ("", " ")]
        forms += [f"{sub} {name}" for name in (code, *three, *names) for sub in SUB_WORDS[:3]]
        rows.append(row(SURE, " | ".join(forms), subtitle_languages=code if code != "nb" else "no"))
    return rows


TABLE = (
    *(row(LIKELY, names, languages=code) for code, names in WORDS.items()),
    *(row(ZONE, names, languages=code) for code, names in THREE.items()),
    *(row(ZONE, f"={code.upper()} | ={code}", languages=code if code != "nb" else "no") for code in TWO.split(" | ")),
    *(row(ZONE, f"={code.upper()}", languages=language) for code, language in OTHER_TWO.items()),
    *_subtitles(),
    row(SURE, "vostfr | subfrench | vost fr | stfr | fastsub vostfr", languages="fr", subtitle_languages="fr"),
    *(
        row(SURE, " | ".join(f"{word} {dub}" for word in names.split(" | ") for dub in DUBS), languages=code)
        for code, names in WORDS.items()
    ),
    *(
        row(SURE, f"{word} dl | {word} ml | {word} subbed dl | {word} dubbed dl", languages=code, more_languages="dual")
        for code, word in (("de", "german"), ("fr", "french"), ("it", "italian"), ("es", "spanish"), ("en", "english"))
    ),
    row(LIKELY, "nordic", languages="nordic"),
    row(
        LIKELY, "multi | multilang | multi lang | multi audio | multiaudio | multilanguage | 3xaudio", languages="multi"
    ),
    row(SURE, "vff | vfq | vfi | vf2", languages="fr"),
    row(SURE, "dual audio | dualaudio", languages="dual"),
    row(LIKELY, "dual | =DL | =ML | audio dual | 2xaudio | dublado dual", languages="dual"),
    row(
        SURE,
        "multi subs | multisubs | multisub | multi sub | multiple subtitle | multiple subtitles | msubs | msub",
        subtitle_languages="multi",
    ),
    row(SURE, "esub | esubs | engsub | engsubs | e sub", subtitle_languages="en"),
    row(
        LIKELY,
        "hc | subbed | hardsub | hardsubs | softsubs | softsub | hardcoded | hsub | subtitled | "
        "legenda | leg | subforced",
        subs="any",
    ),
    row(ZONE, "sub | subs | subtitles | subx2 | subx3 | subpack | subtitulos", subs="any"),
    row(LIKELY, "dubbed | dub | synced | mvo | dvo | avo | voiceover", dub="any"),
)
