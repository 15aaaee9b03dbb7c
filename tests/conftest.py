"""What the tests share: the model that ships, and a tiny scheme of another town to train on."""

import os

import pytest

from classifier import Model
from classifier.corpus import Example, Label

TOWN = """
id = "town-service"
title = "某镇服务公约"
[source]
document = "某镇服务公约"
issuer = "某镇"
date = 2024-05-01
[[category]]
id = "迟到"
[[category.clause]]
number = 1
title = "上班迟到"
text = "上班时间无故迟到的"
[[category]]
id = "喧哗"
[[category.clause]]
number = 1
title = "大厅喧哗"
text = "在大厅内高声喧哗的"
[[category.clause]]
number = 2
title = "外放音乐"
text = "在大厅内外放音乐的"
"""

WORDS = {"late": "迟到 晚到 九点", "loud": "喧哗 吵闹 外放 音乐", "negation": "不 没有 未"}

_SAID = {
    "迟到/1": ("窗口的人又迟到了", "九点半才见人晚到", "他连着三天迟到"),
    "喧哗/1": ("大厅里有人高声喧哗", "两个办事员吵闹不停", "隔壁柜台喧哗了一上午"),
    "喧哗/2": ("柜台里外放音乐", "手机外放着歌没人管", "音乐放得震天响"),
}
_PLACES = ("一号厅", "二号厅", "三号厅", "东厅", "西厅", "南厅")
_CALM = ("今天来交材料，很快办好", "请问周末开门吗", "谢谢窗口的同志", "我想问医保怎么交")


def town_examples() -> list[Example]:
    """A small corpus of the other town: three labels, and calm rows."""
    rows = [
        Example(
            f"{clause}-{place}-{at}",
            f"{place}见闻。{said}。我等了一会儿。",
            "投诉",
            "来信",
            (Label(clause, said),),
            group=f"{place}{at}",
        )
        for clause, sayings in _SAID.items()
        for at, said in enumerate(sayings)
        for place in _PLACES
    ]
    calm = [
        Example(f"calm-{place}-{at}", f"{place}见闻。{said}。", "咨询", "来信", group=f"{place}{at}")
        for at, said in enumerate(_CALM)
        for place in _PLACES
    ]
    policy = [
        Example(f"policy-{place}", f"{place}公约。整治内容：\n{listed}", "政策", "政策", group=place)
        for place in _PLACES
        for listed in (
            "\n".join(f"{number}：{said}的。" for number, said in enumerate(sum(_SAID.values(), ()))),
        )
    ]
    return rows + calm + policy


@pytest.fixture(scope="session")
def model() -> Model:
    """The model that ships."""
    return Model.load()


@pytest.fixture(scope="session")
def town() -> Model:
    """A model of the other town's scheme, trained here and now."""
    from classifier.train import train

    return train(town_examples(), TOWN, WORDS)


@pytest.fixture(autouse=True)
def _no_home_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ZUOFENG_HOME", raising=False)


def on_ci() -> bool:
    return os.environ.get("CI") == "true"
