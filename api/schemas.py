"""What the HTTP interface takes and gives, for checking requests and for the OpenAPI pages."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from classifier.render import scrub

_EXAMPLE = "我 3 月 2 日在县住建局窗口递交材料，承诺 20 个工作日办结，至今三个月没有结果。"


def _scrubbed(value: Any) -> Any:
    """JSON can carry half a surrogate pair; nothing after this line has to."""
    return scrub(value) if isinstance(value, str) else value


def _not_empty(text: str) -> str:
    if not text.strip():
        raise PydanticCustomError("empty_text", "empty")
    return text


Words = Annotated[str, BeforeValidator(_scrubbed)]


class AnalyseIn(BaseModel):
    """一段要研判的文字。"""

    id: Annotated[Words, Field(max_length=200, description="调用方自己的编号，原样返回")] = ""
    text: Annotated[
        Words,
        AfterValidator(_not_empty),
        Field(description="要研判的全文", json_schema_extra={"example": _EXAMPLE}),
    ]


class EvidenceOut(BaseModel):
    """依据：原文中的一段，位置以字符（Unicode 码点）计。"""

    start: int
    end: int
    text: str
    weight: float = Field(description="该句对得分的贡献")


class FindingOut(BaseModel):
    """疑似问题：文字可能涉及的一款。"""

    clause: str = Field(description="条款编号：类名/款号")
    category: str
    score: float = Field(description="可能性，0 到 1")
    level: Literal["suspect", "review"] = Field(description="suspect 疑似，review 待核")
    evidence: list[EvidenceOut]


class FactOut(BaseModel):
    """文中数字：反映次数（次），所说时长、期限、首末日期相隔（天）。"""

    kind: Literal["asked", "elapsed", "limit", "between"]
    start: int
    end: int
    text: str
    amount: int


class AnalysisOut(BaseModel):
    """分析结果：由强到弱。只作提示，由人核实决定。"""

    id: str
    kind: str = Field(description="陈述性质")
    findings: list[FindingOut]
    ranked: list[list[str | float]] = Field(description="可能性最高的前五款，不论是否达到门槛")
    model: str = Field(description="模型版本")
    taxonomy: str = Field(description="条款版本")
    facts: list[FactOut] = Field(default=[], description="文中数字，只在有提示时出现")
    thin: bool = Field(default=False, description="资料不足：文字太少，只在为真时出现")


class ClauseOut(BaseModel):
    id: str
    category: str
    number: int
    title: str = Field(description="本系统所拟的短题")
    text: str = Field(description="方案原文")


class CategoryOut(BaseModel):
    id: str
    clauses: list[ClauseOut]


class SourceOut(BaseModel):
    document: str
    issuer: str
    date: str


class StageOut(BaseModel):
    title: str
    start: str
    end: str


class TaxonomyOut(BaseModel):
    """条款：类和款，以及出处。"""

    id: str
    title: str
    source: SourceOut
    stages: list[StageOut]
    categories: list[CategoryOut]


class ModelOut(BaseModel):
    """正在使用的模型。"""

    version: str
    taxonomy: str
    manifest: dict[str, Any]
    card: str = Field(description="模型说明，Markdown")


class StatusOut(BaseModel):
    status: str


class ErrorDetail(BaseModel):
    code: str = Field(description="固定的英文代码，供程序判断")
    message: str = Field(description="说明问题和办法")
    request_id: str


class ErrorOut(BaseModel):
    """一切出错都是这个样子。"""

    error: ErrorDetail
