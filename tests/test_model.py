"""The laws of an analysis, on the model that ships."""

import subprocess
import sys

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from classifier import Document, Model, scoring

LETTER = (
    "反映河湾村违建无人管。我是河湾村村民，隔壁老周家去年三月开始在河堤上盖三层楼，我先后五次到镇政府和城管中队反映，"
    "镇里说归水利站管，水利站说归城管管，推来推去，到现在没有一个部门来现场看过。电话打过去也没人接，态度很不耐烦。"
    "今年汛期水已经漫到我家墙根，恳请县领导派人来查一查！"
)
PIECES = st.lists(
    st.sampled_from(
        [
            *LETTER.split("，"),
            "\u200b",
            "\n",
            "　",
            "请问怎么办理",
            "物业不管",
            "<b>",
            "\ud800",
            "經查",
            "1、",
            "。",
            "🙂",
        ]
    ),
    max_size=25,
).map("".join)


def spans(analysis):
    for finding in analysis.findings:
        for sentence in finding.evidence:
            yield sentence
            yield from sentence.words


def test_a_letter_that_accuses_is_flagged_with_its_sentences(model: Model):
    analysis = model.analyse(Document("a", LETTER))
    assert analysis.kind == "投诉举报"
    assert "不作为/5" in [finding.clause for finding in analysis.findings if finding.level == "suspect"]
    quoted = "".join(LETTER[s.start : s.end] for f in analysis.findings for s in f.evidence)
    assert "推来推去" in quoted


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=PIECES)
def test_evidence_points_into_the_original_in_order(model: Model, text):
    """Law 2."""
    analysis = model.analyse(Document("a", text))
    for finding in analysis.findings:
        assert finding.evidence
        starts = [sentence.start for sentence in finding.evidence]
        assert starts == sorted(starts)
        for sentence in finding.evidence:
            assert 0 <= sentence.start < sentence.end <= len(text)
            assert all(sentence.start <= word.start < word.end <= sentence.end for word in sentence.words)


@pytest.mark.parametrize("gap", ["\u200b", " ", "\n", "　"])
def test_evidence_points_into_the_original_across_a_broken_word(model: Model, gap):
    """Law 2."""
    text = LETTER.replace("推来推去", gap.join("推来推去"))
    analysis = model.analyse(Document("a", text))
    assert any("推" + gap + "来" in text[span.start : span.end] for span in spans(analysis))


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=PIECES)
def test_evidence_and_the_rest_and_the_bias_are_the_raw_score(model: Model, text):
    """Law 3."""
    for finding in model.analyse(Document("a", LETTER + text)).findings:
        whole = sum(sentence.weight for sentence in finding.evidence) + finding.rest + finding.bias
        assert abs(whole - finding.raw) < 1e-9


def test_the_weight_of_a_sentence_is_what_its_features_give_through_the_mixture(model: Model):
    (part,) = model.read(LETTER).parts
    shares = scoring.sentence_shares(model.weights.mix, float(model.weights.calibration[0]))
    clauses = [clause.id for clause in model.taxonomy.clauses]
    for finding in model.analyse(Document("a", LETTER)).findings:
        k = clauses.index(finding.clause)
        order = sorted(range(len(part.sentences)), key=lambda row: -part.scores[row, k])
        for sentence in finding.evidence:
            row = next(row for row in order if part.sentences[row].start == sentence.start)
            ids = model.weights.ids(part.sentences[row].names)
            given = model.weights.sentence.shares(ids)[:, k].sum()
            assert abs(sentence.weight - shares[order.index(row)] * given) < 1e-9


def test_the_words_of_a_sentence_never_give_more_than_all_its_features(model: Model):
    reading = model.read(LETTER)
    for finding in model.analyse(Document("a", LETTER)).findings:
        assert all(word.weight > 0 for sentence in finding.evidence for word in sentence.words)
    part = reading.parts[0]
    given = model._given(part.sentences[0], 0)
    ids = model.weights.ids(part.sentences[0].names)
    own = [name for name, at in part.sentences[0].features if at and name in model.weights.vocabulary]
    shares = dict(zip(ids.tolist(), model.weights.sentence.shares(ids)[:, 0].tolist(), strict=True))
    assert abs(sum(given.values()) - sum(shares[model.weights.vocabulary[name]] for name in set(own))) < 1e-9


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(PIECES, max_size=6))
def test_one_by_one_is_the_same_as_in_a_batch_to_the_bit(model: Model, texts):
    """Law 5."""
    documents = [Document(str(at), text) for at, text in enumerate(texts)]
    assert list(model.analyse_many(documents)) == [model.analyse(document) for document in documents]


def test_saved_and_loaded_gives_the_same_answers(model: Model, tmp_path):
    """Law 6, the second half."""
    again = Model.load(model.save(tmp_path))
    for text in (LETTER, LETTER * 12, "请问公积金怎么提取？"):
        assert again.analyse(Document("a", text)) == model.analyse(Document("a", text))


def test_loading_needs_neither_scikit_learn_nor_scipy_nor_jieba_s_module_level_tokenizer():
    code = (
        "import sys; from classifier import Model, Document; Model.load().analyse(Document('a', '我要反映违建没人管的问题'));"
        "import jieba; sys.exit(bool({'sklearn', 'scipy', 'joblib'} & set(sys.modules)) or bool(jieba.dt.initialized))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_levels_follow_the_thresholds_and_findings_stand_strongest_first(model: Model):
    analysis = model.analyse(Document("a", LETTER))
    thresholds = model.manifest["thresholds"]
    leading = analysis.findings[0].clause  # shown wherever the passage passes the gate
    for finding in analysis.findings:
        least = thresholds[finding.clause][finding.level] - 1e-6
        assert finding.score >= least or finding.clause == leading
    scores = [finding.score for finding in analysis.findings]
    assert scores == sorted(scores, reverse=True)


def test_the_figures_of_a_letter_are_worked_out_and_point_into_the_original(model: Model):
    text = "\u200b" + LETTER
    analysis = model.analyse(Document("a", text))
    assert [(f.kind, text[f.start : f.end], f.amount) for f in analysis.facts] == [
        ("asked", "五次到镇政府和城管中队反映", 5)
    ]


def test_where_nothing_is_found_no_figures_are_given(model: Model):
    analysis = model.analyse(Document("a", "我问了三次，请问周末开门吗？今天天气很好。"))
    assert analysis.findings == ()
    assert analysis.facts == ()


def test_a_clause_found_in_two_passages_has_evidence_from_both_in_the_order_of_the_text(model: Model):
    item = "群众多次到县城管局反映夜市油烟，城管局长期放任不管，没有一个人到现场，电话也无人接听。"
    report = "巡察发现以下问题：\n" + "\n".join(
        f"{n}、{place}{item}" for n, place in zip("一二三", "东西南", strict=True)
    )
    assert len(model.read(report).parts) > 2
    finding = model.analyse(Document("a", report)).findings[0]
    starts = [sentence.start for sentence in finding.evidence]
    assert starts == sorted(starts)
    assert len({report.count("、", 0, start) for start in starts}) > 1
    counted = sum(sentence.weight for sentence in finding.evidence)
    assert abs(counted + finding.rest + finding.bias - finding.raw) < 1e-9


def test_a_megabyte_of_figures_is_analysed_too(model: Model):
    analysis = model.analyse(Document("a", "我们反映了五次没有人管。" * 20_000))
    assert len(analysis.facts) <= 20


def test_ranked_clauses_are_five_whether_or_not_anything_is_found(model: Model):
    assert len(model.analyse(Document("a", "请问周末开门吗？今天天气很好。")).ranked) == 5


def test_a_long_report_yields_its_items_in_order_without_repeats(model: Model):
    items = [
        "县水利局对省里下达的除险加固任务迟迟不动，要求六月底前完成，到九月仍未开工，被三次催办。",
        "县教育局食堂管理账目清楚，未发现问题。",
        "县城管局对中山路占道经营长期放任不管，群众多次投诉无人到场。",
        "县医保局窗口秩序良好，办理及时。",
    ]
    report = "巡察发现以下问题：\n" + "\n".join(
        f"{n}、{item}" for n, item in zip("一二三四", items, strict=True)
    )
    analysis = model.analyse(Document("a", report))
    clauses = [finding.clause for finding in analysis.findings]
    assert len(clauses) == len(set(clauses))
    assert {"慢作为/1", "不作为/4"} <= set(clauses)
