"""What .cabal files and package.yaml say."""

from __future__ import annotations

import pytest

from rewriter.model import split_cabal
from rewriter.rule import Ask

CABAL = "name: shop\nversion: 0.1\n\nlibrary\n  exposed-modules: Shop\n\n"
TWO = f"{CABAL}executable shop\n  main-is: Main.hs\n\nExecutable shop-check\n  main-is: Check.hs\n"
HPACK = "name: shop\nlibrary:\n  source-dirs: src\n\n"
SEVERAL = f"""{HPACK}executables:
  server:
    main: Main.hs
    dependencies:
    - shop

  # the other
  check:
    main: Check.hs

tests:
  spec:
    main: Spec.hs
"""


@pytest.mark.parametrize(
    ("path", "text", "programs"),
    [
        ("shop.cabal", CABAL, []),
        ("shop.cabal", TWO, ["shop", "shop-check"]),
        ("shop.cabal", "executable Shop.Server\r\n  main-is: Main.hs\r\n", ["Shop.Server"]),
        ("package.yaml", HPACK, []),
        ("package.yaml", f"{HPACK}executable:\n  main: Main.hs\n", ["shop"]),
        ("package.yaml", SEVERAL, ["server", "check"]),
        ("package.yaml", "executables: !include programs.yaml\n", []),
    ],
)
def test_programs_of_a_manifest(path: str, text: str, programs: list[str]) -> None:
    assert split_cabal.of_manifest(path, text) == programs


def test_programs_and_data_of_a_context() -> None:
    files = {
        "a/a.cabal": "executable a\n  main-is: A.hs\n",
        "b/package.yaml": "name: b\ndata-files:\n- prices/*.txt\nexecutables:\n  b:\n    main: B.hs\n",
        "b/notes.txt": "executable c\n",
    }
    ask = Ask(context=files.get, files=lambda: tuple(files))
    assert split_cabal.programs(ask) == ("a", "b")
    assert split_cabal.data(ask) == "b/package.yaml"


def test_a_context_that_is_not_seen() -> None:
    assert split_cabal.programs(Ask()) == ()
    assert split_cabal.data(Ask()) == ""
