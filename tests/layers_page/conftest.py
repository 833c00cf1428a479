"""A real browser without a window, and pages opened in it. Where there is none, these tests fail and say what to install."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_FLAGS = (
    "--headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking --disable-component-update "
    "--disable-sync"
).split()
PHONE = (360, 740)


def _chromium() -> str:
    named = os.environ.get("DSLIM_CHROMIUM")
    for name in [named] if named else _NAMES:
        if found := shutil.which(name):
            return found
    pytest.fail(
        "no Chromium: the pages are tested in a real one. Install it (Debian: apt-get install chromium), "
        "or name it in DSLIM_CHROMIUM.",
        pytrace=False,
    )


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for a module's tests."""
    executable = _chromium()
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=executable, args=_FLAGS)
        yield started
        started.close()


class Opened(NamedTuple):
    """A page in the browser, and what it did that a page should not do."""

    page: Page
    said: list[str]  # console messages and errors of scripts
    asked: list[str]  # addresses that were requested, the page itself not among them

    def boxes(self, name: str) -> Any:
        """The boxes of the map that have this name on them."""
        return self.page.locator(".box", has=self.page.get_by_text(name, exact=True))

    def expect_way(self, *names: str) -> None:
        """Wait until these are the names from the image to what the map shows: a click is answered a task later."""
        expect(self.page.locator("#way li")).to_have_text(names)

    def go(self, address: str) -> None:
        """Follow an address within the page, which is not the one that is shown, until the page has answered it."""
        self.page.evaluate(
            """address => new Promise((answered) => {
              addEventListener("hashchange", answered, { once: true });
              location.hash = address;
            })""",
            address,
        )

    def focused(self) -> str:
        """What a screen reader says of the element that has the keyboard."""
        said = self.page.evaluate("document.activeElement.getAttribute('aria-label') || document.activeElement.id")
        assert isinstance(said, str)
        return said


Open = Callable[..., Opened]


@pytest.fixture
def opened(browser: Browser, tmp_path: Path) -> Iterator[Open]:
    """Opens HTML as a file. ``fragment`` is the address within the page; all else goes to the browser's context.

    When the test is over, no page may have said anything in the console or asked for anything but itself.
    """
    pages: list[Opened] = []

    def _open(html: str, fragment: str = "", size: tuple[int, int] = (1280, 900), **context: Any) -> Opened:
        file = tmp_path / f"page-{len(pages)}.html"
        file.write_text(html, encoding="utf-8")
        width, height = size
        options = {"reduced_motion": "reduce", "viewport": {"width": width, "height": height}, **context}
        page = browser.new_context(**options).new_page()
        found = Opened(page, [], [])
        page.on("console", lambda message: found.said.append(message.text))
        page.on("pageerror", lambda error: found.said.append(str(error)))
        page.on("request", lambda request: found.asked.append(request.url))
        page.goto(file.as_uri() + fragment)
        assert found.asked.pop(0).startswith(file.as_uri())
        pages.append(found)
        return found

    yield _open
    for each in pages:
        each.page.context.close()
    for each in pages:
        assert each.said == []
        assert each.asked == []


@pytest.fixture
def keep(tmp_path: Path) -> Callable[[Page, str], Path]:
    """Keeps a picture of a whole page: in the folder DSLIM_SCREENSHOTS, else among the test's temporary files."""
    folder = Path(os.environ.get("DSLIM_SCREENSHOTS") or tmp_path)

    def _keep(page: Page, name: str) -> Path:
        folder.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=folder / f"{name}.png", full_page=True)
        return folder / f"{name}.png"

    return _keep
