"""Training: deterministic, of any taxonomy, and what ships is what it makes."""

import os

import numpy as np
import pytest
from conftest import TOWN, WORDS, town_examples

from classifier import CorpusError, Document, Model, bundle, corpus, home, lexicon
from classifier.corpus import Example
from classifier.fit import Fitted
from classifier.shelf import Item
from classifier.train import FALSE_FLAGS, LEAST, calibrate, choose, train


def test_another_town_s_scheme_and_text_make_another_classifier(town: Model):
    analysis = town.analyse(Document("a", "我在北厅办事。柜台里有人外放音乐。我等了很久。"))
    assert [finding.clause for finding in analysis.findings][:1] == ["喧哗/2"]
    assert analysis.kind == "投诉"
    assert analysis.taxonomy == "town-service"


def test_where_nothing_is_said_the_other_classifier_is_silent_too(town: Model):
    assert town.analyse(Document("a", "我在北厅办事。谢谢窗口的同志，办得很快。")).findings == ()


def test_training_twice_gives_the_same_bytes_of_weights(town: Model):
    again = train(town_examples(), TOWN, WORDS)
    assert again.version == town.version
    assert again.files["vocabulary.txt"] == town.files["vocabulary.txt"]
    one, other = bundle.unpack(town.files["weights.npz"]), bundle.unpack(again.files["weights.npz"])
    assert all((one[name] == other[name]).all() for name in one)


def test_another_corpus_has_another_version(town: Model):
    assert train(town_examples()[:-1], TOWN, WORDS).version != town.version


def test_a_clause_that_the_scheme_does_not_have_is_refused_by_name():
    strange = Example("x1", "有人迟到了", "投诉", "来信", (corpus.Label("早退/1", "迟到"),), group="x1")
    with pytest.raises(CorpusError, match="x1：条款 早退/1"):
        train([*town_examples(), strange], TOWN, WORDS)


def test_a_corpus_where_everything_is_labelled_is_refused():
    with pytest.raises(CorpusError, match="有标签的和没有标签的都要有"):
        train([example for example in town_examples() if example.labels], TOWN, WORDS)


def test_too_few_groups_are_refused():
    with pytest.raises(CorpusError, match="至少要 4 组"):
        train(town_examples()[:2], TOWN, WORDS)


def items(labels, second=None):
    """Rows of targets (K,) as items; `second` is what another reader gave each, by clause number."""
    made = []
    for at, row in enumerate(labels):
        given = None if second is None else tuple(str(k) for k in np.flatnonzero(second[at]))
        example = Example(f"x{at}", "文", "投诉", "来信", second=given)
        right = row if second is None else row | second[at]
        made.append(
            Item(example, (), frozenset(), np.zeros((0, 4), bool), np.append(row, row.any()), right, 1)
        )
    return made


def test_no_more_clean_passages_pass_than_stated():
    rng = np.random.default_rng(0)
    labels = np.zeros((1000, 3), dtype=bool)
    labels[:300, 0] = True
    raw, gate = rng.normal(size=(1000, 3)) + 3.0 * labels, rng.normal(size=1000) + 3.0 * labels[:, 0]
    gates, thresholds = choose(raw, gate, items(labels))
    least = np.log(gates["suspect"] / (1 - gates["suspect"]))
    assert (gate[300:] >= least).mean() <= FALSE_FLAGS["suspect"] + 0.002
    assert gates["review"] < gates["suspect"]
    assert all(row["review"] <= row["suspect"] for row in thresholds)


def test_no_clause_but_a_leading_one_is_shown_where_it_is_improbable():
    labels = np.ones((1000, 3), dtype=bool)  # right however low the score
    labels[::2] = False
    raw = np.full((1000, 3), -6.0)
    _, thresholds = choose(raw, np.where(labels[:, 0], 5.0, -5.0), items(labels))
    assert {share for row in thresholds for share in row.values()} == {LEAST}


def test_what_a_second_reader_saw_is_not_counted_as_clean():
    labels, second = np.zeros((1000, 3), dtype=bool), np.zeros((1000, 3), dtype=bool)
    second[:500, 1] = True
    gate = np.linspace(5, -5, 1000)  # all the highest are those that the second reader would label
    gates, _ = choose(np.zeros((1000, 3)), gate, items(labels, second))
    least = np.log(gates["suspect"] / (1 - gates["suspect"]))
    assert least < gate[500]


def test_shown_probabilities_are_those_of_being_right_by_any_reader():
    rng = np.random.default_rng(1)
    raw = rng.normal(size=(4000, 3)) * 2
    labels = rng.random((4000, 3)) < 1 / (1 + np.exp(-(2 * raw - 1)))
    fitted = Fitted(None, raw, np.zeros(4000))
    scale, _, bias = calibrate(fitted, items(labels))
    assert abs(scale - 2) < 0.2
    assert abs(bias + 1) < 0.2


@pytest.mark.slow
@pytest.mark.skipif(
    os.environ.get("CI") != "true" and not os.environ.get("ZUOFENG_SLOW"),
    reason="minutes; runs in CI or with ZUOFENG_SLOW=1",
)
def test_the_model_that_ships_is_what_train_makes_of_the_data(model: Model):
    scheme = (home.data() / "taxonomy" / "county-2022.toml").read_text(encoding="utf-8")
    made = train(corpus.read([home.data() / "corpus"]), scheme, lexicon.read(home.lexicon()))
    assert made.version == model.version
    assert made.files["vocabulary.txt"] == model.files["vocabulary.txt"]
    assert made.manifest["thresholds"] == model.manifest["thresholds"]
    ours, shipped = bundle.unpack(made.files["weights.npz"]), bundle.unpack(model.files["weights.npz"])
    for name, values in shipped.items():
        assert np.abs(ours[name].astype(float) - values.astype(float)).max() < 1e-6


def test_no_name_or_number_of_a_person_stands_in_the_shipped_vocabulary(model: Model):
    text = model.files["vocabulary.txt"].decode()
    assert not [line for line in text.splitlines() if sum(map(str.isdigit, line)) > 5]  # 12345 is a hotline
