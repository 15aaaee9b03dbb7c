"""The scheme as data."""

import datetime

import pytest
from conftest import TOWN

from classifier import TaxonomyError, home, taxonomy


def test_the_scheme_of_2022_has_six_categories_and_23_clauses():
    scheme = taxonomy.load(home.data() / "taxonomy" / "county-2022.toml")
    assert [(c.id, len(c.clauses)) for c in scheme.categories] == [
        ("慢作为", 5),
        ("不作为", 5),
        ("乱作为", 3),
        ("文山会海", 3),
        ("官僚作风", 4),
        ("弄虚作假", 3),
    ]


def test_a_clause_carries_the_scheme_s_own_wording_and_its_source():
    scheme = taxonomy.load(home.data() / "taxonomy" / "county-2022.toml")
    assert scheme.clause("慢作为/4").text == "对有明确办理时限的事项，未严格执行限时办结制度的"
    assert scheme.source.date == datetime.date(2022, 2, 25)


def test_the_three_stages_follow_one_another():
    stages = taxonomy.load(home.data() / "taxonomy" / "county-2022.toml").stages
    assert [stage.start.isoformat() for stage in stages] == ["2022-02-24", "2022-03-10", "2022-06-10"]
    assert stages[-1].end == datetime.date(2022, 12, 10)


def test_another_town_s_scheme_is_read_the_same_way():
    assert [clause.id for clause in taxonomy.parse(TOWN).clauses] == ["迟到/1", "喧哗/1", "喧哗/2"]


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        ("id = 1 2", "不是有效的 TOML"),
        ('id = "x"', "缺少字段 title"),
        (TOWN.replace("number = 2", "number = 1"), "出现了两次"),
        (TOWN.replace('id = "迟到"', 'id = "迟/到"'), "含有“/”"),
        (TOWN.replace("date = 2024-05-01", ""), "字段"),
    ],
)
def test_a_broken_scheme_is_refused_with_its_reason(toml, said):
    with pytest.raises(TaxonomyError, match=said):
        taxonomy.parse(toml)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(TaxonomyError, match="没有的文件"):
        taxonomy.load(tmp_path / "没有的文件.toml")


def test_an_unknown_clause_is_refused_by_name():
    with pytest.raises(TaxonomyError, match="迟到/9"):
        taxonomy.parse(TOWN).clause("迟到/9")
