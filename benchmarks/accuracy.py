"""Peers and ours, trained on the same corpus, scored on the same sets, at the same false-flag rate.

    python benchmarks/accuracy.py GOLD.jsonl [GOLD.jsonl …] [--share 0.5] [--out FILE.json]

Every method gives each clause of a text a score, and ranks them. For each set, the threshold is the lowest at which no more than 4 % of
the clean negatives of that very set are flagged, so that the methods are compared at one and the same cost.
These are figures to compare methods by; what a user meets is `zuofeng evaluate`, whose thresholds saw no gold.
`--share` trains on that part of the corpus (whole groups, fixed draw): the learning curve.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from joblib import Parallel, delayed
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.svm import LinearSVC

from classifier import corpus, evaluate, home, lexicon, taxonomy
from classifier.corpus import Example
from classifier.evaluate import Gold, Pair
from classifier.findings import Analysis, Finding
from classifier.model import Model
from classifier.segment import Segmenter
from classifier.train import train

FALSE_FLAGS = 0.04
SCHEME = home.data() / "taxonomy" / "county-2022.toml"
Scores = NDArray[np.float64]
Judge = Callable[
    [Sequence[str]], tuple[Scores, Scores]
]  # (texts, K): what a threshold is laid on; what ranks
Method = Callable[[Sequence[Example], Sequence[str]], Judge]


def vectorised(vectoriser: Callable[[], TfidfVectorizer], estimator: Callable[[], object]) -> Method:
    """TF-IDF of some kind under one linear classifier a clause."""

    def fit(examples: Sequence[Example], clauses: Sequence[str]) -> Judge:
        vectors = vectoriser()
        matrix = vectors.fit_transform([example.text for example in examples])
        targets = [[clause in example.clauses for example in examples] for clause in clauses]
        fitted = Parallel(n_jobs=-1)(delayed(estimator().fit)(matrix, target) for target in targets)
        return lambda texts: twice(
            np.column_stack([one.decision_function(vectors.transform(texts)) for one in fitted])
        )

    return fit


def twice(scores: Scores) -> tuple[Scores, Scores]:
    return scores, scores


def words(text: str) -> list[str]:
    return [token.word for token in _SEGMENTER.tokens(text)]


_SEGMENTER = Segmenter()


def by_words() -> TfidfVectorizer:
    return TfidfVectorizer(
        tokenizer=words, token_pattern=None, lowercase=False, ngram_range=(1, 2), min_df=2, sublinear_tf=True
    )


def by_characters() -> TfidfVectorizer:
    return TfidfVectorizer(analyzer="char", ngram_range=(1, 4), min_df=3, sublinear_tf=True)


def rules(examples: Sequence[Example], clauses: Sequence[str]) -> Judge:
    """Keyword rules: the four-letter words and phrases of the scheme's own wording and titles, counted."""
    chart = taxonomy.load(SCHEME)
    keys = [[w for w in words(c.title + c.text) if len(w) > 1] for c in chart.clauses]
    return lambda texts: twice(
        np.array([[sum(text.count(w) for w in own) for own in keys] for text in texts], dtype=float)
    )


def ours(examples: Sequence[Example], clauses: Sequence[str]) -> Judge:
    """Of the whole corpus, the bundle in use is what training makes (a test sees to it); of a part, one trained here."""
    whole = examples == corpus.read([home.data() / "corpus"])
    model = (
        Model.load()
        if whole
        else train(examples, SCHEME.read_text(encoding="utf-8"), lexicon.read(home.lexicon()))
    )
    return lambda texts: tuple(map(np.array, zip(*(_judged(model, text) for text in texts), strict=True)))


def _judged(model: Model, text: str) -> tuple[Scores, Scores]:
    """For each clause the gate of the strongest passage that would show it, and its own highest score."""
    clauses = [clause.id for clause in model.taxonomy.clauses]
    parts = model.read(text).parts
    if not parts:
        return np.full(len(clauses), -20.0), np.full(len(clauses), -20.0)
    share = np.array([model.manifest["thresholds"][clause]["suspect"] for clause in clauses])
    least = np.log(share / (1 - share))
    shown = [np.where((p.raw >= least) | (p.raw == p.raw.max()), p.gate, -20.0) for p in parts]
    return np.max(shown, axis=0), np.max([part.raw for part in parts], axis=0)


METHODS: dict[str, Method] = {
    "keyword rules": rules,
    "jieba TF-IDF + LinearSVC": vectorised(by_words, LinearSVC),
    "jieba TF-IDF + logistic regression": vectorised(
        by_words, lambda: LogisticRegression(C=10, max_iter=3000)
    ),
    "character n-grams + LinearSVC": vectorised(by_characters, LinearSVC),
    "ours": ours,
}


def measure(
    golds: Sequence[Gold], scores: Scores, ranking: Scores, clauses: Sequence[str]
) -> dict[str, object]:
    """The figures of one method on one set."""
    strongest = scores.max(axis=1)
    clean = np.array([gold.clean for gold in golds])
    certain = np.array([bool(gold.must) for gold in golds])
    least = np.sort(strongest[clean])[-int(FALSE_FLAGS * clean.sum()) - 1]
    pairs = [
        Pair(gold, _analysis(gold, row, ranks, clauses, least))
        for gold, row, ranks in zip(golds, scores, ranking, strict=True)
    ]
    figures = {
        "recall of anything": evaluate.recall_of_anything(pairs),
        "category F1": evaluate.micro_f1(pairs, by_category=True),
        "clause F1": evaluate.micro_f1(pairs, by_category=False),
        "top 3": evaluate.top(pairs, 3),
    }
    auc = roc_auc_score(certain[clean | certain], strongest[clean | certain])
    return {"AUC of anything": round(float(auc), 3)} | {
        name: [round(v, 3) for v in (rate.value, rate.low, rate.high)] for name, rate in figures.items()
    }


def _analysis(gold: Gold, row: Scores, ranks: Scores, clauses: Sequence[str], least: float) -> Analysis:
    order = np.argsort(-ranks, kind="stable")
    found = tuple(
        Finding(clauses[k], clauses[k].split("/")[0], 0.5, "suspect", float(row[k]), 0.0, 0.0, ())
        for k in order
        if row[k] > least
    )
    return Analysis(gold.id, "", found, tuple((clauses[k], float(ranks[k])) for k in order[:5]), "", "")


def part(examples: Sequence[Example], share: float) -> list[Example]:
    """That share of the groups, drawn once and for all: a smaller share is a part of a larger one."""
    groups = sorted({example.group for example in examples})
    random.Random(0).shuffle(groups)
    kept = set(groups[: round(len(groups) * share)])
    return [example for example in examples if example.group in kept]


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("gold", nargs="+", type=Path)
    parser.add_argument("--share", type=float, default=1.0)
    parser.add_argument("--only", choices=METHODS, action="append")
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    examples = part(corpus.read([home.data() / "corpus"]), options.share)
    clauses = [clause.id for clause in taxonomy.load(SCHEME).clauses]
    sets = {path.stem: evaluate.read(path) for path in options.gold}
    results: dict[str, object] = {
        "examples": len(examples),
        "documents": {name: len(g) for name, g in sets.items()},
    }
    for name in options.only or METHODS:
        started = time.perf_counter()
        score = METHODS[name](examples, clauses)
        results[name] = {
            key: measure(g, *score([gold.text for gold in g]), clauses) for key, g in sets.items()
        }
        print(f"{name} ({time.perf_counter() - started:.0f} s)", file=sys.stderr)
        for key, figures in results[name].items():  # type: ignore[attr-defined]
            print(f"  {key}: {figures}", file=sys.stderr)
    text = json.dumps(results, ensure_ascii=False, indent=1)
    if options.out:
        options.out.write_text(text + "\n", encoding="utf-8")
    else:
        print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
