"""Fitting on tables gives what a loaded model works out one text at a time."""

import numpy as np
from conftest import TOWN, WORDS, town_examples

from classifier import fit, lexicon, scoring, taxonomy
from classifier.shelf import shelve

ITEMS = shelve(town_examples(), taxonomy.parse(TOWN), lexicon.parse(WORDS))
KINDS = ("其他", "投诉")


def test_the_columns_of_a_table_are_those_of_its_examples_one_by_one():
    table = fit.tabulate(ITEMS, KINDS)
    weights = fit.fit_layers(table, np.arange(len(ITEMS)))
    rows = np.array([5, 0, 17])
    for at, columns in zip(rows, fit.columns(table, rows, weights), strict=True):
        item = ITEMS[at]
        sentences = weights.sentence.scores([weights.ids(names) for names in item.sentences])
        ids = weights.ids(item.bag)
        kinds = scoring.share_of_kinds(weights.kind.scores([ids])[0])
        passage = weights.passage.scores([ids])[0]
        assert np.abs(columns - scoring.mixture(sentences, passage, kinds, item.characters)).max() < 1e-9


def test_layers_fitted_on_some_examples_know_nothing_of_the_others():
    table = fit.tabulate(ITEMS, KINDS)
    late = np.array([at for at, item in enumerate(ITEMS) if "迟到/1" not in item.example.clauses])
    weights = fit.fit_layers(table, late)
    known = {
        name for at in late for name in (*ITEMS[at].bag, *(n for one in ITEMS[at].sentences for n in one))
    }
    assert set(weights.vocabulary) <= known
    assert weights.sentence.bias[0] == fit.NEVER


def test_the_vocabulary_begins_with_what_sentences_have():
    table = fit.tabulate(ITEMS, KINDS)
    weights = fit.fit_layers(table, np.arange(len(ITEMS)))
    names = list(weights.vocabulary)
    first = len(weights.sentence.idf)
    assert not any(name.startswith("g:") for name in names[:first])
    assert all(name.startswith("g:") for name in names[first:])
    assert names[:first] == sorted(names[:first])
