"""What is read out of Go sources: packages, imports, and what a program needs."""

from __future__ import annotations

from rewriter.model.go_sources import Sources
from rewriter.model.go_text import last_part
from rewriter.rule import Ask

FILES = {
    "go.mod": "module example.org/shop/v2 // the shop\n\nreplace example.org/own => ./own\n",
    "main.go": """// Package main sells.
//go:build linux

package main

import (
\t"fmt" // prints
\tmine "example.org/shop/v2/till"
\t_ `example.org/own`
\t"example.net/far"
)

import "os"

var quote = '"'

func main() { fmt.Println(mine.X, os.Args, "import \\"C\\"", quote) }
""",
    "till/till.go": 'package till\n\n/* #cgo LDFLAGS: -lm -lpcap */\nimport "C"\n\nconst X = "/etc/shop.conf"\n',
    "own/own.go": 'package own\n\nimport "os/exec"\n',
    "own/own_test.go": 'package own\n\nimport "plugin"\n',
    "gen.go": '//go:build ignore\n\npackage main\n\nimport "go/build"\n',
    "vendor/example.org/x/x.go": "package main\n",
}


def sources(outside: str = "") -> Sources:
    return Sources({f"/app/{name}": name for name in FILES}, Ask(context=FILES.get), outside)


def test_packages_are_followed_import_by_import() -> None:
    found = sources().program(["/app"], "/go")
    assert set(found.imports) == {
        "fmt", "example.org/shop/v2/till", "example.org/own", "example.net/far", "os", "C", "os/exec"
    }  # fmt: skip
    assert found.unseen == ["example.net/far"]
    assert found.cgo and found.libraries == ["-lpcap"]
    assert found.imported("programs") == "os/exec" and not found.imported("toolchain")
    assert found.system_file() == "/etc/shop.conf"


def test_modules_and_programs() -> None:
    assert sources().module("/app/till") == ("/app", "example.org/shop/v2")
    assert sources("/app").module("/app/till") == ("", "")
    assert sources().mains("/app") == ["/app"]
    assert last_part("example.org/shop/v2") == last_part("example.org/shop") == "shop"


def test_a_file_that_cannot_be_read_is_said() -> None:
    files = {"/app/main.go": "main.go"}
    assert Sources(files, Ask()).program(["/app"], "/go").unread == ["/app"]
