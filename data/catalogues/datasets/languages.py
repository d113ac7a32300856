"""English names of languages, as TMDB writes them, and their ISO 639-1 codes (`cn`: TMDB's own for Cantonese)."""

from __future__ import annotations

_NAMES = """
Afrikaans af, Albanian sq, Amharic am, Arabic ar, Armenian hy, Azerbaijani az, Basque eu, Belarusian be, Bengali
bn, Bosnian bs, Bulgarian bg, Burmese my, Cantonese cn, Catalan ca, Croatian hr, Czech cs, Danish da, Dutch nl,
English en, Esperanto eo, Estonian et, Faroese fo, Finnish fi, French fr, Gaelic gd, Galician gl, Georgian ka,
German de, Greek el, Gujarati gu, Haitian; Haitian Creole ht, Hausa ha, Hebrew he, Hindi hi, Hungarian hu,
Icelandic is, Indonesian id, Inuktitut iu, Irish ga, Italian it, Japanese ja, Kannada kn, Kazakh kk, Khmer km,
Kirghiz ky, Korean ko, Kurdish ku, Lao lo, Latin la, Latvian lv, Lithuanian lt, Luxembourgish lb, Macedonian mk,
Malay ms, Malayalam ml, Maltese mt, Mandarin zh, Maori mi, Marathi mr, Mongolian mn, Nepali ne, Norwegian no,
Odia or, Persian fa, Polish pl, Portuguese pt, Punjabi pa, Pushto ps, Quechua qu, Romanian ro, Russian ru,
Samoan sm, Sanskrit sa, Serbian sr, Serbo-Croatian sh, Sinhalese si, Slovak sk, Slovenian sl, Somali so, Spanish
es, Swahili sw, Swedish sv, Tagalog tl, Tajik tg, Tamil ta, Tatar tt, Telugu te, Thai th, Tibetan bo, Turkish
tr, Ukrainian uk, Urdu ur, Uzbek uz, Vietnamese vi, Welsh cy, Wolof wo, Xhosa xh, Yiddish yi, Yoruba yo, Zulu zu
"""

CODES = dict(pair.strip().rsplit(" ", 1) for pair in _NAMES.replace("\n", " ").split(","))
