"""Keyword features."""

from classifier import features, lexicon
from classifier.passages import split
from classifier.segment import Segmenter

WORDS = lexicon.parse(
    {
        "public_body": "~局 镇政府",
        "private_body": "物业",
        "negation": "不 没有",
        "silence": "没人管",
        "asked": "反映",
    }
)
SEGMENTER = Segmenter(WORDS.words)


def sentences(text):
    return [s for passage in split(text) for s in features.read(text, passage, SEGMENTER, WORDS)]


def names(text):
    return sentences(text)[0].names


def test_words_pairs_and_classes_are_features():
    found = names("镇政府没有反映")
    assert {"w:镇政府", "p:镇政府_没有", "c:public_body", "c:asked", "o:negation>asked"} <= found


def test_one_character_words_count_since_they_are_our_negations():
    assert {"w:不", "c:negation", "n:negation_反映"} <= names("不反映")


def test_figures_and_coded_places_are_folded():
    assert {"w:0", "w:a0"} <= names("a3区投诉12次")
    assert "w:12" not in names("a3区投诉12次")


def test_a_pair_does_not_reach_across_a_pause():
    assert "p:镇政府_没人管" not in names("镇政府，没人管")
    assert "p:，_没人管" in names("镇政府，没人管")


def test_the_sentence_before_and_after_are_seen_by_their_classes():
    first, second = sentences("物业不管。没人管。")
    assert {">:silence", "<:none"} <= first.names
    assert {"<:private_body", ">:none"} <= second.names


def test_the_actor_named_last_is_carried_on():
    named, carried = sentences("我去找林业局。他们说不知道。")
    assert "a:public_body" in named.names
    assert "a:public_body_negation" in carried.names


def test_two_actors_in_one_sentence_are_both():
    assert "a:both" in names("物业和镇政府都来了")


def test_a_feature_knows_the_words_that_made_it():
    (sentence,) = sentences("镇政府没人管")
    made = dict(sentence.features)
    assert [sentence.tokens[at].word for at in made["p:镇政府_没人管"]] == ["镇政府", "没人管"]
