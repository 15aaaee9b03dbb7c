"""Words with offsets."""

import subprocess
import sys
import time
from itertools import pairwise

import jieba
from hypothesis import given
from hypothesis import strategies as st

from classifier.segment import Segmenter

SEGMENTER = Segmenter(["三番五次", "区住建局"])


@given(st.text(max_size=300))
def test_words_and_blanks_join_back_to_the_text(text):
    tokens = SEGMENTER.tokens(text)
    assert all(text[token.start : token.end] == token.word for token in tokens)
    rest = "".join(text[a.end : b.start] for a, b in pairwise(tokens))
    assert rest.strip() == ""


def test_offsets_count_from_the_start_of_the_whole_text():
    assert [(t.word, t.start) for t in SEGMENTER.tokens("请问区住建局", 2)] == [("区住建局", 2)]


def test_words_of_the_lexicon_stay_whole():
    assert "三番五次" in [token.word for token in SEGMENTER.tokens("我三番五次去找区住建局")]


def test_it_cuts_as_jieba_does_without_its_hidden_markov_model():
    text = "镇政府多次承诺修路，至今没有动工，群众意见很大。"
    assert [token.word for token in Segmenter().tokens(text)] == list(jieba.Tokenizer().cut(text, HMM=False))


def test_an_unbroken_run_of_200000_characters_takes_linear_time():
    started = time.process_time()
    assert SEGMENTER.tokens("无人管" * 66_667)
    assert time.process_time() - started < 10  # jieba's HMM took 23.6 s for 80,000


def test_one_segmenter_does_not_change_another_nor_jieba_itself():
    one, other = Segmenter(["推拉扯筋甲"]), Segmenter()
    assert [t.word for t in one.tokens("推拉扯筋甲")] == ["推拉扯筋甲"]
    assert [t.word for t in other.tokens("推拉扯筋甲")] != ["推拉扯筋甲"]
    assert "推拉扯筋甲" not in list(jieba.cut("推拉扯筋甲", HMM=False))


def test_importing_the_package_loads_no_dictionary():
    code = "import classifier, jieba, sys; sys.exit(bool(jieba.dt.initialized))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
