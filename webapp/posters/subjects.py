"""The subject of a movie, as its keywords name it, and the motif that shows it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from webapp.posters import creatures, landscapes, things
from webapp.posters.palettes import Palette
from webapp.posters.shapes import Chance

Motif = Callable[[Palette, Chance], Iterator[str]]

KEYWORDS: dict[Motif, str] = {
    creatures.dinosaur: "dinosaur|tyrannosaurus rex|prehistoric|jurassic|extinction|prehistory",
    creatures.shark: "shark|shark attack|great white shark|killer shark|sharks",
    creatures.ape: "ape|gorilla|monkey|chimpanzee|king kong|planet of the apes|primate",
    creatures.dragon: "dragon|dragons|mythical creature|middle-earth",
    creatures.spider: "spider|giant spider|insect|spider bite|web|arachnid",
    creatures.bats: "vampire|bat|dracula|vampires|blood sucking|gotham city",
    creatures.robot: "robot|android|artificial intelligence|cyborg|transformers|man vs machine",
    creatures.alien: "alien|alien invasion|ufo|extraterrestrial|alien life-form|aliens|flying saucer",
    landscapes.deep: "submarine|underwater|diving|mermaid|deep sea",
    things.glove: "boxing|boxer|boxing match|martial arts|kung fu|wrestling|fight|mixed martial arts|underdog|karate",
    things.ball: "football|soccer|american football|basketball|baseball|sport|sports team|coach|golf|tennis|world cup",
    things.piano: "piano|pianist|composer|musician|jazz|concert|music teacher|classical music|orchestra|music|band",
    creatures.dog: "dog|puppy|pet|dogs|talking dog|police dog",
    creatures.horse: "horse|horse race|jockey|cowboy|horseback riding|equestrian",
    things.clock: "time travel|time|time loop|clock|deja vu|race against time|time machine|future|amnesia",
    things.locomotive: "train|railroad|railway|subway|train robbery|train station|orient express",
    landscapes.rocket: "space|space travel|spaceship|astronaut|nasa|moon|mars|space opera|outer space|space marine",
    things.aeroplane: "airplane|pilot|airport|plane crash|air force|flight|stewardess|aviation|helicopter|hijacking",
    landscapes.sea: "ship|boat|ocean|sea|pirate|sailing|shipwreck|fisherman|titanic|cruise ship|navy",
    things.dice: "casino|gambling|las vegas|poker|gambler|card game|bet|game|board game",
    things.blade: "sword|samurai|knight|gladiator|sword fight|ninja|swordsman|king arthur|swordplay|ancient rome",
    things.diamond: "heist|diamond|robbery|thief|jewel|bank robbery|jewelry|treasure|gold|bank|treasure hunt",
    creatures.ghost: "ghost|haunting|spirit|poltergeist|afterlife|supernatural",
    landscapes.curtain: "musical|theatre|theater|broadway|opera|stage|show business|actor|ballet|circus|dancing|dance",
    landscapes.snow: "snow|winter|christmas|christmas tree|santa claus|alaska|arctic|antarctica|north pole",
    things.crown: "king|queen|princess|royalty|prince|kingdom|british monarchy|royal family|monarchy|england|castle",
    landscapes.church: "church|priest|nun|faith|religion|christian|pope|vatican|bible|jesus christ|exorcism|demon",
    things.scales: "lawyer|court|trial|courtroom|judge|court case|jury|law|justice|corruption|attorney",
    things.typewriter: "writer|author|journalist|newspaper|reporter|novelist|poet|screenwriter|biography|journalism",
    things.rings: "wedding|marriage|bride|engagement|wedding party|divorce|bachelor party|bachelorette party|new love",
    things.car: "car race|car chase|street race|fast car|car|racing|car crash|race car|auto racing|driver|getaway car",
    landscapes.doors: "hotel|motel|haunted house|asylum|mansion|boarding school|secret passage|mental institution",
    things.target: "sniper|assassin|hitman|assassination|spy|secret agent|cia|undercover|contract killer|cold war|mi6",
    landscapes.island: "island|beach|tropical island|hawaii|surfing|surfer|caribbean|holiday|summer|florida|miami",
    landscapes.forest: "forest|woods|cabin in the woods|camping|wilderness|jungle|fairy tale|werewolf",
    things.lightning: "storm|natural disaster|tornado|hurricane|magic|witch|super powers|wizard|disaster|weather",
    creatures.bird: "bird|birds|freedom|flying|pigeon|penguin|owl|eagle|coming of age",
    landscapes.prison: "prison|prisoner|prison escape|jail|death row|alcatraz|escape|kidnapping|hostage",
    landscapes.highway: "road trip|road movie|highway|truck driver|hitchhiker|on the run|texas|nevada",
    landscapes.skyline: "new york|new york city|manhattan|chicago|tokyo|skyscraper|city|hong kong|superhero|big city",
}
"""The keywords of each motif, as TMDB writes them, divided by bars; motifs that say most come first."""

_MOTIF_OF = {keyword: motif for motif, keywords in KEYWORDS.items() for keyword in keywords.split("|")}


def motifs(keywords: Sequence[str]) -> list[Motif]:
    """Return the motifs that the keywords name, those that say most first."""
    named = {_MOTIF_OF.get(word.lower()) for word in keywords}
    return [motif for motif in KEYWORDS if motif in named]
