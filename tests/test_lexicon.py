"""Classes of words."""

import pytest

from classifier import LexiconError, home, lexicon


def test_a_word_has_the_classes_of_the_lists_it_stands_in():
    words = lexicon.parse({"delay": "拖延 至今", "negation": "不\n未 # 否定", "time": "至今"})
    assert words.classes("至今") == ("delay", "time")
    assert words.classes("未") == ("negation",)
    assert words.classes("否定") == ()


def test_an_ending_stands_for_every_longer_word_and_the_longest_wins():
    words = lexicon.parse({"public": "~局 ~委员会", "private": "~业主委员会"})
    assert words.classes("林业局") == ("public",)
    assert words.classes("幸福里业主委员会") == ("private",)
    assert words.classes("局") == ()


def test_a_line_that_is_no_word_is_refused_with_its_place():
    with pytest.raises(LexiconError, match=r"delay\.txt:2"):
        lexicon.parse({"delay": "拖延\n拖~延"})


def test_a_folder_without_lists_is_refused(tmp_path):
    with pytest.raises(LexiconError, match="没有词表"):
        lexicon.read(tmp_path)


def test_the_lists_survive_the_way_through_a_bundle():
    lists = {"delay": "拖延\n", "public": "~局\n"}
    assert lexicon.unpack(lexicon.pack(lists)) == lists


def test_our_own_lists_can_be_read():
    words = lexicon.parse(lexicon.read(home.lexicon()))
    assert "public_body" in words.classes("住建局")
    assert "shirking" in words.classes("踢皮球")
