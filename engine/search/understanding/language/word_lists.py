"""Words without meaning for a search by themselves: they frame, join and negate what people ask for."""

from __future__ import annotations

from engine.search.understanding.language import tokens
from engine.search.understanding.language.phrases import Phrases
from indexer.names import spell_checker


def _set(text: str) -> frozenset[str]:
    return frozenset(word for part in text.split() for word in tokens.words(part.replace("_", " "))[:1])


def _phrases(*texts: str) -> Phrases:
    return Phrases(*texts)


NOUNS = _set(
    """
    movie movies film films flick flicks picture pictures cinema title titles moviee movi filmes pelicula peliculas peli
    pelis cine cinta película películas filme filmen kino pellicola pellicole fillm fims moive moives flm
    """
)
"""Words for a movie."""
DETERMINERS = frozenset({"the", "a", "an", "and"})
"""Words around a name that are not part of it."""
CALLS = _set(
    "called titled named entitled llamada llamado titulada titulado appelé intitulé genannt namens chiamato intitolato chamado"
)
"""Words before a title: `the movie called Up`."""
CORRECTS = _set("no nope sorry wait")
"""Words that, followed by a comma, introduce a correction: `Heat, no, The Town`."""
UNSPACED_NOUNS = ("映画", "作品", "電影", "电影", "영화")
"""Words for a movie in scripts without spaces."""
PRONOUNS = _set("something anything nothing somethin sth stuff one ones algo quelque etwas was qualcosa algum alguma")
"""Words that stand for a movie: `something scary`."""
ASKING = _set(
    """
    want wanna watch watching see recommend recommendation recommendations suggest suggestion suggestions suggestions show
    find give looking look search searching need like love fancy mood feel feeling please pls plz thanks help tonight
    evening weekend today now likes loves wants enjoys adores prefers quiero ver busco recomienda recomiendame recomendación cherche cherchons voudrais regarder
    imdb tmdb netflix streaming wheres whats rated veux conseille suche möchte sehen empfehle empfehlung will heute abend gucken schauen cerco vorrei vedere consigliami
    consiglia quero assistir procuro recomende sugira soir ce hoy stasera hoje
    """
)
"""Words of asking, at the edges of a request."""
SMALL = _set(
    """
    a an and are as at be but by for if in into is it its no not of on or such that the their then there these they this
    to was will with i im id ive you me my we us our he him his she her hers them who whom whose which what where when
    how than so do does did has have had can could would should from about over out up down off while after before all
    some any each every ever other own very really quite just too also more most much many lot lots kind kinds sort type types
    like please something anything hi hey hello ok okay maybe perhaps thats that's theres isnt isn't arent doesnt doesn't
    dont don't wasnt never without except only even still get got let lets let's make made go going been being were am
    other another else otra otro otras otros autre autres altri altro outra outro noch vom zum zur chose quelque w must should ought prefer prefers preferably ideally only allowed fine ok count counts good nice set people person el la los las un una unos unas de del y o que con en por para sin se es su lo al le les
    des du et ou qui avec dans sur pour sans est ce une au aux d l der die das den dem ein eine einen einem einer eines
    und oder mit von im in auf für ohne nicht kein keine ist il gli uno e di che con da per non alla della del o os as um
    uma uns umas ou com em do da dos das no na nos nas por não eu ich je moi tu me mi si を の が は に で と も な や
    """
)
"""Words that are not matched at the edges of a text."""
EDGES = SMALL | NOUNS | ASKING | PRONOUNS
FRAME_WORDS = frozenset(
    {"movie", "movies", "film", "films", "something", "anything", "similar", "directed", "starring"}
)
FILLERS = _phrases(
    "i want to watch", "i want to see", "i want a", "i want", "i would like to watch", "i would like to see", "i'd like to",
    "i would like", "i'd like", "i am looking for", "i'm looking for", "im looking for", "looking for", "we are looking for",
    "can you recommend", "can you suggest", "could you recommend", "please recommend", "recommend me", "recommend",
    "suggest me", "suggest", "show me", "find me", "give me", "what should i watch", "what should we watch", "what to watch",
    "what can i watch", "what are some", "what are the", "what is the", "what is a", "what's a", "whats a", "which", "i need",
    "we need", "need a", "i feel like watching", "feel like watching", "i feel like", "in the mood for", "i'm in the mood for",
    "something to watch", "anything to watch", "to watch", "to see", "for tonight", "tonight", "this evening", "this weekend",
    "or longer", "or shorter", "or less", "please", "pls", "thanks", "thank you", "any", "some", "ever made", "of all time", "out there",
    "are there", "is there", "there is", "do you have", "do you know",
    "a movie that is", "a film that is", "that is", "that are", "that's", "which is", "which are", "kind of movie",
    "type of movie", "movie night", "let me", "let's watch", "i like", "i love", "we like", "we love", "i really like",
    "i'd love to see", "would love", "quiero ver", "quiero una", "busco una", "busco", "recomiéndame", "recomienda",
    "je cherche", "je veux voir", "je voudrais voir", "je voudrais", "conseille-moi", "ich suche", "ich möchte", "ich will",
    "empfehle mir", "empfiehl mir", "cerco un", "cerco", "vorrei vedere", "consigliami", "quero ver", "quero assistir",
    "procuro um", "procuro", "what else", "in other things", "in other films", "in other movies", "other roles",
    "his other roles", "her other roles", "other work", "been in", "been involved in", "has he done", "has she done",
    "have other films", "have other movies", "did which other", "show me more of him", "show me more of her",
    "show me more", "in something", "done other films", "other films", "other movies", "in other", "which other", "hey google", "ok google", "hey siri", "hey alexa", "alexa", "more of that",
    "else has", "else did", "has", "does", "heute abend", "ce soir", "esta noche", "stasera", "hoje à noite", "set in the mood",
    "something", "anything", "stuff", "映画", "作品", "見たい", "観たい", "教えて", "おすすめ", "ください", "が見たい",
)  # fmt: skip
"""Phrases that are removed from a request outside of its subject."""

NEGATORS = _set(
    """
    not no without except excluding isnt arent wasnt dont doesnt nothing never non minus hate avoid hates hated dislikes loathe loathes despise despises detests neither nor zero sans
    sin nada excepto menos pas sauf ni nicht kein keine keinen keiner keines ohne außer niente senza tranne não nao sem
    nunca jamais exceto cant nobody kein
    """
)
"""Words that negate what follows."""
NEGATIONS = _phrases(
    "other than", "anything but", "rather than", "instead of", "sick of", "tired of", "fed up with", "apart from",
    "aside from", "besides", "anyone but", "anybody but", "everything but", "everyone but", "any but", "all but", "none of", "isn't", "aren't", "don't want", "do not want", "not a fan of", "can't stand", "a part de",
    "except for", "apart of", "already seen", "already saw", "already watched", "i've seen", "ive seen", "has seen",
    "have seen", "we saw", "seen", "i've watched", "has watched", "ya vi", "ya he visto", "déjà vu", "schon gesehen", "aparte de",
    "à part", "hors", "bored of", "leave out", "leaving out", "skip the", "skip", "enough of", "hold the",
    "ditch the", "lose the", "drop the", "spare me", "spare me the", "keep away from", "stay away from", "steer clear of",
    "do without", "not into", "allergic to", "don't like", "do not like", "doesn't like", "don't care for", "dislike",
    "dislikes", "outside of", "far from", "excluding", "excluded", "excl", "w o", "free of", "had enough of", "no more",
    "less of the", "que no sea", "que no sean", "en vez de", "en lugar de", "salvo", "nada de", "quitando", "harto de",
    "cansado de", "sin contar", "au lieu de", "plutôt que", "hormis", "excepté", "ras le bol de", "marre de", "rien de",
    "surtout pas", "abgesehen von", "ausgenommen", "bloß kein", "bloß keine", "bitte kein", "bitte keine", "anstatt",
    "statt", "keine lust auf", "keinen bock auf", "auf keinen fall", "a parte", "eccetto", "escluso", "esclusi", "al posto di",
    "invece di", "basta con", "niente di", "stufo di", "a não ser", "tirando", "fora", "em vez de", "chega de", "cansado de",
    "que não seja", "que não sejam", "menos",
)  # fmt: skip
AFTER_NEGATIONS = _phrases(
    "じゃない",
    "ではない",
    "以外",
    "なし",
    "抜き",
    "じゃなくて",
    "でない",
    "ではなく",
    "じゃなく",
    "は嫌",
    "は苦手",
    "が苦手",
    "はダメ",
    "はだめ",
    "はいらない",
    "は除いて",
    "を除いて",
    "を除く",
    "は抜き",
    "は無し",
    "はなし",
    "のない",
    "がない",
    "の無い",
    "無し",
    "は見たくない",
    "はやめて",
    "ない",
    "excluded",
    "need not apply",
)
"""Negations after what they negate."""
NOT_NEGATING = frozenset({"only", "just", "necessarily", "sure"})
"""Words after `not` that cancel the negation: `not only funny`."""
LINKING = (
    SMALL
    | NOUNS
    | PRONOUNS
    | ASKING
    | _set(
        """
    overly particularly especially remotely involving containing genre rated want sea sean seja sejam soit sia sei seien
    muito muy trop zu troppo demasiado too tan tão set kinda heavy full based
    """
    )
)
"""Words allowed between a negation and what it negates."""

LIKE = _phrases(
    "similar to", "similar films to", "similar movies to", "similar movie to", "similar film to", "in between", "somewhere between", "halfway between", "between", "movies like", "films like", "movie like", "film like", "something like", "anything like", "stuff like",
    "more like", "just like", "a lot like", "in the vein of", "in the style of", "in the spirit of", "same vibe as",
    "same vibes as", "the vibe of", "reminiscent of", "reminds me of", "remind me of", "along the lines of", "such as",
    "if i liked", "if i loved", "if i enjoyed", "if you liked", "if you loved", "fans of", "fan of", "comparable to",
    "as good as", "as funny as", "as scary as", "close to", "because i liked", "because i loved", "i liked", "i loved",
    "i enjoyed", "i really liked", "i really loved", "i just watched", "i just saw", "like the movie", "like the film",
    "à la", "a la", "akin to", "resembling", "resembles", "inspired by the movie", "kind of like", "sort of like",
    "feels like", "feel like", "movies similar to", "films similar to", "parecida a", "parecidas a", "similares a",
    "similar a", "parecido a", "del estilo de", "al estilo de", "películas como", "una película como", "algo como",
    "dans le genre de", "dans le style de", "du même genre que", "films comme", "un film comme", "ressemblant à",
    "semblable à", "quelque chose comme", "ähnlich wie", "filme wie", "einen film wie", "so etwas wie", "etwas wie",
    "im stil von", "so wie", "simile a", "simili a", "film come", "qualcosa come", "nello stile di", "parecido com",
    "parecidos com", "filmes como", "um filme como", "algo como", "no estilo de", "tipo", "movies in the style of",
    "the same style as", "but like", "exactly like", "equivalent of", "equivalent to", "more of", "movie similar to",
    "film similar to", "something similar to", "anything similar to", "in the same vein as", "like watching", "mix of",
    "mix between", "cross between", "combination of", "meets", "loved", "liked", "a bit like", "a little like",
    "same sort of film as", "same sort of movie as", "same kind of film as", "same kind of movie as", "same type of movie as",
    "same type of film as", "the same kind of thing as", "same style as", "same feel as", "same feeling as", "same mood as",
    "same energy as", "same tone as", "same atmosphere as", "as much as i liked", "as much as i loved", "nearly like", "almost like",
    "movies such as", "films such as", "movies along the lines of", "we liked", "we loved", "we enjoyed", "enjoyed", "adored",
    "i adored", "in the same league as", "same league as", "on par with", "comparable with", "similar with", "same as", "up there with", "my favourite is", "my favorite is", "favourite movie is", "favorite movie is", "favourite film is",
    "favorite film is", "in the manner of", "on the lines of", "a mixture of", "mixture of", "a blend of",
    "next after", "to follow up", "companion to", "a companion piece to",
)  # fmt: skip
"""Phrases before a movie to resemble."""
COMPARES = _phrases(
    "but",
    "x",
    "meets",
    "for kids",
    "for adults",
    "for children",
    "for grown ups",
    "but with",
    "with less",
    "crossed with",
)
"""Phrases that mark a title at the beginning of a text as one to resemble."""
LIKE_BARE = _set("like comme wie come como")
LIKE_AFTER = _phrases("みたいな", "のような", "っぽい", "に似た", "のように", "と似た")
"""Phrases after a movie to resemble."""
LIKENESS = _set("type style styled esque vibes vibe ish kinda alike")
"""English words after a movie to resemble: `Inception style movies`."""
LIKE_JOINS = _set("and or meets with plus y et und e ou o & x")

TOPIC = _phrases(
    "about", "where", "in which", "who", "whose", "whom", "when", "on a", "on an", "in a", "in an", "on the", "in the", "at a",
    "at the", "featuring a", "involving", "concerning", "dealing with", "set in", "set on", "set at", "set during", "follows",
    "following a", "with a", "with an", "sobre", "donde", "acerca de", "que trata", "en la que", "en el que", "sur", "où",
    "dans lequel", "qui parle de", "über", "in dem", "in der", "mit einem", "mit einer", "su", "sul", "sulla", "in cui",
    "dove", "em que", "onde", "que fala", "plot of", "story of", "tale of", "based in", "takes place", "centers around",
    "centered around", "revolves around", "tells the story", "around", "that takes",
)  # fmt: skip
"""Phrases that introduce a subject: the words after them belong to the story, not to the kind of movie."""
TOPIC_ENDS = _set(
    "this but pero mais aber ma mas isnt is thats not from preferably ideally rated made released under over"
)
"""Words that end the description of a subject."""

MADE_IN = _phrases("made in", "produced in", "shot in", "filmed in", "cinema of")
"""Phrases before the place where a movie was made."""
DIRECTED = _phrases(
    "directed by", "by director", "director", "from director", "by the director", "film by", "films by", "movie by",
    "movies by", "made by", "dirigida por", "dirigido por", "dirigidas por", "de director", "réalisé par", "réalisés par",
    "unter der regie von", "regie von", "von regisseur", "diretto da", "diretti da", "regia di", "dirigidos por",
    "direção de", "di regista", "from the director", "helmed by", "work of", "works of", "filmography of", "by", "von", "監督",
)  # fmt: skip
ACTED = _phrases(
    "starring", "with both", "both", "starring both", "has both", "stars", "star", "featuring", "with", "with the actor", "with actor", "with actress", "played by", "actor",
    "actress", "acting", "casting", "con", "avec", "mit", "com", "protagonizada por", "interpretado por", "mit dem schauspieler",
    "does", "did", "is", "having", "actors", "stared", "starred", "starrs", "出演", "主演",
)  # fmt: skip
ACTED_AFTER = _phrases("が出ている", "が出てる", "の出ている", "が出演", "主演", "出演", "が主演", "の出演")
"""The same after a name (Japanese)."""
WRITTEN = _phrases("written by", "screenplay by", "script by", "scripted by", "penned by", "book by", "from the pen of")
"""Phrases before a writer."""
COMPOSED = _phrases(
    "score by", "scores by", "music by", "soundtrack by", "soundtracks by", "scored by", "composed by", "music of",
    "score from", "soundtrack from", "with music by", "musica di", "colonna sonora di", "musique de", "música de",
    "musik von", "filmmusik von", "trilha de", "banda sonora de", "音楽",
)  # fmt: skip
"""Phrases before a composer."""
SUBJECT = _phrases(
    "about", "biography of", "biopic of", "life of", "story of", "biopic about", "sobre", "über", "sur", "su"
)
"""Phrases before a name that make the person the movie's subject."""
WRITINGS = _set("adaptation adaptations book books novel novels story stories")
"""Words after the name of a writer for works that movies were made from."""
NICKNAMES = {
    "rdj": "robert downey jr", "jlaw": "jennifer lawrence", "jlo": "jennifer lopez", "scarjo": "scarlett johansson",
    "arnie": "arnold schwarzenegger", "srk": "shah rukh khan", "jgl": "joseph gordon levitt", "slj": "samuel l jackson",
    "kstew": "kristen stewart", "rpattz": "robert pattinson", "rpatz": "robert pattinson",
    "pta": "paul thomas anderson", "bdp": "brian de palma", "hbc": "helena bonham carter",
    "psh": "philip seymour hoffman", "ddl": "daniel day lewis", "zeffron": "zac efron", "keanu": "keanu reeves",
    "denzel": "denzel washington", "schwarzi": "arnold schwarzenegger",
}  # fmt: skip
"""Folded names by nickname."""
YOUNG = _phrases(
    "when he was young", "when she was young", "when he was younger", "when she was younger", "in his youth",
    "in her youth", "in his younger days", "in her younger days", "in his younger years", "in her younger years",
    "early in his career", "early in her career", "as a young man", "as a young woman", "from early in his career",
    "early career", "back when he was young", "back when she was young", "in his early days", "in her early days",
)  # fmt: skip
"""Phrases after a person for the beginning of their career."""
RELATIVES = {"brother": "directs", "brothers": "directs", "bros": "directs", "sisters": "directs", "sister": "directs"}

BEFORE_GENRE = _set("a an the this that these what which of is name any another one some in title called by")
"""Words before a genre in a description: `what is the comedy …`."""
AFTER_GENRE = (
    NOUNS
    | SMALL
    | _set(
        """
    classic starring staring stars star starred featuring features featured feature directed directs tells told involving
    involves depicts depicting follows following set based loosely adaptation series musical written produced released
    made centers centered revolves depicts depicted takes chronicles adapted spoof remake sequel short flick deals shows
    """
    )
)
"""Words after a genre in a description."""
ROLE_MALE = _set(
    "acteur attore ator schauspieler hauptdarsteller guy man actor dude boy male hero fella bloke chap lad gentleman him"
)
ROLE_FEMALE = _set(
    "actriz actrice attrice atriz schauspielerin hauptdarstellerin girl woman actress lady female heroine gal chick blonde redhead brunette her"
)
ROLE_ANY = _set("lead star protagonist one kid child person main villain baddie antagonist whoever voice")
ROLE_CHILD = _set("kid child boy") | {"little girl", "young girl"}
"""Words for an actor whose career had begun only shortly before."""
ROLE_VILLAIN = _set("villain baddie antagonist") | {"bad guy", "bad man", "bad girl", "bad woman", "bad lady"}
ROLE_PRONOUNS = _set("him her")
ROLE_DIRECTOR = _set(
    "brothers regista diretor réalisateur réalisatrice regisseur directora director directors filmmaker filmmakers maker makers creator creators"
)
ROLE_CAST = _set("cast actors stars leads people guys")
ROLE_WRITER = _set("writer writers screenwriter screenwriters scriptwriter guionista scénariste drehbuchautor")
ROLE_COMPOSER = _set("composer composers compositor compositeur komponist compositore")
KIN_MALE = _set("dad father husband son brother king prince boyfriend cowboy grandfather uncle wizard")
KIN_FEMALE = _set("mom mum mother wife daughter sister queen princess bride girlfriend grandmother aunt witch widow")
"""Words for characters by their relation or position in the story: `the dad in Taken`."""
ROLE_BEHIND_NAME = _set(
    "actor actress actors guy guys dude director directors filmmaker lead star composer writer screenwriter cast villain filmmakers writers"
)
"""Words for a part after a title or a character: `the Transporter guy`."""
ROLE_LINKS = _set(
    "aus nel nella dans behind wrote is de del della dello von vom di du d des da do der from in of behind who played plays directed made that did the was by playing portrays portrayed plays out starred stars starring acted acts scored composed music score soundtrack script screenplay voiced voices voicing portraying"
)
ROLE_WORKS = _set("music score soundtrack script screenplay")
"""Contributions to a movie: `who did the music for Alien`."""

OLDEST = -2
SEQUELS = _phrases(
    "sequel to", "sequel of", "sequels to", "sequels of", "sequel for", "the one after", "one after", "movie after",
    "film after", "what comes after", "what came after", "comes after", "follow up to", "followup to", "follow up of",
    "the part after", "next after", "continuation of",
)  # fmt: skip
"""Phrases before a movie for the next part of its series."""
SEQUEL = _set("sequel followup")
"""Words after a movie for the next part of its series."""
TELLS = _phrases(
    "with",
    "where",
    "when",
    "featuring",
    "starring",
    "the one",
    "the movie",
    "the film",
    "in which",
    "that one",
    "the very first",
)
"""Phrases after the number of a part that introduce more about it."""
ORDINALS = {
    "first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4, "fifth": 5, "5th": 5,
    "sixth": 6, "6th": 6, "seventh": 7, "7th": 7, "eighth": 8, "8th": 8, "last": -1, "latest": -1, "final": -1,
    "primera": 1, "segunda": 2, "tercera": 3, "premier": 1, "deuxième": 2, "troisième": 3, "erste": 1, "zweite": 2,
    "dritte": 3, "ersten": 1, "zweiten": 2, "dritten": 3, "primo": 1, "secondo": 2, "terzo": 3, "primeiro": 1,
    "segundo": 2, "terceiro": 3, "newest": -1, "ninth": 9, "9th": 9, "tenth": 10, "10th": 10, "original": -2,
}  # fmt: skip
NUMERALS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8, "ix": 9, "x": 10,
}  # fmt: skip
PART_WORDS = _set(
    "part episode chapter volume vol number no film movie installment instalment entry teil partie parte parte capítulo episodio épisode"
)
SERIES_WORDS = _set("series saga franchise trilogy movies films collection universe film movie")

KNOWN = (
    EDGES
    | FRAME_WORDS
    | LINKING
    | NEGATORS
    | LIKE_BARE
    | LIKE_JOINS
    | TOPIC_ENDS
    | ROLE_MALE
    | ROLE_FEMALE
    | KIN_MALE
    | KIN_FEMALE
    | _set("skip hold ditch lose drop spare steer clear excluded allergic besides anyone anybody everyone seen watched")
    | frozenset({"same", "early", "young", "late", "voice", "else"})
    | (ROLE_ANY | ROLE_DIRECTOR | ROLE_CAST | PART_WORDS | SERIES_WORDS | frozenset(ORDINALS) | frozenset(NUMERALS))
)
"""Words with a meaning other than as a name."""
SPELLED = KNOWN | ROLE_LINKS | CALLS | LIKENESS | SEQUEL | WRITINGS | RELATIVES.keys() | NICKNAMES.keys()
"""Words that are spelled correctly."""

FOREIGN_NOUNS = _set(
    "filmes pelicula peliculas peli pelis películas película cine filme filmen kino pellicola pellicole"
)
"""Words for a movie in other languages."""
ENGLISH = _set("the and with of that who where when about from movie movies like something")
"""Small words that exist only in English."""
FOREIGN = spell_checker.FUNCTION_WORDS
"""Small words of languages other than English; a text with several of them is not corrected to English words."""
