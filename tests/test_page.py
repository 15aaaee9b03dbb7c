"""The page in a real browser, served by a real process.

HTML cannot carry three things, so the page replaces them before it analyses: CRLF and CR become LF
(a textarea sends CRLF for every line break), NUL and lone surrogates become U+FFFD.
"""

from __future__ import annotations

import http.client
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from selenium import webdriver
from selenium.webdriver import ActionChains, Keys
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.wait import WebDriverWait

from api.app import create_app
from api.settings import Settings
from classifier import Analysis, Document, Evidence, Finding, Model

ROOT = Path(__file__).resolve().parent.parent
CHROMIUM, DRIVER = Path("/usr/bin/chromium"), Path("/usr/bin/chromedriver")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--window-size=1280,1000",
]
OFFICE = "http://office.test"  # not loopback, so an insecure context, as on a real intranet
LETTER = (
    "我3月2日在县住建局窗口递交办证材料，窗口承诺20个工作日内办结，至今已超过三个月仍未办结，"
    "我多次打电话询问，工作人员爱答不理，一直没有答复。"
)
NASTY = [
    "<script>document.title='ran'</script><img src=x onerror=\"document.title='ran'\">",
    "&amp;&lt;b&gt;&#x4e00;&nbsp;&notit; & < > \" ' ` {{ 7*7 }} {% raw %}",
    "</textarea></mark></div></body></html><!-- --><![CDATA[ ]]>",
    "\n\n开头空行\n\t制表\n  两格   三格\n末尾空行\n\n",
    "行分隔\u2028段分隔\u2029下一行\x85换页\x0c响铃\x07退格\x08删除\x7f",
    "右到左\u202e覆盖\u202c隔离\u2067里面\u2069零宽\u200b\u200d\ufeff软连字\xad",
    "𠮷家 👨‍👩‍👧 é é \ufffe\uffff \U0010ffff",
    "javascript:document.title='ran' \" onmouseover=\"document.title='ran'\" x=\"",
]


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """A service process on a free port of this machine."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)])}
    command = [sys.executable, "-m", "api", "--port", "0"]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stderr is not None
        greeting = process.stderr.readline()
        started = re.search(r"http://127\.0\.0\.1:(\d+)/", greeting)
        assert started, greeting
        yield int(started[1])
    finally:
        process.terminate()
        process.communicate(timeout=10)


def browser(profile: Path, script: bool = True) -> WebDriver:
    """A fresh Chromium; without one, CI fails and a developer's run skips."""
    if not (CHROMIUM.exists() and DRIVER.exists()):
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)("没有 chromium 和 chromium-driver")
    options = webdriver.ChromeOptions()
    options.binary_location = str(CHROMIUM)
    rules = "--host-resolver-rules=MAP office.test 127.0.0.1"
    for flag in [*FLAGS, f"--user-data-dir={profile}", rules]:
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    if not script:
        rule = {"profile.managed_default_content_settings.javascript": 2}
        options.add_experimental_option("prefs", rule)
    return webdriver.Chrome(options=options, service=Service(str(DRIVER)))


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebDriver]:
    driver = browser(tmp_path_factory.mktemp("profile"))
    yield driver
    driver.quit()


@pytest.fixture(scope="module")
def scriptless(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebDriver]:
    driver = browser(tmp_path_factory.mktemp("profile"), script=False)
    yield driver
    driver.quit()


@pytest.fixture
def page(chromium: WebDriver, port: int) -> WebDriver:
    """The empty page, as a colleague's machine sees it, with the logs of earlier tests put away."""
    chromium.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    chromium.get_log("browser")
    chromium.get_log("performance")
    chromium.get(f"{OFFICE}:{port}/")
    return chromium


def paste(page: WebDriver, text: str) -> None:
    page.execute_script("document.getElementById('text').value = arguments[0]", text)


def submit(page: WebDriver) -> None:
    page.find_element(By.CSS_SELECTOR, "#form button").click()
    wait_for(page, "#result")


def wait_for(page: WebDriver, selector: str) -> WebElement:
    found: WebElement = WebDriverWait(page, 10).until(lambda d: d.find_element(By.CSS_SELECTOR, selector))
    return found


def all_of(page: WebDriver, selector: str) -> list[WebElement]:
    return page.find_elements(By.CSS_SELECTOR, selector)


def text_content(page: WebDriver, selector: str) -> str:
    text: str = page.execute_script("return document.querySelector(arguments[0]).textContent", selector)
    return text


def test_a_letter_becomes_cards_with_clause_wording_probability_and_sentence(page: WebDriver) -> None:
    paste(page, LETTER)
    submit(page)
    card = next(card for card in all_of(page, ".card") if "超时办结" in card.text)
    for words in ("慢作为 · 第 4 款", "可能性", "%", "对有明确办理时限的事项，未严格执行限时办结制度的"):
        assert words in card.text
    assert card.find_element(By.CSS_SELECTOR, ".quotes a").text in LETTER
    assert (
        "工作实施方案解读稿》，县人民政府办公室，2022年2月25日"
        in page.find_element(By.CSS_SELECTOR, ".source").text
    )
    assert "由人核实决定" in page.find_element(By.TAG_NAME, "footer").text


def test_numbers_lead_from_the_mark_to_its_card_and_sentences_back(page: WebDriver) -> None:
    paste(page, LETTER)
    submit(page)
    quote = page.find_element(By.CSS_SELECTOR, ".card .quotes a")
    quote.click()
    mark = wait_for(page, "mark:target")
    assert text_content(page, "mark:target") in LETTER
    number = mark.find_element(By.CSS_SELECTOR, "sup a")
    number.click()
    assert wait_for(page, ".card:target").get_attribute("id") == f"card{number.get_attribute('data-number')}"


def test_nothing_found_is_said_calmly(page: WebDriver) -> None:
    paste(page, "感谢县医保局窗口的同志，上午交的材料下午就办好了，态度也很好。")
    submit(page)
    assert page.find_element(By.ID, "found").text == "未见所列情形"
    assert "不表示没有问题" in page.find_element(By.CSS_SELECTOR, ".summary").text
    assert not all_of(page, "mark, .card, .ledger")


def test_a_text_too_short_to_judge_is_called_that(page: WebDriver) -> None:
    paste(page, "你好")
    submit(page)
    assert page.find_element(By.ID, "found").text == "资料不足"


@pytest.mark.parametrize("nasty", NASTY)
def test_the_browser_sees_the_text_that_was_sent_and_nothing_else(page: WebDriver, nasty: str) -> None:
    text = f"{nasty}{LETTER}{nasty}"
    paste(page, text)
    submit(page)
    assert text_content(page, "#marked") == text
    assert page.execute_script("return document.getElementById('text').value") == text
    assert all_of(page, "mark")
    assert_only_ours(page)


def assert_only_ours(page: WebDriver) -> None:
    """No element, attribute or script in the marked text but those of our own making."""
    inside = "return Array.from(document.querySelectorAll('#marked *'), e => e.tagName + '.' + e.parentNode.tagName)"
    assert set(page.execute_script(inside)) <= {"SPAN.DIV", "MARK.DIV", "SUP.MARK", "A.SUP"}
    assert page.title == "研判结果 · 作风线索研判"
    assert not all_of(page, "main img, main script, main [onmouseover], main [onerror]")


def test_what_html_cannot_carry_is_replaced_before_the_analysis(page: WebDriver) -> None:
    paste(page, f"甲\0乙\r\n丙\r丁？{LETTER}")
    page.execute_script("var b = document.getElementById('text'); b.value = b.value.replace('？', '\\ud800')")
    submit(page)
    assert text_content(page, "#marked") == f"甲\ufffd乙\n丙\n丁\ufffd{LETTER}"
    assert_only_ours(page)


@dataclass
class Spotted:
    """The shipped model's scheme with evidence that we choose."""

    real: Model
    spans: dict[str, list[tuple[int, int]]]

    def __getattr__(self, name: str) -> Any:
        return getattr(self.real, name)

    def analyse(self, document: Document) -> Analysis:
        findings = tuple(
            Finding(clause, clause.split("/")[0], 0.9, "suspect", 1.0, 0.0, 0.0, _evidence(spans))
            for clause, spans in self.spans.items()
        )
        return Analysis(document.id, "投诉举报", findings, (), self.real.version, self.real.taxonomy.id)


def _evidence(spans: list[tuple[int, int]]) -> tuple[Evidence, ...]:
    return tuple(Evidence(a, b, 1.0) for a, b in spans)


def test_marks_may_begin_and_end_inside_anything(chromium: WebDriver, tmp_path: Path) -> None:
    text = "".join(NASTY)
    half = len(text) // 2
    spans = {
        "慢作为/4": [(i, i + 5) for i in range(0, half, 7)],
        "不作为/5": [(3, half)],
        "官僚作风/1": [(half - 9, len(text))],
    }
    client = TestClient(create_app(Spotted(Model.load(), spans), Settings()))  # type: ignore[arg-type]
    file = tmp_path / "page.html"
    file.write_bytes(client.post("/", data={"text": text}).content)
    chromium.get(file.as_uri())
    assert text_content(chromium, "#marked") == text
    first = "return document.querySelector('.quotes a').textContent"
    assert chromium.execute_script(first) == text[0:5]
    assert text_content(chromium, ".card:nth-of-type(3) .quotes a") == text[half - 9 :]
    assert_only_ours(chromium)


def test_the_ledger_row_is_copied_on_plain_http(page: WebDriver) -> None:
    paste(page, LETTER)
    submit(page)
    assert page.execute_script("return [window.isSecureContext, navigator.clipboard]") == [False, None]
    button = page.find_element(By.CSS_SELECTOR, ".card button.copy")
    button.click()
    message = button.find_element(By.XPATH, "following-sibling::*")
    assert message.text == "已复制 1 行，可粘贴到台账。"
    box = page.find_element(By.ID, "text")
    box.clear()
    box.send_keys(Keys.CONTROL, "v")
    category, clause, *_, sentence = box.get_attribute("value").split("\t")  # type: ignore[union-attr]
    assert f"{category} · {clause.split(' ')[0][0]}" in page.find_element(By.CSS_SELECTOR, ".card").text
    assert sentence
    assert sentence.split(" ")[0] in LETTER


def test_where_copying_is_forbidden_the_rows_are_selected(page: WebDriver) -> None:
    paste(page, LETTER)
    submit(page)
    page.execute_script("document.execCommand = function () { return false; }")
    page.find_element(By.CSS_SELECTOR, ".card button.copy").click()
    chosen = "var a = document.activeElement; return [a.id, a.value.slice(a.selectionStart, a.selectionEnd)]"
    rows = text_content(page, "#rows")
    assert rows
    assert page.execute_script(chosen) == ["rows", rows]
    assert "请按 Ctrl+C" in page.find_element(By.CSS_SELECTOR, ".card .message").text


def test_the_keyboard_is_enough(page: WebDriver) -> None:
    press(page, Keys.TAB)
    assert focused(page)["text"] == "跳到正文"
    press(page, Keys.ENTER)
    press(page, *LETTER)
    page.switch_to.active_element.send_keys(Keys.CONTROL, Keys.ENTER)
    wait_for(page, "#result")
    assert focused(page)["id"] == "result"
    press(page, Keys.TAB)
    number = focused(page)
    assert number["href"].startswith("#card")
    assert number["outline"] == "solid"
    press(page, Keys.ENTER)
    assert wait_for(page, ".card:target")
    press(page, Keys.TAB)
    assert focused(page)["href"].startswith("#t")


def press(page: WebDriver, *keys: str) -> None:
    ActionChains(page, duration=0).send_keys("".join(keys)).perform()


def focused(page: WebDriver) -> dict[str, str]:
    script = """var e = document.activeElement;
        return {id: e.id, text: e.textContent, href: e.getAttribute('href') || '',
                outline: getComputedStyle(e).outlineStyle};"""
    found: dict[str, str] = page.execute_script(script)
    return found


def test_clearing_empties_the_box_and_can_be_undone(page: WebDriver) -> None:
    paste(page, LETTER)
    submit(page)
    page.find_element(By.ID, "clear").click()
    box = page.find_element(By.ID, "text")
    assert box.get_attribute("value") == ""
    assert not all_of(page, "#result")
    box.send_keys(Keys.CONTROL, "z")
    assert box.get_attribute("value") == LETTER


def test_an_empty_box_is_answered_on_the_spot(page: WebDriver) -> None:
    page.find_element(By.CSS_SELECTOR, "#form button").click()
    assert page.find_element(By.ID, "waiting").text == "请先粘贴要研判的文字。"


def test_the_sample_letter_is_judged_without_javascript(scriptless: WebDriver, port: int) -> None:
    scriptless.get(f"{OFFICE}:{port}/")
    scriptless.find_element(By.ID, "sample").click()
    submit(scriptless)
    assert not all_of(scriptless, ".scripted")
    assert all_of(scriptless, ".card")
    assert all_of(scriptless, "mark")
    assert not [button for button in all_of(scriptless, "button.copy") if button.is_displayed()]
    scriptless.find_element(By.CSS_SELECTOR, ".ledger summary").click()
    assert scriptless.find_element(By.ID, "rows").is_displayed()
    scriptless.find_element(By.ID, "clear").click()
    assert scriptless.find_element(By.ID, "text").get_attribute("value") == ""


@pytest.mark.parametrize("path", ["/?sample=1", "/docs"])
def test_no_page_complains_or_asks_another_host(page: WebDriver, port: int, path: str) -> None:
    page.get(f"{OFFICE}:{port}{path}")
    if path == "/docs":
        assert "/v1/analyse" in wait_for(page, ".opblock-post").text
    else:
        submit(page)
    assert page.get_log("browser") == []
    asked = requested(page)
    assert len(asked) >= 4
    assert not [url for url in asked if not url.startswith((f"{OFFICE}:{port}/", "data:"))]


def requested(page: WebDriver) -> list[str]:
    events = [json.loads(entry["message"])["message"] for entry in page.get_log("performance")]
    return [e["params"]["request"]["url"] for e in events if e["method"] == "Network.requestWillBeSent"]


@pytest.mark.parametrize(("width", "side_by_side"), [(360, False), (1024, True), (1440, True)])
def test_the_page_fits_a_phone_and_a_desk(page: WebDriver, width: int, side_by_side: bool) -> None:
    screen = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": width < 600}
    page.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
    paste(page, LETTER + "长" * 300 + "a" * 300)
    submit(page)
    assert page.execute_script("return document.documentElement.scrollWidth") <= width
    paper, cards = (page.find_element(By.CSS_SELECTOR, s).rect for s in (".paper", ".cards"))
    assert (cards["x"] >= paper["x"] + paper["width"]) == side_by_side
    assert (cards["y"] >= paper["y"] + paper["height"]) != side_by_side


def test_the_printed_page_has_text_and_cards_but_no_form(page: WebDriver) -> None:
    paste(page, LETTER)
    submit(page)
    page.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    try:
        shown = {
            s: page.find_element(By.CSS_SELECTOR, s).is_displayed() for s in (".card", "#marked", "#form")
        }
    finally:
        page.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
    assert shown == {".card": True, "#marked": True, "#form": False}


@pytest.mark.parametrize("chunked", [False, True])
def test_the_real_server_refuses_a_huge_body_and_the_caller_hears_why(port: int, chunked: bool) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    body = b'{"text": "' + b"a" * (9 * 1024 * 1024) + b'"}'
    parts = (body[i : i + 65536] for i in range(0, len(body), 65536))
    headers = {"Content-Type": "application/json"}
    if chunked:
        connection.request("POST", "/v1/analyse", parts, headers, encode_chunked=True)
    else:
        connection.request("POST", "/v1/analyse", body, headers)
    response = connection.getresponse()
    assert response.status == 413
    assert json.loads(response.read())["error"]["code"] == "too_large"
