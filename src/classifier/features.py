"""Keyword features of a sentence: its words, pairs of words, classes of words, who acts, what stands beside.

A feature is a readable name; the part before the colon tells its family:
`w` a word · `p` two neighbouring words · `c` a class of the lexicon · `o` two classes in order ·
`n` a pivotal class and a word just behind it · `a` the sentence's actor and a class in it ·
`b` the actor named last before a word, and a class of that word · `v` a word behind a private actor ·
`<`, `>` a class in the sentence before, after · `f` a figure: times asked, time elapsed, a limit, a limit overrun ·
`s` the shape of the sentence.
A passage has those of its sentences, neighbourhood left out, and `g`, the runs of two and three characters in it,
which see through a word that was cut otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from . import facts
from .facts import Fact
from .lexicon import Lexicon
from .passages import Passage
from .segment import Segmenter, Token

Feature = tuple[str, tuple[int, ...]]

_NUMBER = re.compile(r"[\d.,]+%?")
_CODED_PLACE = re.compile(r"[a-z]\d{0,2}")
_MARK = re.compile(r"[\W_]+")
_PAUSES = frozenset("，。！？；：、,!?;:…")
_CONTEXT = frozenset("<>a")
_GRAMS = (2, 3)  # characters
_REACH = 6  # words between two classes that still count as a pair
_STEPS: dict[str, tuple[int, ...]] = {  # times, or days, from which on a figure is of the next size
    "asked": (2, 3, 5, 10),
    "elapsed": (30, 90, 365, 1095),
    "between": (30, 90, 365),
    "limit": (30, 90),
}
_ACTORS = ("public_body", "private_body")
_PIVOTS = frozenset(
    (
        *_ACTORS,
        *("negation", "silence", "shirking", "oversight_failure", "perfunctory", "repetition", "asked"),
        *("unlawful_act", "falsity", "denial", "obligation", "intention", "request", "delay", "deadline"),
        *("favour", "praise", "cleared", "punished", "excuse", "unreachable", "collusion"),
    )
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence as the model sees it: the words, and the features with the words that made them.

    A feature of the neighbourhood has no words of its own.
    """

    start: int
    end: int
    tokens: tuple[Token, ...]
    features: tuple[Feature, ...]

    @property
    def names(self) -> frozenset[str]:
        return frozenset(name for name, _ in self.features)


def whole(text: str, sentences: Iterable[Sentence]) -> frozenset[str]:
    """The features of a passage of a normal text, given by its sentences."""
    sentences = tuple(sentences)
    names = {name for sentence in sentences for name, _ in sentence.features if name[0] not in _CONTEXT}
    return frozenset(names.union(*(_grams(text[one.start : one.end]) for one in sentences)))


def _grams(text: str) -> set[str]:
    return {f"g:{text[at : at + n]}" for n in _GRAMS for at in range(len(text) - n + 1)}


def read(text: str, passage: Passage, segmenter: Segmenter, lexicon: Lexicon) -> tuple[Sentence, ...]:
    """The sentences of a passage of a normal text, with features that look one sentence around."""
    tokens = [tuple(segmenter.tokens(text, start, end)) for start, end in passage.sentences]
    classes = [[lexicon.classes(token.word) for token in sentence] for sentence in tokens]
    held = [sorted({name for names in sentence for name in names}) for sentence in classes]
    last = _last_named(classes)
    figures = facts.find(text[passage.start : passage.end])
    return tuple(
        Sentence(
            start,
            end,
            tokens[at],
            (
                *_own(tokens[at], classes[at]),
                *_behind(tokens[at], classes[at], last[at]),
                *_around(held, at),
                *_acting(last[at], held[at]),
                *_figures(figures, tokens[at], passage.start),
            ),
        )
        for at, (start, end) in enumerate(passage.sentences)
    )


def _own(tokens: Sequence[Token], classes: Sequence[tuple[str, ...]]) -> Iterator[Feature]:
    spoken = [(at, _form(token.word)) for at, token in enumerate(tokens)]
    words = [(at, form) for at, form in spoken if not _MARK.fullmatch(form)]
    for at, form in words:
        yield f"w:{form}", (at,)
    yield from _pairs([(at, form) for at, form in spoken if form in _PAUSES or not _MARK.fullmatch(form)])
    for at, names in enumerate(classes):
        for name in names:
            yield f"c:{name}", (at,)
    yield from _orders(classes)
    yield from _followers(words, classes)
    yield f"s:{min(len(tokens) // 8, 6)}", ()


def _form(word: str) -> str:
    if _NUMBER.fullmatch(word):
        return "0"
    return "a0" if _CODED_PLACE.fullmatch(word) else word


def _pairs(forms: Sequence[tuple[int, str]]) -> Iterator[Feature]:
    for (first, left), (second, right) in pairwise(forms):
        if right not in _PAUSES:
            yield f"p:{'，' if left in _PAUSES else left}_{right}", (first, second)


def _orders(classes: Sequence[tuple[str, ...]]) -> Iterator[Feature]:
    for first, names in enumerate(classes):
        pivots = [name for name in names if name in _PIVOTS]
        if not pivots:
            continue
        for second in range(first + 1, min(first + 1 + _REACH, len(classes))):
            for left in pivots:
                for right in classes[second]:
                    if left != right:
                        yield f"o:{left}>{right}", (first, second)


def _followers(words: Sequence[tuple[int, str]], classes: Sequence[tuple[str, ...]]) -> Iterator[Feature]:
    for place, (at, _) in enumerate(words):
        for name in classes[at]:
            if name in _PIVOTS:
                for other, form in words[place + 1 : place + 3]:
                    yield f"n:{name}_{form}", (at, other)


def _around(held: Sequence[Sequence[str]], at: int) -> Iterator[Feature]:
    before = held[at - 1] if at else ("none",)
    after = held[at + 1] if at + 1 < len(held) else ("none",)
    yield from ((f"<:{name}", ()) for name in before)
    yield from ((f">:{name}", ()) for name in after)


def _figures(figures: Sequence[Fact], tokens: Sequence[Token], offset: int) -> Iterator[Feature]:
    """Figures that stand in the sentence; `offset` is where the passage begins that they were found in."""
    limit = min((fact.amount for fact in figures if fact.kind == "limit"), default=None)
    for fact in figures:
        if not tokens or fact.end + offset <= tokens[0].start or fact.start + offset >= tokens[-1].end:
            continue
        at = tuple(
            i for i, t in enumerate(tokens) if fact.start + offset < t.end and t.start < fact.end + offset
        )
        if at:
            size = sum(fact.amount >= step for step in _STEPS[fact.kind])
            yield f"f:{fact.kind}_{size}", at
            if limit is not None and fact.kind in ("elapsed", "between") and fact.amount > limit:
                yield "f:overrun", at


def _acting(last: Sequence[str], held: Sequence[str]) -> Iterator[Feature]:
    """The actor of the whole sentence: those named in it, or the one named last before it."""
    named = [name for name in _ACTORS if name in held]
    actor = "both" if len(named) > 1 else (named or last[-1:] or ("nobody",))[0]
    yield f"a:{actor}", ()
    yield from ((f"a:{actor}_{name}", ()) for name in held if name not in _ACTORS)


def _behind(
    tokens: Sequence[Token], classes: Sequence[tuple[str, ...]], last: Sequence[str]
) -> Iterator[Feature]:
    """What is said behind an actor: what holds of an office is nothing when said of a firm."""
    for at, (token, names, actor) in enumerate(zip(tokens, classes, last, strict=True)):
        form = _form(token.word)
        if not _MARK.fullmatch(form):
            yield from ((f"b:{actor}_{name}", (at,)) for name in names)
            if actor == "private_body":
                yield f"v:{form}", (at,)


def _last_named(classes: Sequence[Sequence[tuple[str, ...]]]) -> list[list[str]]:
    """For every word of every sentence, the actor named last: the word itself, or one before it in the passage."""
    actors: list[list[str]] = []
    last = "nobody"
    for sentence in classes:
        actors.append([])
        for names in sentence:
            last = next((actor for actor in reversed(_ACTORS) if actor in names), last)
            actors[-1].append(last)
    return actors
