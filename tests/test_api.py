"""The HTTP interface: one shape of answer, one shape of error, and nobody's text anywhere else."""

from __future__ import annotations

import asyncio
import json
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

import api
from api.app import create_app
from api.schemas import AnalyseIn, AnalysisOut, ModelOut, TaxonomyOut
from api.settings import Settings
from classifier import Analysis, Document, Model, render

CANARY = "金丝雀李四口令7391"
LETTER = (
    "我3月2日在县住建局窗口递交办证材料，窗口承诺20个工作日内办结，至今已超过三个月仍未办结，"
    "我多次打电话询问，工作人员爱答不理，一直没有答复。"
)
SMALL = Settings(body_limit=4000, inline=50)


@pytest.fixture
def client(model: Model) -> TestClient:
    return TestClient(create_app(model))


@pytest.fixture
def small(model: Model) -> TestClient:
    return TestClient(create_app(model, SMALL))


@dataclass
class Broken:
    """A model whose failure would quote the text, and which notes whether it runs in the event loop."""

    real: Model
    fails: bool = False
    in_loop: list[bool] = field(default_factory=list)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.real, name)

    def analyse(self, document: Document) -> Analysis:
        if self.fails:
            raise ValueError(document.text)
        self.in_loop.append(_is_loop_running())
        return self.real.analyse(document)


def _is_loop_running() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def post(client: TestClient, **item: Any) -> Any:
    return client.post("/v1/analyse", json=item)


def error_of(response: Any) -> tuple[int, str]:
    """Status and code, once the whole shape is as promised."""
    error = response.json()["error"]
    assert set(response.json()) == {"error"}
    assert set(error) == {"code", "message", "request_id"}
    assert re.search("[一-龥]{4}", error["message"])
    assert error["request_id"] == response.headers["x-request-id"]
    assert response.headers["cache-control"] == "no-store"
    return response.status_code, error["code"]


def test_a_letter_is_answered_as_the_library_answers_it(client: TestClient, model: Model) -> None:
    response = post(client, id="信-1", text=LETTER)
    assert response.status_code == 200
    assert response.json() == render.as_dict(model.analyse(Document("信-1", LETTER)), LETTER)
    assert "慢作为/4" in [finding["clause"] for finding in response.json()["findings"]]


def test_evidence_points_into_the_text_as_it_was_sent(client: TestClient) -> None:
    text = f"😀𠮷\r\n{LETTER}"
    spans = [span for finding in post(client, text=text).json()["findings"] for span in finding["evidence"]]
    assert spans
    assert all(text[span["start"] : span["end"]] == span["text"] for span in spans)


def test_praise_has_no_finding(client: TestClient) -> None:
    assert post(client, text="感谢县医保局窗口的同志，上午交的材料下午就办好了。").json()["findings"] == []


def test_answers_are_what_the_openapi_pages_say(client: TestClient) -> None:
    AnalysisOut.model_validate(post(client, text=LETTER).json(), extra="forbid")
    TaxonomyOut.model_validate(client.get("/v1/taxonomy").json(), extra="forbid")
    ModelOut.model_validate(client.get("/v1/model").json(), extra="forbid")


def test_the_taxonomy_is_the_models_own(client: TestClient, model: Model) -> None:
    categories = client.get("/v1/taxonomy").json()["categories"]
    clauses = [(clause["id"], clause["text"]) for category in categories for clause in category["clauses"]]
    assert clauses == [(clause.id, clause.text) for clause in model.taxonomy.clauses]


def test_the_model_says_which_it_is(client: TestClient, model: Model) -> None:
    info = client.get("/v1/model").json()
    assert (info["version"], info["taxonomy"], info["card"]) == (model.version, model.taxonomy.id, model.card)


def test_a_process_says_that_it_lives_and_is_ready(client: TestClient) -> None:
    assert client.get("/livez").json() == {"status": "ok"}
    assert client.get("/readyz").json() == {"status": "ready"}


@pytest.mark.parametrize("text", ["", "  \n\u3000"])
def test_an_empty_text_is_refused_in_chinese(client: TestClient, text: str) -> None:
    response = post(client, text=text)
    assert error_of(response) == (422, "empty_text")
    assert "文字为空" in response.json()["error"]["message"]


BAD_BODIES = {
    "cut JSON": (b'{"text": "' + CANARY.encode(), 400, "invalid_json"),
    "GBK": (f'{{"text": "{CANARY}"}}'.encode("gbk"), 400, "unreadable_body"),
    "nested too deep": (b"[" * 200_000, 400, "unreadable_body"),
    "nothing": (b"", 422, "missing_text"),
    "no text": (f'{{"{CANARY}": 1}}'.encode(), 422, "missing_text"),
    "not an object": (json.dumps([CANARY]).encode(), 422, "missing_text"),
    "text not a string": (json.dumps({"text": [CANARY]}).encode(), 422, "invalid_request"),
    "id too long": (json.dumps({"text": "好", "id": CANARY * 50}).encode(), 422, "invalid_request"),
    "id not a string": (json.dumps({"text": "好", "id": {CANARY: 1}}).encode(), 422, "invalid_request"),
}


@pytest.mark.parametrize("name", BAD_BODIES)
def test_a_bad_body_is_refused_and_never_echoed(
    client: TestClient, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    caplog.set_level(logging.DEBUG)
    body, status, code = BAD_BODIES[name]
    response = client.post("/v1/analyse", content=body, headers={"Content-Type": "application/json"})
    assert error_of(response) == (status, code)
    assert_no_canary(response.text, caplog)


def assert_no_canary(body: str, caplog: pytest.LogCaptureFixture) -> None:
    logged = [record for record in caplog.records if record.name == "api"]
    assert logged, "the service logs each request, so there is something to search"
    assert CANARY not in body
    assert CANARY not in caplog.text
    assert "%E9%87%91" not in body + caplog.text


def test_an_unknown_address_and_a_wrong_method_have_the_same_shape(
    client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="api")
    missing = client.get(f"/v1/{CANARY}?text={CANARY}")
    wrong = client.put("/v1/analyse", content=CANARY.encode())
    assert error_of(client.post("/docs")) == (405, "method_not_allowed")
    assert error_of(missing) == (404, "not_found")
    assert error_of(wrong) == (405, "method_not_allowed")
    assert wrong.headers["allow"] == "POST"
    assert_no_canary(missing.text + wrong.text, caplog)


def test_a_failure_inside_is_a_500_that_tells_and_logs_no_text(
    model: Model, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    client = TestClient(create_app(Broken(model, fails=True)))  # type: ignore[arg-type]
    response = post(client, text=CANARY)
    assert error_of(response) == (500, "internal_error")
    assert "ValueError at " in caplog.text
    assert_no_canary(response.text + "".join(capfd.readouterr()), caplog)


def test_a_body_that_declares_itself_too_large_is_refused(small: TestClient) -> None:
    assert error_of(post(small, text="长" * 4000)) == (413, "too_large")


def test_a_body_that_grows_too_large_is_refused(small: TestClient) -> None:
    def chunks() -> Iterator[bytes]:
        yield b'{"text": "'
        for _ in range(50):
            yield b"a" * 100
        yield b'"}'

    response = small.post("/v1/analyse", content=chunks(), headers={"Content-Type": "application/json"})
    assert error_of(response) == (413, "too_large")


def test_a_body_of_just_the_limit_is_read(small: TestClient) -> None:
    frame = len('{"text": ""}')
    body = json.dumps({"text": "a" * (SMALL.body_limit - frame)}).encode()
    assert len(body) == SMALL.body_limit
    assert small.post("/v1/analyse", content=body, headers={"Content-Type": "application/json"}).is_success
    assert error_of(small.post("/v1/analyse", content=body + b" ")) == (413, "too_large")


def test_half_a_surrogate_pair_is_read_as_the_replacement_character(client: TestClient, model: Model) -> None:
    body = json.dumps({"id": "\udc00", "text": f"\ud800{LETTER}"}).encode()
    response = client.post("/v1/analyse", content=body, headers={"Content-Type": "application/json"})
    seen = f"\ufffd{LETTER}"
    assert response.json() == render.as_dict(model.analyse(Document("\ufffd", seen)), seen)


def test_the_page_analyses_the_line_breaks_that_a_browser_shows(client: TestClient) -> None:
    page = client.post("/", data={"text": f"甲\r\n乙\r丙{LETTER}"}).text
    assert "\r" not in page
    assert "甲\n乙\n丙" in page


def test_no_text_is_analysed_with_half_a_surrogate_pair_in_it() -> None:
    item = AnalyseIn.model_validate({"id": "\udc00", "text": "\ud800办"})
    assert (item.id, item.text) == ("\ufffd", "\ufffd办")


def test_short_texts_run_in_the_event_loop_and_long_ones_beside_it(model: Model) -> None:
    noted = Broken(model)
    client = TestClient(create_app(noted, SMALL))  # type: ignore[arg-type]
    for text in ("短" * 50, "长" * 51):
        assert post(client, text=text).is_success
    assert noted.in_loop == [True, False]


def test_every_answer_carries_the_security_headers(client: TestClient) -> None:
    for path in ("/", "/docs", "/v1/model", "/nowhere"):
        headers = client.get(path).headers
        assert headers["content-security-policy"].startswith("default-src 'self'; ")
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["cache-control"] == "no-store"


def test_static_files_may_be_kept_by_the_browser(client: TestClient) -> None:
    for path in ("/static/page.css", "/static/page.js", "/docs/assets/swagger-ui.css"):
        response = client.get(path)
        assert (response.status_code, response.headers["cache-control"]) == (200, "no-cache")


def test_the_openapi_pages_come_from_this_machine(client: TestClient) -> None:
    page = client.get("/docs").text
    assets = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert assets
    assert all(asset.startswith("/") and client.get(asset).is_success for asset in assets)
    schema = client.get("/openapi.json").json()
    assert schema["openapi"].startswith("3.0.")
    assert set(schema["paths"]) == {"/v1/analyse", "/v1/taxonomy", "/v1/model", "/livez", "/readyz"}


def test_the_log_names_the_route_and_the_status(client: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, logger="api")
    response = post(client, id="信-1", text=LETTER)
    (line,) = [record.getMessage() for record in caplog.records if record.name == "api"]
    assert line.startswith(f"{response.headers['x-request-id']} POST /v1/analyse 200 ")


@pytest.mark.parametrize(
    ("body", "status", "message"),
    [
        (b"text=", 422, "文字为空"),
        (b"words=a", 400, "表单内容读不出来"),
        (f"text={CANARY}".encode(), 400, "表单内容读不出来"),
        (b"text=" + b"a" * 4000, 413, "内容过长"),
    ],
)
def test_the_page_says_what_is_wrong_with_a_form(
    small: TestClient, body: bytes, status: int, message: str
) -> None:
    response = small.post("/", content=body, headers={"Content-Type": "application/x-www-form-urlencoded"})
    assert response.status_code == status
    assert response.headers["content-type"].startswith("text/html")
    assert message in response.text
    assert response.headers["x-request-id"] in response.text
    assert CANARY not in response.text


def test_the_service_never_speaks_of_a_verdict() -> None:
    """What it says of its own; the scheme's wording comes from the taxonomy."""
    folder = Path(api.__file__).parent
    ours = [*folder.rglob("*.html"), *folder.rglob("*.js"), *folder.rglob("*.py"), Path(render.__file__)]
    texts = {path.name: path.read_text(encoding="utf-8") for path in ours}
    assert {"page.html", "result.html", "page.js", "render.py"} <= set(texts)
    assert not [name for name, text in texts.items() if re.search("认定|违规|判定|嫌疑人", text)]
