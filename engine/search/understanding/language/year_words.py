"""Words for decades and words around years, in the languages of the tables."""

from __future__ import annotations

NAMES = {
    "twenties": 20, "thirties": 30, "forties": 40, "fifties": 50, "sixties": 60, "seventies": 70, "eighties": 80,
    "nineties": 90, "noughties": 0, "naughties": 0, "aughts": 0, "two thousands": 0, "twenty tens": 10,
    # Words in other languages.
    "veinte": 20, "treinta": 30, "cuarenta": 40, "cincuenta": 50, "sesenta": 60, "setenta": 70, "ochenta": 80,
    "noventa": 90, "vingt": 20, "trente": 30, "quarante": 40, "cinquante": 50, "soixante": 60, "soixante-dix": 70,
    "quatre-vingt": 80, "quatre-vingt-dix": 90, "zwanziger": 20, "dreißiger": 30, "vierziger": 40, "fünfziger": 50,
    "sechziger": 60, "siebziger": 70, "achtziger": 80, "neunziger": 90, "zweitausender": 0, "venti": 20,
    "trenta": 30, "quaranta": 40, "cinquanta": 50, "sessanta": 60, "settanta": 70, "ottanta": 80, "novanta": 90,
    "vinte": 20, "trinta": 30, "quarenta": 40, "cinquenta": 50, "sessenta": 60, "oitenta": 80,
    "sesentera": 60, "sesentero": 60, "setentera": 70, "setentero": 70, "ochentera": 80, "ochentero": 80,
    "ochenteras": 80, "noventera": 90, "noventero": 90, "noventeras": 90, "ochentas": 80, "noventas": 90,
    "setentas": 70, "sesentas": 60, "cincuentas": 50, "oitentista": 80, "neunzigerjahre": 90, "achtzigerjahre": 80,
    "siebzigerjahre": 70, "neunzigern": 90, "achtzigern": 80, "siebzigern": 70, "sechzigern": 60, "fünfzigern": 50,
    "nullerjahre": 0, "nuller": 0, "nullern": 0,
    "ninties": 90, "ninetees": 90, "nintees": 90, "eightees": 80, "eigties": 80, "seventees": 70, "ninetys": 90,
    "eightys": 80, "seventys": 70, "sixtys": 60, "sixities": 60, "fiftys": 50, "fourties": 40,
}  # fmt: skip
PLURAL_ONLY = frozenset({"twenties", "thirties", "forties"})
"""Decades that are also ages; read only after an article."""
FOREIGN_DECADE = r"(?:(?<=anni )|(?<=anos )|(?<=años )|(?<=années ))'?\d0\b"
YEAR = r"(?:18[7-9]\d|19\d\d|20\d\d)"
EARLY = (
    r"(?:(?P<part>early|mid|middle|late|begin+ing of|beginnings of|start of|dawn of|first (?:few )?years of|early (?:part|days|years) of|"
    r"end of|"
    r"last (?:few )?years of|tail end of|latter half of|back half of|(?:first|1st) half of|(?:second|2nd) half of|"
    r"principios de|finales de|mediados de|début des|"
    r"fin des|milieu des|frühe[rn]?|späte[rn]?|mitte der|anfang der|ende der|inizio|fine|início dos|final dos)"
    r"[\s/-]*(?:of\s+)?(?:the\s+|de\s+los\s+|degli\s+|dos\s+|los\s+|anni\s+)?)?"
)
PARTS = {
    "early": (0, 4), "first": (0, 4), "1st h": (0, 4), "secon": (5, 9), "2nd h": (5, 9), "begin": (0, 4),
    "start": (0, 4), "princ": (0, 4), "début": (0, 4), "frühe": (0, 4), "anfan": (0, 4), "inizi": (0, 4),
    "iníci": (0, 4), "mid": (3, 7), "middl": (3, 7), "media": (3, 7), "milie": (3, 7), "mitte": (3, 7),
    "late": (5, 9), "end o": (5, 9), "dawn": (0, 4), "last": (5, 9), "tail": (5, 9), "latte": (5, 9), "back": (5, 9),
    "final": (5, 9), "fin d": (5, 9), "späte": (5, 9), "ende": (5, 9), "fine": (5, 9),
}  # fmt: skip
LEAD = (
    r"(?:\b(?:(?:made|released|filmed|shot|produced|coming)\s+)?(?:from|in|of|during|out of|de|des|dans|aus|von|dal|"
    r"degli|dei|dos|das|del|en|nos|nas|do)\s+)?(?:\b(?:the|los|las|les|den|der|gli|os)\s+)?"
    r"(?:años\s+|années\s+|anni\s+|anos\s+|year\s+|years\s+|year of\s+)?"
)
BEFORE = (
    r"before|prior to|pre|up to|until|till|til|no later than|not after|older than|earlier than|antes de|hasta|avant|"
    r"jusqu'en|vor|bis|prima del|prima degli anni|fino al|fino agli anni|até|anterior(?:es)? a|antérieurs? à|"
    r"précédant|precedenti al|"
    r"(?:from )?(?:before|older than)(?: i| my| we)? (?:was born|were born|birth|time|existed)"
    r"(?:,? (?:so|in|i mean|which is))*"
)
AFTER = (
    r"after|since|post|from|newer than|later than|more recent than|not before|no earlier than|not older than|"
    r"starting|después de|desde|a partir de|après|depuis|à partir de|nach|seit|ab|dopo il|dal|depois de|"
    r"posterior(?:es)? a|postérieurs? à|successivi al|dopo gli anni|"
    r"(?:from )?(?:after|younger than)(?: i| my| we)? (?:was born|were born|birth)(?:,? (?:so|in|i mean|which is))*"
)
INCLUSIVE = frozenset({
    "since", "from", "up to", "until", "till", "til", "no later than", "not after", "not before", "no earlier than",
    "not older than", "starting", "hasta", "desde", "a partir de", "jusqu'en", "depuis", "à partir de", "bis", "seit",
    "ab", "fino al", "dal", "até",
})  # fmt: skip
