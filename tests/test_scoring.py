"""The arithmetic of scores."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import sparse
from sklearn.svm import LinearSVC

from classifier import fit, scoring
from classifier.scoring import Layer

FINITE = st.floats(-50, 50)


@given(arrays(np.float64, st.integers(1, 20), elements=FINITE))
def test_a_probability_lies_between_0_and_1_and_rises_with_the_score(raw):
    share = scoring.probability(np.sort(raw))
    assert ((share >= 0) & (share <= 1)).all()
    assert (np.diff(share) >= 0).all()


def test_a_probability_is_the_logistic_function():
    assert np.allclose(scoring.probability(np.array([0.0, 2.0, -2.0])), [0.5, 0.8807970780, 0.1192029220])


@given(arrays(np.float64, st.integers(1, 8), elements=FINITE))
def test_the_shares_of_the_kinds_add_up_to_one(scores):
    assert abs(scoring.share_of_kinds(scores).sum() - 1) < 1e-12


def test_the_shares_of_the_features_and_the_bias_add_up_to_the_score():
    layer = Layer(np.array([1.0, 2.0, 3.0]), np.ones((3, 2), dtype=np.float32), np.array([0.5, -1.0]))
    ids = np.array([0, 2])
    assert np.allclose(layer.shares(ids).sum(axis=0) + layer.bias, layer.scores([ids])[0], atol=1e-12)


def test_the_strongest_sentences_stand_first_and_missing_ones_are_minus_one():
    rows = scoring.strongest(np.array([[1.0, 5.0], [3.0, 4.0]]))
    assert rows.tolist() == [[1, 0], [0, 1], [-1, -1]]


def test_served_scores_are_scikit_learn_s_own():
    """Law 6, the first half: our arithmetic on 200 random rows against `decision_function`."""
    rng = np.random.default_rng(3)
    rows = [sorted(rng.choice(40, size=rng.integers(1, 12), replace=False)) for _ in range(200)]
    present = sparse.csr_array([[float(i in row) for i in range(40)] for row in rows])
    idf = np.log((1 + 200) / (1 + np.asarray(present.sum(axis=0)).ravel())) + 1
    matrix = fit.weighed(present, idf)
    target = rng.random(200) < 0.3
    peer = LinearSVC(C=1.0, random_state=0).fit(matrix, target)
    peer.coef_ = peer.coef_.astype(np.float32).astype(np.float64)  # a bundle stores single precision
    ours = Layer(idf, peer.coef_.T.astype(np.float32), peer.intercept_)
    ids = [np.array(row) for row in rows]
    assert np.abs(ours.scores(ids)[:, 0] - peer.decision_function(matrix)).max() < 1e-9


def test_mixing_one_example_and_many_is_the_same():
    columns = np.random.default_rng(1).normal(size=(5, 4, 3))
    mix, prior = np.array([1.0, -2.0, 0.5]), np.array([0.1, 0.2, 0.3, 0.4])
    assert (scoring.mixed(columns, mix, prior)[2] == scoring.mixed(columns[2], mix, prior)).all()


def test_the_gate_looks_at_what_clauses_share_and_at_the_highest_scores_of_any():
    columns = np.arange(28.0).reshape(4, 7)  # four clauses; five columns of their own, two shared
    columns[:, 5:] = [100.0, 200.0]
    raw = np.array([0.0, 3.0, 1.0, 2.0])
    made = scoring.gate_columns(columns, raw)
    assert made.tolist() == [100, 200, 3, 2, 1, 21, 14, 7, 23, 16, 9]


def test_a_scheme_of_two_clauses_has_a_gate_too():
    columns, raw = np.ones((2, 6)), np.array([0.0, 1.0])
    assert scoring.gate_columns(columns, raw).tolist() == [1, 1, 0, 0, 1, 1, 1, 1, 1, 1]


def test_the_gate_of_one_example_and_of_many_is_the_same():
    rng = np.random.default_rng(5)
    columns, raw, gate = rng.normal(size=(6, 4, 8)), rng.normal(size=(6, 4)), rng.normal(size=13)
    many = scoring.gated(scoring.gate_columns(columns, raw), gate)
    assert np.allclose(many[3], scoring.gated(scoring.gate_columns(columns[3], raw[3]), gate), atol=1e-12)


def test_a_calibrated_score_is_linear_in_the_raw_score_and_the_gate():
    shown = scoring.calibrated(np.array([[1.0, 2.0]]), np.array([3.0]), np.array([2.0, 10.0, 0.5]))
    assert shown.tolist() == [[32.5, 34.5]]


def test_a_point_more_in_a_sentence_adds_its_share_to_the_raw_score():
    rng = np.random.default_rng(2)
    sentences, passage, kinds = rng.normal(size=(5, 4)), rng.normal(size=4), np.array([0.4, 0.6])
    sentences[:, 0] = [4.0, 3.0, 2.0, -1.0, -2.0]  # the leading clause of all, so that its lead stays 0
    mix, prior = rng.normal(size=11), np.zeros(3)
    before = scoring.mixed(scoring.mixture(sentences, passage, kinds, 90), mix, prior)[0]
    for place, share in enumerate(scoring.sentence_shares(mix, scale=1.0)):
        more = sentences.copy()
        more[place, 0] += 0.25
        after = scoring.mixed(scoring.mixture(more, passage, kinds, 90), mix, prior)[0]
        assert abs(after - before - 0.25 * share) < 1e-9
