"""The page of `dslim layers` as a person meets it, in a real browser."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Position, expect

from dslim.images.image import Image
from dslim.images.source import open_image
from dslim.layers.analysis import analyse
from dslim.layers.page import render
from tests.images.made import directory, file, layer, save, symlink, whiteout
from tests.layers_page import made
from tests.layers_page.conftest import PHONE, Open, Opened

HEAD: Position = {"x": 12, "y": 8}  # where an open box has its name; below lie the boxes in it
MADE: dict[str, Callable[[], tuple[Image, dict[str, object]]]] = {
    "shop": made.shop,
    "large": functools.partial(made.large, 100_000),
    "hostile": made.hostile,
}


@functools.cache
def html(name: str) -> str:
    return render(*MADE[name]())


def _used(opened: Opened) -> None:
    """Use the page a little: search, open, go up, ask for waste."""
    page = opened.page
    page.locator("button.box").first.click(position=HEAD)
    page.locator("#way a").first.click()
    page.fill("#search", "a")
    expect(page.locator("#list-title")).to_contain_text("Found")
    page.press("#search", "Escape")
    page.check("#only-waste")


@pytest.mark.parametrize("name", MADE)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [(1280, 900), PHONE], ids=["desk", "phone"])
def test_a_page_says_and_asks_nothing_fits_and_its_picture_is_kept(
    name: str, scheme: str, size: tuple[int, int], opened: Open, keep: Callable[[Page, str], Path]
) -> None:
    found = opened(html(name), size=size, color_scheme=scheme)
    expect(found.page.locator("button.box").first).to_be_visible()
    picture = keep(found.page, f"layers-{name}-{'phone' if size == PHONE else 'desk'}-{scheme}")
    assert picture.read_bytes().startswith(b"\x89PNG")
    _used(found)
    width = found.page.evaluate("document.documentElement.scrollWidth")
    assert width <= size[0]
    back = found.page.evaluate("getComputedStyle(document.body).backgroundColor")
    lightness = sum(int(one) for one in re.findall(r"\d+", back)[:3])
    assert lightness < 200 if scheme == "dark" else lightness > 600
    # `opened` looks at the console and at requests when the test is over


# Cells whose words do not fit into them, and pairs of pieces of text of one row, each from another cell, of which one is
# drawn upon the other.
_OVERLAPS = """() => {
  const found = [];
  for (const row of document.querySelectorAll("tbody tr")) {
    const pieces = [];
    for (const cell of row.cells) {
      if (cell.scrollWidth > cell.clientWidth + 1) found.push([cell.textContent, "outside of its cell"]);
      const texts = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
      while (texts.nextNode()) {
        const text = texts.currentNode;
        if (!text.parentElement.checkVisibility()) continue;
        const range = document.createRange();
        range.selectNodeContents(text);
        for (const box of range.getClientRects()) pieces.push([cell, text.data, box]);
      }
    }
    pieces.forEach(([cell, words, one], at) => {
      for (const [otherCell, others, other] of pieces.slice(at + 1)) {
        const across = Math.min(one.right, other.right) - Math.max(one.left, other.left);
        const down = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
        if (cell !== otherCell && across > 1 && down > 1) found.push([words, others]);
      }
    });
  }
  return found;
}"""


@pytest.mark.parametrize("name", ["shop", "large"])
@pytest.mark.parametrize("size", [(1280, 900), (760, 1000), PHONE], ids=["desk", "tablet", "phone"])
def test_no_cell_of_a_table_lies_upon_another(name: str, size: tuple[int, int], opened: Open) -> None:
    found = opened(html(name), size=size)
    expect(found.page.locator("table.layers")).to_be_visible()
    assert found.page.evaluate(_OVERLAPS) == []
    for summary in found.page.locator("details:visible > summary").all():
        summary.click()
    assert found.page.evaluate(_OVERLAPS) == []
    assert found.page.evaluate("document.documentElement.scrollWidth") <= size[0]


def test_a_click_opens_a_directory_and_the_way_leads_back(opened: Open) -> None:
    found = opened(html("shop"))
    found.expect_way("shop:latest")
    found.boxes("lib").first.click(position=HEAD)  # a box within a box: straight there
    found.expect_way("shop:latest", "0 · FROM debian:bookworm-slim", "usr", "lib")
    assert found.page.url.endswith("#/0/usr/lib")
    expect(found.page.locator("#list .name")).to_have_text(["libcrypto.so.3", "libc.so.6"])
    found.page.locator("#way a", has_text="usr").click()
    expect(found.page.locator("#way [aria-current]")).to_have_text("usr")
    found.page.go_back()
    expect(found.page.locator("#way [aria-current]")).to_have_text("lib")
    found.boxes("libc.so.6").click()  # a file: the map stays, and tells of it
    expect(found.page.locator("#facts .path")).to_have_text("/usr/lib/libc.so.6")
    expect(found.page.locator("#facts")).to_contain_text("2.0 MB · 20.0 % of the image · layer 0 · Dockerfile:1")
    expect(found.page.locator(".box.chosen")).to_have_text(re.compile("^libc.so.6"))


def test_areas_are_in_the_ratio_of_bytes(opened: Open) -> None:
    found = opened(html("shop"), "#/0/usr/lib")
    sizes = [box.bounding_box() for box in found.page.locator("button.box").all()]
    areas = [(one["width"] + 1) * (one["height"] + 1) for one in sizes if one]
    assert areas[0] / areas[1] == pytest.approx(1.5, rel=0.02)
    host = found.page.locator("#sheet").bounding_box()
    assert host
    assert sum(areas) == pytest.approx(host["width"] * host["height"], rel=0.01)


def test_the_keyboard_reaches_all_of_the_map(opened: Open) -> None:
    found = opened(html("shop"))
    page = found.page
    page.focus("#only-waste")
    page.keyboard.press("Tab")
    assert found.focused() == "0 · FROM debian:bookworm-slim, 6.0 MB, 5 files"
    page.keyboard.press("ArrowRight")
    assert "RUN apt-get update" in found.focused()
    assert found.focused().endswith("3.0 MB, 5 files, 1.0 MB wasted")
    expect(page.locator("#facts .path")).to_contain_text("1 · RUN apt-get update")
    page.keyboard.press("ArrowDown")
    assert found.focused().startswith("2 · COPY . /app")
    page.keyboard.press("ArrowDown")  # nothing lies there
    assert found.focused().startswith("2 · COPY . /app")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(page.locator("#way [aria-current]")).to_contain_text("RUN apt-get update")
    expect(page.locator("#status")).to_contain_text("3.0 MB, 5 files")
    assert found.focused() == "usr, 2.0 MB, 3 files"
    page.keyboard.press("End")
    assert found.focused() == "var/lib/apt/lists, 1.0 MB, 2 files, 1.0 MB wasted"
    page.keyboard.press("Home")
    page.keyboard.press("Enter")
    expect(page.locator("#way [aria-current]")).to_have_text("usr")
    page.keyboard.press("Escape")
    expect(page.locator("#way [aria-current]")).to_contain_text("RUN apt-get update")
    assert found.focused() == "usr, 2.0 MB, 3 files"  # where one came from
    page.keyboard.press("Backspace")
    expect(page.locator("#way [aria-current]")).to_have_text("shop:latest")
    assert found.focused().startswith("1 · RUN apt-get update")
    page.keyboard.press("/")
    assert found.focused() == "search"
    assert page.input_value("#search") == ""


def test_every_button_of_the_map_can_be_reached_with_arrows_and_is_seen_to_have_the_keyboard(opened: Open) -> None:
    found = opened(html("large"), "#/3/usr")
    found.page.focus('button.box[tabindex="0"]')
    reached = found.page.evaluate(
        """() => {
          const seen = new Set([document.activeElement]);
          const waiting = [document.activeElement];
          while (waiting.length) {
            const from = waiting.pop();
            for (const key of ["ArrowRight", "ArrowLeft", "ArrowUp", "ArrowDown"]) {
              from.focus();
              from.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
              const to = document.activeElement;
              if (!seen.has(to)) { seen.add(to); waiting.push(to); }
            }
          }
          return [seen.size, document.querySelectorAll("button.box").length];
        }"""
    )
    assert reached[0] == reached[1] > 50
    found.page.keyboard.press("Home")
    assert found.page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"


def test_search_finds_a_path_and_leads_to_it(opened: Open) -> None:
    found = opened(html("shop"))
    page = found.page
    page.fill("#search", "PYTHON3 ast")
    expect(page.locator("#found")).to_have_text("1 path, 600.0 kB")
    expect(page.locator("#list .name")).to_have_text(["/usr/lib/python3/ast.py (layer 1)"])
    expect(found.boxes("ast.py")).not_to_have_class(re.compile("dull"))
    expect(found.boxes("os.py")).to_have_class(re.compile("dull"))
    expect(found.boxes("libc.so.6")).to_have_class(re.compile("dull"))
    page.locator("#list button").click()
    expect(page.locator("#way [aria-current]")).to_have_text("python3")
    expect(page.locator("#facts .path")).to_have_text("/usr/lib/python3/ast.py")
    page.focus("#search")
    page.keyboard.press("Escape")
    expect(page.locator(".box.dull")).to_have_count(0)
    expect(page.locator("#list-title")).to_have_text("What lies here")


def test_search_finds_what_lies_in_a_directory_of_that_name_once(opened: Open) -> None:
    found = opened(html("shop"))
    found.page.fill("#search", "apt/lists")
    expect(found.page.locator("#found")).to_have_text("1 path, 1.0 MB")
    expect(found.boxes("deb.debian.org_main_Packages")).not_to_have_class(re.compile("dull"))


def test_search_says_what_it_cannot_know(opened: Open) -> None:
    found = opened(html("shop"))
    found.page.fill("#search", "no-such-file")
    expect(found.page.locator("#list-note")).to_have_text("No path has these words.")
    large = opened(html("large"))
    large.page.fill("#search", "no-such-file")
    expect(large.page.locator("#list-note")).to_have_text(
        re.compile(
            r"among those that the page names\. [\d,]+ files of [\d.]+ k?B or less are counted in their directories"
        )
    )


def test_waste_is_seen(opened: Open) -> None:
    found = opened(html("shop"))
    page = found.page
    waste = found.boxes("deb.debian.org_main_Packages")
    image = "element => getComputedStyle(element).backgroundImage"
    assert "repeating-linear-gradient" in waste.evaluate(image)
    assert found.boxes("os.py").evaluate(image) == "none"
    some = found.boxes("2 · COPY . /app").evaluate("element => getComputedStyle(element, '::after').width")
    whole = found.boxes("2 · COPY . /app").evaluate("element => element.clientWidth")
    assert float(some.removesuffix("px")) == pytest.approx(0.2 * whole, abs=1)
    page.check("#only-waste")
    expect(waste).not_to_have_class(re.compile("dull"))
    expect(found.boxes("os.py")).to_have_class(re.compile("dull"))
    waste.click()
    expect(page.locator("#facts")).to_contain_text("990.0 kB wasted (100.0 %)")
    expect(page.locator("#facts")).to_contain_text("cured by apt-lists-left-behind")


def test_waste_is_seen_without_colours(opened: Open, keep: Callable[[Page, str], Path]) -> None:
    found = opened(html("shop"), forced_colors="active")
    border = "element => getComputedStyle(element).borderTopStyle"
    assert found.boxes("deb.debian.org_main_Packages").evaluate(border) == "dashed"
    assert found.boxes("os.py").evaluate(border) == "solid"
    keep(found.page, "layers-shop-forced-colours")


def test_what_is_only_worth_a_look_is_told_and_not_marked(opened: Open) -> None:
    image, _ = made.shop()
    found = opened(render(image, made.record(image, [("large", 0, "usr/lib/libcrypto.so.3", 3_000_000, None)])))
    box = found.boxes("libcrypto.so.3")
    expect(box).not_to_have_class(re.compile("waste|some"))
    box.click()
    expect(found.page.locator("#facts .why")).to_have_text("large file worth a look")
    expect(found.page.get_by_text("None was found.")).to_be_visible()
    expect(found.page.get_by_role("table", name="Worth a look")).to_contain_text("libcrypto.so.3")


def test_an_image_as_it_is_read_from_an_archive(opened: Open, tmp_path: Path) -> None:
    archive = save(
        tmp_path / "made.tar",
        [
            layer(
                directory("srv"),
                file("srv/program", b"p" * 9_000),
                file("srv/download.tar.gz", b"d" * 50_000),
                symlink("srv/current", "program"),
                created_by="COPY . /srv # buildkit",
            ),
            layer(whiteout("srv/download.tar.gz"), created_by="RUN /bin/sh -c rm /srv/download.tar.gz # buildkit"),
        ],
        tag="made:2",
    )
    image = open_image(str(archive))
    record = analyse(image).record
    found = opened(render(image, record))
    page = found.page
    expect(page.locator("h1")).to_have_text(record["image"])
    waste = page.locator(".box.waste")
    expect(waste).to_have_count(1)
    waste.click()
    expect(page.locator("#facts .path")).to_have_text("/srv/download.tar.gz")
    expect(page.locator("#facts")).to_contain_text("50.0 kB wasted (100.0 %)")
    expect(page.locator("#facts .why")).to_have_text(
        re.compile("deleted later by layer 1, RUN rm /srv/download.tar.gz")
    )
    expect(page.get_by_role("table", name="Waste").locator("tbody tr")).to_have_count(1)
    assert page.locator("table.layers tbody td[data-name=Waste]").all_inner_texts() == ["50.0 kB", "–"]


def test_a_pointer_over_a_box_tells_of_it(opened: Open) -> None:
    found = opened(html("shop"))
    found.boxes("old.tar").hover()
    expect(found.page.locator("#facts .path")).to_have_text("/app/old.tar")
    expect(found.page.locator("#facts")).to_contain_text("no transform cures this")
    # A browser also tells of a mouse that rests, when the page moves under it. Nobody asked for that box.
    moved = """(box, [x, y]) => box.dispatchEvent(new PointerEvent(
        "pointermove", { bubbles: true, pointerType: "mouse", clientX: x, clientY: y }))"""
    place = found.boxes("old.tar").bounding_box()
    assert place
    found.page.mouse.move(round(place["x"]) + 9, round(place["y"]) + 9)
    found.boxes("main.py").evaluate(moved, [round(place["x"]) + 9, round(place["y"]) + 9])
    assert found.page.locator("#facts .path").inner_text() == "/app/old.tar"
    found.boxes("main.py").evaluate(moved, [1, 1])
    assert found.page.locator("#facts .path").inner_text() == "/app/shop/main.py"
    found.page.hover("h1")
    expect(found.page.locator("#facts .path")).to_have_text("shop:latest")


@pytest.mark.parametrize(
    ("fragment", "way", "path"),
    [
        ("#/1/var/lib/apt", "apt", "/var/lib/apt"),
        ("#/1/var/lib/apt/lists/lock", "lists", "/var/lib/apt/lists/lock"),
        ("#/0/usr/no/such/thing", "usr", "/usr"),
        ("#/99", "shop:latest", "shop:latest"),
        ("#/__proto__/constructor", "shop:latest", "shop:latest"),
        ("#/%zz", "shop:latest", "shop:latest"),
        ("#elsewhere", "shop:latest", "shop:latest"),
    ],
)
def test_an_address_opens_what_it_names_or_the_nearest(fragment: str, way: str, path: str, opened: Open) -> None:
    found = opened(html("shop"), fragment)
    expect(found.page.locator("#way [aria-current]")).to_have_text(way)
    expect(found.page.locator("#facts .path")).to_have_text(path)


def test_links_in_the_tables_lead_to_the_map(opened: Open) -> None:
    found = opened(html("shop"))
    found.page.locator("table.waste a", has_text="old.tar").click()
    expect(found.page.locator("#facts .path")).to_have_text("/app/old.tar")
    expect(found.page.locator("#treemap")).to_be_in_viewport()
    found.page.locator("table.layers a").nth(1).click()
    expect(found.page.locator("#way [aria-current]")).to_contain_text("1 · RUN apt-get")


def test_every_link_of_a_strange_path_leads_to_it(opened: Open) -> None:
    found = opened(html("hostile"))
    addresses = found.page.locator("table.waste .paths a").evaluate_all("links => links.map((one) => one.hash)")
    assert len(addresses) == 18
    reached = set()
    for address in addresses:
        found.go(address)
        expect(found.page.locator("#facts .path")).not_to_have_text(re.compile("^evil"))
        reached.add(found.page.locator("#facts .path").inner_text())
    assert "/" + made.HOSTILE in reached
    assert len(reached) == 18


def test_a_hostile_image_does_nothing(opened: Open) -> None:
    found = opened(html("hostile"), "#/0/srv")
    page = found.page
    _used(found)
    page.fill("#search", "</script>")
    expect(page.locator("#list .name")).to_have_text([f"/{made.HOSTILE} (layer 0)"])
    page.locator("#list button").click()
    expect(page.locator("#facts .path")).to_have_text("/" + made.HOSTILE)
    assert page.evaluate("window.hacked === undefined")
    assert page.evaluate("document.querySelectorAll('img, svg[onload], [onerror], [onclick], iframe').length") == 0
    assert page.evaluate("document.scripts.length") == 2  # the data and ours
    assert page.evaluate("document.title").startswith("evil</title></script><script>")
    links = page.locator("a").evaluate_all("links => links.map((one) => one.getAttribute('href'))")
    assert {one[:1] for one in links} == {"#", "h"}
    assert [one for one in links if one[:1] != "#"] == ["https://github.com/wagoodman/dive"]


def test_the_policy_stops_what_would_get_through(opened: Open) -> None:
    found = opened(html("shop"))
    found.page.evaluate(
        """() => {
          document.body.insertAdjacentHTML("beforeend", "<img src=x: onerror='window.hacked = 1'>");
          const script = document.createElement("script");
          script.textContent = "window.hacked = 2";
          document.body.append(script);
        }"""
    )
    found.page.wait_for_timeout(200)
    assert found.page.evaluate("window.hacked === undefined")
    assert any("Content Security Policy" in one for one in found.said)
    found.said.clear()
    found.asked.clear()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [(1280, 900), PHONE], ids=["desk", "phone"])
def test_no_barrier_that_axe_knows(scheme: str, size: tuple[int, int], opened: Open) -> None:
    found = opened(html("shop"), size=size, color_scheme=scheme, bypass_csp=True)
    results = Axe().run(found.page)
    assert results.violations_count == 0, results.generate_report()


def test_without_scripts_the_tables_tell_all(opened: Open) -> None:
    found = opened(html("large"), java_script_enabled=False)
    expect(found.page.locator("#map")).to_be_hidden()
    expect(found.page.get_by_text("The map of the image needs JavaScript")).to_be_visible()
    expect(found.page.locator("table.layers tbody tr")).to_have_count(5)
    expect(found.page.locator("table.waste tbody tr").first).to_be_visible()


def test_long_tables_are_folded_and_whole_on_paper(opened: Open, keep: Callable[[Page, str], Path]) -> None:
    image, _ = made.shop()
    kinds = [(f"kind-{number}", 1, "usr/bin/python3", 1_000 + number, None) for number in range(40)]
    found = opened(render(image, made.record(image, kinds)))
    page = found.page
    rows = page.locator("table.waste tbody tr")
    expect(rows.nth(11)).to_be_visible()
    expect(rows.nth(12)).to_be_hidden()
    page.emulate_media(media="print")
    expect(rows.nth(39)).to_be_visible()
    expect(page.locator("#search")).to_be_hidden()
    expect(page.locator("#treemap")).to_be_visible()
    # Paper has another width, and no script runs when a page is printed: the map must fit by itself.
    fits = page.locator("#treemap").evaluate(
        """host => {
          host.style.width = "400px";
          const ends = [...host.querySelectorAll(".box")].map((box) => box.getBoundingClientRect().right);
          const end = host.getBoundingClientRect().right;
          host.style.width = "";
          return end - Math.max(...ends);
        }"""
    )
    assert 0 <= fits <= 3
    picture = keep(page, "layers-shop-print")
    page.pdf(path=picture.with_suffix(".pdf"), format="A4")
    assert picture.with_suffix(".pdf").read_bytes().startswith(b"%PDF")
    page.emulate_media(media="screen")
    page.get_by_role("button", name="Show 28 more").click()
    expect(rows.nth(39)).to_be_visible()
    assert page.evaluate(
        "document.activeElement.closest('tr') === document.querySelectorAll('table.waste tbody tr')[12]"
    )


def test_the_map_moves_only_for_those_who_like_it(opened: Open) -> None:
    running = "() => document.getElementById('sheet').getAnimations().length"
    still = opened(html("shop"))
    still.boxes("lib").first.click(position=HEAD)
    expect(still.page.locator("#way [aria-current]")).to_have_text("lib")
    assert still.page.evaluate(running) == 0
    moving = opened(html("shop"), reduced_motion="no-preference")
    started: Any = moving.page.evaluate(
        """() => new Promise((done) => {
          addEventListener("hashchange", () => done(document.getElementById("sheet").getAnimations().length));
          location.hash = "#/0/usr/lib";
        })"""
    )
    assert started == 1


def test_the_map_is_drawn_again_when_the_window_changes_and_keeps_the_keyboard(opened: Open) -> None:
    found = opened(html("shop"))
    found.page.focus('button.box[tabindex="0"]')
    found.page.keyboard.press("ArrowRight")
    before = found.focused()
    found.page.set_viewport_size({"width": 700, "height": 600})
    found.page.wait_for_function(
        """() => {
          const ends = [...document.querySelectorAll("button.box")].map((one) => one.offsetLeft + one.offsetWidth);
          const width = document.getElementById("sheet").clientWidth;
          return width < 700 && Math.abs(Math.max(...ends) - width) <= 2;
        }"""
    )
    assert found.focused() == before


def test_an_image_without_a_byte_is_a_page_too(opened: Open) -> None:
    for image in (made.image(), made.image(made.layer("RUN true", [("usr/", 0), ("empty", 0)]))):
        found = opened(render(image, made.record(image)))
        expect(found.page.locator("#empty")).to_be_visible()
        expect(found.page.locator("h1")).to_have_text("shop:latest")
