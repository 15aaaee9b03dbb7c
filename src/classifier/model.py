"""The model: reads documents, gives analyses. Loads from plain data; needs numpy, not scikit-learn."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from . import bundle, facts, features, home, lexicon, passages, scoring, taxonomy
from .errors import BundleError
from .facts import Fact
from .findings import LEVELS, Analysis, Evidence, Finding, Level
from .scoring import Floats, Layer, Weights
from .segment import Segmenter
from .taxonomy import Taxonomy
from .text import Document, Normalised, normalise

_RANKED = 5
_THINNEST = 8  # letters a text needs before anything is said of it
_NEAR = 1.5  # a further sentence is shown if its score is no further than this below the strongest
_WORDS = 5
_FIGURES = 20


@dataclass(frozen=True, slots=True)
class Part:
    """A passage as read: its sentences and their scores (S, K + 1), the gate, and the calibrated scores (K,)."""

    sentences: tuple[features.Sentence, ...]
    scores: Floats
    gate: float
    raw: Floats


@dataclass(frozen=True, slots=True)
class Reading:
    """A document as read: normal form, passages, and the shares (J,) of the kinds it may be of."""

    normal: Normalised
    parts: tuple[Part, ...]
    kinds: Floats


@dataclass(frozen=True)
class Model:
    """A taxonomy, a lexicon and weights, with a version. Immutable; safe to share between threads."""

    version: str
    taxonomy: Taxonomy
    weights: Weights = field(repr=False)
    manifest: Mapping[str, Any] = field(repr=False)
    files: Mapping[str, bytes] = field(
        repr=False
    )  # what the bundle holds, as it was read or is to be written

    @classmethod
    def load(cls, path: Path | None = None) -> Model:
        """The bundle in folder `path`, or the one in use; raises `BundleError`."""
        manifest, files = bundle.read(path or bundle.current(home.models()))
        return cls.of(manifest, files)

    @classmethod
    def of(cls, manifest: Mapping[str, Any], files: Mapping[str, bytes]) -> Model:
        """A model from the contents of a bundle; raises `BundleError` where a part is missing."""
        try:
            chart, weights = taxonomy.parse(files["taxonomy.toml"].decode()), _weights(files)
            return cls(str(manifest["version"]), chart, weights, manifest, files)
        except KeyError as error:
            raise BundleError(f"模型包缺少 {error.args[0]}") from error

    def save(self, models: Path) -> Path:
        """Write the bundle below `models` under its version, and return its folder."""
        bundle.write(models / self.version, self.manifest, self.files)
        return models / self.version

    @property
    def card(self) -> str:
        """The model card, in Markdown."""
        return self.files["CARD.md"].decode()

    @property
    def kinds(self) -> tuple[str, ...]:
        return tuple(self.manifest["kinds"])

    @cached_property
    def lexicon(self) -> lexicon.Lexicon:
        return lexicon.parse(lexicon.unpack(self.files))

    @cached_property
    def segmenter(self) -> Segmenter:
        return Segmenter(self.lexicon.words)

    @cached_property
    def _clauses(self) -> tuple[str, ...]:
        return tuple(clause.id for clause in self.taxonomy.clauses)

    @cached_property
    def _raw_thresholds(self) -> Mapping[Level, Floats]:
        """For each level, the raw score (K,) that a clause needs."""
        table = self.manifest["thresholds"]
        return {level: _raw([table[clause][level] for clause in self._clauses]) for level in LEVELS}

    @cached_property
    def _raw_gate(self) -> Mapping[Level, float]:
        """For each level, the score that a passage's gate needs before any clause is shown."""
        return {level: float(_raw([self.manifest["gate"][level]])[0]) for level in LEVELS}

    def analyse(self, document: Document) -> Analysis:
        """The findings of one document; of any text whatever, at a cost linear in its length."""
        reading = self.read(document.text)
        raw = _strongest_raw(reading, len(self._clauses))
        score = scoring.probability(raw)
        order = np.argsort(-raw, kind="stable")
        thin = sum(map(str.isalnum, reading.normal.text)) < _THINNEST
        findings = () if thin else self._findings(reading)
        return Analysis(
            id=document.id,
            kind=self.kinds[int(np.argmax(reading.kinds))],
            findings=findings,
            ranked=tuple((self._clauses[k], float(score[k])) for k in order[:_RANKED]),
            model=self.version,
            taxonomy=self.taxonomy.id,
            thin=thin,
            facts=tuple(islice(self._figures(reading), _FIGURES)) if findings else (),
        )

    def analyse_many(self, documents: Iterable[Document]) -> Iterator[Analysis]:
        """The analyses of many documents, in order, as they come; each as `analyse` gives it."""
        return map(self.analyse, documents)

    def read(self, text: str) -> Reading:
        """Everything that the scores rest on."""
        normal = normalise(text)
        spans = passages.split(normal.text)
        sentences = [features.read(normal.text, span, self.segmenter, self.lexicon) for span in spans]
        bags = [features.whole(normal.text, part) for part in sentences]
        kinds = self._kinds(frozenset().union(*bags))
        parts = tuple(
            self._part(part, bag, kinds, span.end - span.start)
            for part, bag, span in zip(sentences, bags, spans, strict=True)
        )
        return Reading(normal, parts, kinds)

    def _kinds(self, names: frozenset[str]) -> Floats:
        return scoring.share_of_kinds(self.weights.kind.scores([self.weights.ids(names)])[0])

    def _part(
        self, sentences: tuple[features.Sentence, ...], bag: frozenset[str], kinds: Floats, characters: int
    ) -> Part:
        weights = self.weights
        scores = weights.sentence.scores([weights.ids(sentence.names) for sentence in sentences])
        passage = weights.passage.scores([weights.ids(bag)])[0]
        columns = scoring.mixture(scores, passage, kinds, characters)
        raw = scoring.mixed(columns, weights.mix, weights.prior)
        gate = scoring.gated(scoring.gate_columns(columns, raw), weights.gate)
        shown = scoring.calibrated(raw, gate, weights.calibration)
        return Part(sentences, scores, float(gate), shown)

    def _findings(self, reading: Reading) -> tuple[Finding, ...]:
        """What the passages show, each judged on its own, strongest first."""
        found = [finding for k in range(len(self._clauses)) if (finding := self._shown(reading, k))]
        return tuple(sorted(found, key=lambda finding: -finding.raw))

    def _shown(self, reading: Reading, k: int) -> Finding | None:
        """The clause at the best level that any passage has it, with the evidence of all that have it there."""
        levels = [self._level(part, k) for part in reading.parts]
        best = next((level for level in LEVELS if level in levels), None)
        parts = [part for part, level in zip(reading.parts, levels, strict=True) if level == best]
        return None if best is None else self._finding(reading.normal, parts, k, best)

    def _figures(self, reading: Reading) -> Iterator[Fact]:
        """The figures of the passages that show something, with their place in the original."""
        for part in reading.parts:
            if self._level(part, int(np.argmax(part.raw))) is not None:
                begin, end = part.sentences[0].start, part.sentences[-1].end
                for fact in facts.find(reading.normal.text[begin:end]):
                    span = reading.normal.original(begin + fact.start, begin + fact.end)
                    yield replace(fact, start=span[0], end=span[1])

    def _level(self, part: Part, k: int) -> Level | None:
        """The level at which a passage shows a clause: its leading one as soon as the gate is passed."""
        for level in LEVELS:
            if part.gate >= self._raw_gate[level] and (
                part.raw[k] >= self._raw_thresholds[level][k] or int(np.argmax(part.raw)) == k
            ):
                return level
        return None

    def _finding(self, normal: Normalised, parts: Sequence[Part], k: int, level: Level) -> Finding:
        clause = self.taxonomy.clauses[k]
        strongest = max(parts, key=lambda part: float(part.raw[k]))
        raw = float(strongest.raw[k])
        evidence = tuple(
            item for part in parts for item in self._sentences(normal, part, k, part is strongest)
        )
        bias = float(self.weights.calibration[0] * self.weights.prior[k] + self.weights.calibration[2])
        rest = raw - bias - sum(item.weight for item in evidence)
        score = float(scoring.probability(np.array(raw)))
        return Finding(clause.id, clause.category, score, level, raw, bias, rest, evidence)

    def _sentences(self, normal: Normalised, part: Part, k: int, counted: bool) -> Iterator[Evidence]:
        """The sentences of a passage that show a clause, in order; they count if the raw score is this passage's."""
        rows = [int(row) for row in scoring.strongest(part.scores)[:, k] if row >= 0]
        shown = {row: place for place, row in enumerate(rows) if self._is_shown(part, rows, row, k)}
        shares = scoring.sentence_shares(self.weights.mix, float(self.weights.calibration[0]))
        for row in sorted(shown):
            share = shares[shown[row]] if counted else 0.0
            given = float(part.scores[row, k] - self.weights.sentence.bias[k])
            yield self._sentence(normal, part.sentences[row], k, share, given)

    @staticmethod
    def _is_shown(part: Part, rows: list[int], row: int, k: int) -> bool:
        return float(part.scores[row, k]) >= float(part.scores[rows[0], k]) - _NEAR

    def _sentence(
        self, normal: Normalised, sentence: features.Sentence, k: int, share: float, given: float
    ) -> Evidence:
        start, end = normal.original(sentence.start, sentence.end)
        return Evidence(start, end, share * given, tuple(self._words(normal, sentence, k, share)))

    def _words(
        self, normal: Normalised, sentence: features.Sentence, k: int, share: float
    ) -> Iterator[Evidence]:
        """The words that give the sentence most of its score, in order; each feature counts for its words evenly."""
        given = self._given(sentence, k)
        best = sorted(given, key=lambda at: (-given[at], at))[:_WORDS]
        for at in sorted(at for at in best if given[at] > 0):
            token = sentence.tokens[at]
            yield Evidence(*normal.original(token.start, token.end), share * given[at])

    def _given(self, sentence: features.Sentence, k: int) -> dict[int, float]:
        ids = self.weights.ids(sentence.names)
        shares = dict(zip(ids.tolist(), self.weights.sentence.shares(ids)[:, k].tolist(), strict=True))
        made: dict[int, list[int]] = {}
        for name, at in sentence.features:
            if name in self.weights.vocabulary:
                made.setdefault(self.weights.vocabulary[name], []).extend(at)
        given: dict[int, float] = {}
        for feature, places in made.items():
            for place in places:
                given[place] = given.get(place, 0.0) + shares[feature] / len(places)
        return given


def _strongest_raw(reading: Reading, clauses: int) -> Floats:
    if not reading.parts:
        return np.full(clauses, scoring.MISSING)
    strongest: Floats = np.max([part.raw for part in reading.parts], axis=0)
    return strongest


def _raw(shares: list[float]) -> Floats:
    share = np.array(shares, dtype=np.float64)
    return np.log(share / (1 - share))


def _weights(files: Mapping[str, bytes]) -> Weights:
    arrays = bundle.unpack(files["weights.npz"])
    layer = {
        name: Layer(arrays[f"{name}_idf"], arrays[f"{name}_coef"], arrays[f"{name}_bias"])
        for name in ("sentence", "passage", "kind")
    }
    names = files["vocabulary.txt"].decode().splitlines()
    return Weights(
        {name: i for i, name in enumerate(names)},
        **layer,
        mix=arrays["mix"],
        prior=arrays["prior"],
        gate=arrays["gate"],
        calibration=arrays["calibration"],
    )
