"""A made-up catalogue with names to recognise: series, people, characters, and titles that are also everyday words."""

from __future__ import annotations

from functools import cache

from core.types import CastMember, Movie, MovieId
from core.understanding import Piece, PieceKind, Understanding
from engine.search.understanding import reader, tables
from engine.search.understanding.vocabulary import Vocabulary
from indexer.names import gazetteer_builder

NEWEST = 2015
"""The year of the newest movie."""
VERA, DUKE, REX = "Vera Santori", "Duke Ambrose", "Rex Halloway"
TARROW, OKONJO = "Milo Tarrow", "Ines Okonjo"
LINA, PETRA = "Lina Brandvold", "Petra Brandvold"

STAR_HARBOUR, DROWNED_MOON, HARBOUR_HOME = 1, 2, 3
BRASS_CLOCK, VELVET_KEY, PAPER_CROWN, GLASS_ROSE = 4, 5, 6, 7
COPPER_LANTERN, QUIET_ORCHARD, DATE_NIGHT, WESTERN = 8, 9, 10, 11
HOLLOW_MANOR, PAINTED_DOG, NIGHT_LIGHTHOUSE, LITTLE_TUGBOAT = 12, 13, 14, 15
CROSSOVER, SNOW_FERRY, LAST_MUSKET, OLD_PIER = 16, 17, 18, 19
FIRST_FILLER = 100


def _movie(number: int, title: str, year: int, genres: str, overview: str, **more: object) -> Movie:
    defaults: dict[str, object] = {
        "language": "en", "countries": ("United States of America",), "runtime": 105, "vote_count": 9_000,
        "vote_average": 7.2, "popularity": 60.0, "directors": (OKONJO,),
    }  # fmt: skip
    fields = defaults | more
    split = tuple(genres.split("|"))
    return Movie(MovieId(number), title, year=year, genres=split, overview=overview, **fields)  # type: ignore[arg-type]


def _cast(*billed: tuple[str, str, str]) -> tuple[CastMember, ...]:
    return tuple(CastMember(name, character, order, gender) for order, (name, character, gender) in enumerate(billed))


HARBOUR_CAST = _cast((DUKE, "Captain Orlo", "male"), (VERA, "Mira Vance", "female"), (REX, "Tobin Reed", "male"))
GLORIA_CAST = _cast((VERA, "Gloria Fenn", "female"), (REX, "Inspector Hale", "male"))

NAMED = (
    _movie(
        STAR_HARBOUR, "Star Harbour", 1977, "Adventure|Science Fiction", "A pilot finds a harbour between the stars.",
        cast=HARBOUR_CAST, directors=(TARROW,), runtime=121, vote_count=20_000, vote_average=8.1,
    ),
    _movie(
        DROWNED_MOON, "Star Harbour II: The Drowned Moon", 1980, "Adventure|Science Fiction",
        "The pilot dives to a city under a frozen moon.", cast=HARBOUR_CAST, directors=(TARROW,), runtime=124,
        vote_average=8.3,
    ),
    _movie(
        HARBOUR_HOME, "Star Harbour: Home", 1983, "Adventure|Science Fiction", "The pilot brings the stars home.",
        cast=HARBOUR_CAST, directors=(TARROW,), runtime=131,
    ),
    _movie(
        BRASS_CLOCK, "The Brass Clock", 1994, "Crime|Mystery", "Gloria Fenn looks for a thief of clocks.",
        cast=GLORIA_CAST, collection="Gloria Fenn Collection", runtime=98,
    ),
    _movie(
        VELVET_KEY, "The Velvet Key", 1996, "Crime|Mystery", "Gloria Fenn opens a safe that nobody closed.",
        cast=GLORIA_CAST, collection="Gloria Fenn Collection", runtime=99,
    ),
    _movie(
        PAPER_CROWN, "Paper Crown", 1998, "Crime|Mystery", "Gloria Fenn guards a king who is none.",
        cast=GLORIA_CAST, collection="Gloria Fenn Collection", runtime=101,
    ),
    _movie(
        GLASS_ROSE, "A Rose of Glass", 2001, "Crime|Mystery", "Gloria Fenn is accused herself.",
        cast=GLORIA_CAST, collection="Gloria Fenn Collection", runtime=103,
    ),
    _movie(
        COPPER_LANTERN, "Copper Lantern", 1999, "Science Fiction|Thriller", "A watchman wakes inside another's dream.",
        cast=_cast((DUKE, "Ansel", "male"), (LINA, "Wren", "female")), directors=(LINA, PETRA), vote_count=18_000,
        vote_average=8.4, runtime=142, writers=("Wanda Kell",), composers=("Olo Brandt",),
    ),
    _movie(
        QUIET_ORCHARD, "Quiet Orchard", 1994, "Drama|Romance", "Two gardeners write letters and never meet.",
        cast=_cast((VERA, "Ada", "female"), (DUKE, "Jonas", "male")), directors=(TARROW,), runtime=95,
        keywords=("falling in love", "tragic love"),
    ),
    _movie(
        DATE_NIGHT, "Date Night", 2010, "Comedy|Romance", "A dinner for two goes wrong in every way.",
        cast=_cast((REX, "Phil", "male")), runtime=88, vote_average=6.3,
    ),
    _movie(WESTERN, "Western", 1997, "Comedy|Drama", "Two strangers walk along the coast.", language="fr",
           countries=("France",), vote_count=300),
    _movie(
        HOLLOW_MANOR, "Hollow Manor", 1992, "Horror", "A ghost keeps the house and its guests.", runtime=84,
        keywords=("haunted house", "ghost"), cast=_cast((LINA, "Maud", "female")), directors=(PETRA, LINA),
    ),
    _movie(
        PAINTED_DOG, "Le Chien peint", 2004, "Comedy", "A painter's dog becomes famous in a small town.",
        language="fr", countries=("France",), cast=_cast(("Odile Marchetti", "Suzanne", "female")), runtime=92,
    ),
    _movie(
        NIGHT_LIGHTHOUSE, "Lighthouse at Night", 2002, "Animation|Fantasy", "A girl lights the lamp for lost spirits.",
        original_title="夜の灯台", language="ja", countries=("Japan",), companies=("Studio Ghibli",),
    ),
    _movie(
        LITTLE_TUGBOAT, "The Little Tugboat", 2008, "Animation|Family", "A tugboat wants to see the ocean.",
        companies=("Pixar Animation Studios", "Walt Disney Pictures"), runtime=82,
    ),
    _movie(
        CROSSOVER, "Gloria Fenn vs. Star Harbour", 2003, "Comedy|Science Fiction", "The detective boards the ship.",
        cast=_cast((VERA, "Gloria Fenn", "female"), (DUKE, "Captain Orlo", "male"), (REX, "Tobin Reed", "male")),
        vote_count=150, vote_average=4.1,
    ),
    _movie(
        SNOW_FERRY, "The Snow Ferry", 2012, "Thriller|Drama", "A ferry is stuck in the ice with a killer aboard.",
        language="sv", countries=("Sweden",), runtime=118, keywords=("based on novel",),
    ),
    _movie(
        LAST_MUSKET, "The Last Musket", 1985, "War|History", "A soldier carries a letter across the front.",
        cast=_cast((DUKE, "Sergeant Bly", "male")), directors=(TARROW,), runtime=155, keywords=("based on true story",),
    ),
    _movie(
        OLD_PIER, "The Old Pier", 1948, "Drama", "Fishermen wait for a ship that was lost.", vote_count=1_200,
        runtime=77, directors=(TARROW,),
    ),
)  # fmt: skip


def _filler(number: int) -> Movie:
    """Create one of many unremarkable movies."""
    genres = ("Drama", "Comedy", "Action", "Western", "Horror", "Romance|Comedy", "Western|Drama")[number % 7]
    year = NEWEST - number % 40
    return _movie(
        FIRST_FILLER + number, f"Nameless Reel {number}", year, genres,
        f"Somebody travels with reel {number} from town to town.", vote_count=40 + 25 * number,
        vote_average=5 + number % 30 / 10, popularity=2.0, runtime=78 + number % 90,
        directors=(f"Hired Hand {number}",), cast=_cast((f"Walk On {number}", "Traveller", "")),
        companies=("Zelkova Pictures",) if number % 3 == 0 else (),
    )  # fmt: skip


MOVIES = (*NAMED, *map(_filler, range(60)))


@cache
def vocabulary() -> Vocabulary:
    """Return the packaged tables with the names of the catalogue."""
    return Vocabulary(tables.load(), gazetteer_builder.build(MOVIES))


def read(text: str, *, drop: tuple[str, ...] = (), literal: bool = False) -> Understanding:
    """Read a text with the catalogue's vocabulary."""
    return reader.read(text, vocabulary=vocabulary(), drop=drop, literal=literal)


def keys(text: str) -> list[str]:
    """Return the keys of the pieces of a text, in order."""
    return [piece.key for piece in read(text).pieces]


def only(text: str, kind: PieceKind) -> Piece:
    """Return the only piece of a kind in a text."""
    (piece,) = [piece for piece in read(text).pieces if piece.kind is kind]
    return piece
