"""The HTML report in a browser: what it shows, what it runs, what it asks for."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import ROOT
from sample_report import HOSTILE, sample
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select, WebDriverWait

from qantar.model import Finding, NotChecked, Report
from qantar.reports import html
from qantar.reports.wording import WIDEST, visible

MANY = 100_000

SWITCHES = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

Open = Callable[[str], webdriver.Chrome]


def start(folder: Path, **preferences: int) -> webdriver.Chrome:
    """A browser that keeps a log of its console and of what it asks the network for."""
    programs = [shutil.which(one) for one in ("chromium", "chromedriver")]
    if None in programs:
        if os.environ.get("CI") == "true":
            pytest.fail("chromium and chromedriver are missing, and CI must have them")
        pytest.skip("chromium or chromedriver is missing")
    options = webdriver.ChromeOptions()
    options.binary_location = str(programs[0])
    for switch in (*SWITCHES, f"--user-data-dir={folder}"):
        options.add_argument(switch)
    options.add_experimental_option("prefs", preferences)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    return webdriver.Chrome(options, webdriver.ChromeService(str(programs[1])))


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    driver = start(tmp_path_factory.mktemp("profile"))
    yield driver
    driver.quit()


@pytest.fixture
def opened(browser: webdriver.Chrome, tmp_path: Path) -> Open:
    """Opens a page from a file; its logs begin with it."""

    def get(text: str) -> webdriver.Chrome:
        file = tmp_path / "report.html"
        file.write_text(text, encoding="utf-8")
        for kind in ("browser", "performance"):
            log(browser, kind)
        browser.get(file.as_uri())
        return browser

    return get


def log(driver: webdriver.Chrome, kind: str) -> list[dict[str, str]]:
    """A log since it was last read: `browser` is the console, `performance` has the network."""
    return list(driver.get_log(kind))  # type: ignore[no-untyped-call]


def asked(driver: webdriver.Chrome) -> set[str]:
    """The addresses that a page asked for, without its own."""
    events = [json.loads(one["message"])["message"] for one in log(driver, "performance")]
    urls = {one["params"]["request"]["url"] for one in events if one["method"] == "Network.requestWillBeSent"}
    assert driver.current_url in urls
    return urls - {driver.current_url}


def rows(driver: webdriver.Chrome) -> list[str]:
    return [one.text for one in driver.find_elements(By.CSS_SELECTOR, "#rows tr")]


def status(driver: webdriver.Chrome) -> str:
    return driver.find_element(By.ID, "status").text


def wait(driver: webdriver.Chrome, said: str) -> None:
    WebDriverWait(driver, 30).until(lambda one: status(one) == said, f"status {said!r}")


def many(number: int = MANY) -> str:
    """A page of so many findings, in two files."""
    report = Report("datapackage.json", number, checked=["a.csv", "b.csv"], paths={"a": "a.csv", "b": "b.csv"})
    for name in "ab":
        one = Finding("type-error", "The cell is not an integer.", f"{name}.csv", name, field="n")
        report.add(name, [replace(one, row=row, value=f"v{row}") for row in range(2, number // 2 + 2)], {})
    return html.render(report)


def test_a_hundred_thousand_findings_are_read_filtered_and_paged(opened: Open) -> None:
    driver = opened(many())
    assert status(driver) == "1\u2013200 of 100,000 findings"
    assert len(rows(driver)) == 200
    driver.find_element(By.CSS_SELECTOR, "#pager button[value='1']").click()
    assert status(driver) == "201\u2013400 of 100,000 findings"
    driver.find_element(By.NAME, "text").send_keys("V4999")
    wait(driver, "22 findings, filtered from 100,000")
    Select(driver.find_element(By.NAME, "path")).select_by_visible_text("b.csv")
    wait(driver, "11 findings, filtered from 100,000")
    assert all(re.search(r"b\.csv:4999\d?\s", one) for one in rows(driver))
    Select(driver.find_element(By.NAME, "severity")).select_by_visible_text("error")
    driver.find_element(By.NAME, "text").clear()
    driver.find_element(By.NAME, "text").send_keys("nothing like it")
    wait(driver, "0 findings, filtered from 100,000")
    assert log(driver, "browser") == []
    assert asked(driver) <= {"data:,"}


def test_the_filters_find_what_the_page_prints(opened: Open) -> None:
    """A path with two spaces, a place; and files whose long paths differ at their ends alone are two."""
    paths = ["a  b.csv", *(f"{'x' * WIDEST}{end}.csv" for end in "yz")]
    report = Report("datapackage.json", checked=paths, paths=dict(zip("abc", paths, strict=True)))
    for name, path in report.paths.items():
        report.add(
            name, [Finding("type-error", "A fault.", path, name, row=row, value="y" * 110) for row in (2, 3)], {}
        )
    driver = opened(html.render(report))
    assert len(driver.find_elements(By.CSS_SELECTOR, "[aria-label='Findings by resource'] tbody tr")) == 4
    Select(driver.find_element(By.NAME, "path")).select_by_index(1)
    wait(driver, "2 findings, filtered from 6")
    driver.find_element(By.NAME, "text").send_keys("B.csv:2")
    wait(driver, "1 finding, filtered from 6")


@pytest.mark.parametrize("width", [1200, 800, 400])
def test_nothing_widens_the_page(width: int, opened: Open, browser: webdriver.Chrome) -> None:
    report = Report("datapackage.json", checked=["a.csv"], paths={"a": "a.csv"})
    report.not_checked.append(NotChecked("z" * WIDEST, "z" * WIDEST))
    report.add("a", [Finding("type-error", "A fault.", "a.csv", "a", row=2, value="y" * 110, expected="z" * 110)], {})
    browser.set_window_size(width, 800)
    driver = opened(html.render(report))
    within = (
        "const right = (one) => one.getBoundingClientRect().right + 1;"
        "return document.documentElement.scrollWidth <= innerWidth && [...document.querySelectorAll('dd')].every("
        "(one) => one.scrollWidth <= one.clientWidth + 1 && right(one) <= right(one.closest('dl')) + 1)"
    )
    assert driver.execute_script(within)
    browser.set_window_size(1200, 800)


def test_the_golden_page_shows_hostile_cells_and_runs_none(opened: Open) -> None:
    driver = opened((ROOT / "tests" / "golden" / "report.html").read_text(encoding="utf-8"))
    assert driver.title.startswith("datapackage.json: 3 resources checked, 2 not checked; 2,067 errors")
    assert status(driver) == "30 findings, examples of 2,068"
    driver.find_element(By.NAME, "text").send_keys("notes with space")
    wait(driver, "12 findings, filtered from 30, examples of 2,068")
    for shown, text in zip(rows(driver), HOSTILE, strict=True):
        assert re.sub(r"\s+", " ", visible(text)).strip() in re.sub(r"\s+", " ", shown)
    assert log(driver, "browser") == []
    assert asked(driver) <= {"data:,"}


def test_the_policy_stops_a_script_that_is_not_the_page_s_own(opened: Open) -> None:
    spoilt = html.render(sample()).replace("</main>", "<script>document.title = 'owned'</script></main>")
    driver = opened(spoilt)
    assert driver.title != "owned"
    assert any("Content Security Policy" in one["message"] for one in log(driver, "browser"))


def test_without_scripts_the_first_findings_are_there(tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    file.write_text(many(), encoding="utf-8")
    driver = start(tmp_path / "profile", **{"profile.managed_default_content_settings.javascript": 2})
    try:
        driver.get(file.as_uri())  # without scripts, it does not wait for the whole page
        WebDriverWait(driver, 60).until(lambda one: one.find_elements(By.TAG_NAME, "footer"))
        assert len(driver.find_elements(By.CSS_SELECTOR, "#rows tr")) == html.FIRST
        assert status(driver) == "The first 500 of 100,000; with scripts switched on, this page shows them all."
        assert not driver.find_element(By.ID, "filter").is_displayed()
    finally:
        driver.quit()


def test_every_control_has_a_label_and_can_be_reached_by_keyboard(opened: Open) -> None:
    driver = opened(many(300))
    controls = driver.find_elements(By.CSS_SELECTOR, "select, input, button")
    assert len(controls) == 6
    assert all(one.accessible_name for one in controls)
    assert all(one.get_attribute("scope") for one in driver.find_elements(By.TAG_NAME, "th"))
    driver.switch_to.active_element.send_keys("\ue004")
    assert driver.switch_to.active_element.text == "Skip to the findings"


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("ink", ["ink", "soft", "error", "warning", "focus"])
def test_contrast(scheme: int, ink: str) -> None:
    colours = re.findall(r"--(\w+): #(\w+);", html.part("page.css").split(":root {")[scheme + 1])
    palette = {name: luminance(code) for name, code in colours}
    for ground in ("paper", "wash"):
        darker, lighter = sorted((palette[ink], palette[ground]))
        assert (lighter + 0.05) / (darker + 0.05) >= 4.5  # WCAG 2.2, 1.4.3


def luminance(code: str) -> float:
    """The relative luminance of a colour, as WCAG defines it."""
    whole = code if len(code) == 6 else "".join(one * 2 for one in code)
    parts = [int(whole[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
