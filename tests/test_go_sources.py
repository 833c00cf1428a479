"""What is read out of Go sources: packages, imports, and what a program needs."""

from __future__ import annotations

import pytest

from rewriter.knowledge import golang
from rewriter.model import go_foreign
from rewriter.model.go_access import access
from rewriter.model.go_make import recipe
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
    assert go_foreign.system(found.strings, []) == "/etc/shop.conf"
    assert not go_foreign.system(found.strings, ["/etc/shop.conf"])


def test_modules_and_programs() -> None:
    assert sources().module("/app/till") == ("/app", "example.org/shop/v2")
    assert sources("/app").module("/app/till") == ("", "")
    assert sources().mains("/app") == ["/app"]
    assert last_part("example.org/shop/v2") == last_part("example.org/shop") == "shop"


def test_a_file_that_cannot_be_read_is_said() -> None:
    files = {"/app/main.go": "main.go"}
    assert Sources(files, Ask()).program(["/app"], "/go").unread == ["/app"]


@pytest.mark.parametrize(
    ("call", "files", "unnamed"),
    [
        ('os.ReadFile("a.txt")', {"a.txt"}, ""),
        ("os.ReadFile(name)", set(), "os.ReadFile"),
        ('os.Create("a.txt")', set(), "os.Create"),
        ('open := os.Open; open("x")', set(), "os.Open"),
        ('http.FileServer(http.Dir("static"))', {"static"}, ""),
        ('http.ServeFile(w, r, "x.html")', {"x.html"}, ""),
        ('page.ParseFiles("a.html", name)', {"a.html"}, ".ParseFiles"),
        ('net.Listen("tcp", ":80")', set(), ""),
        ('net.Listen("unix", "/run/x")', set(), "net.Listen"),
        ("os.Exit(int(os.Interrupt.(syscall.Signal)))", set(), ""),
        ("syscall.Open(name, 0, 0)", set(), "syscall.Open"),
        ('fmt.Println("os.Create(name)") // os.Create(name)', set(), ""),
    ],
)
def test_names_of_files_are_read_out_of_calls(call: str, files: set[str], unnamed: str) -> None:
    text = f'package main\n\nimport ("fmt"; "net"; "net/http"; "os"; "syscall")\n\nfunc main() {{ {call} }}\n'
    found = access([text])
    assert (set(found.files), found.unnamed) == (files, unnamed)


def test_variables_are_read_out_of_calls() -> None:
    source = 'package main\n\nimport env "os"\n\nfunc main() { env.Getenv("PORT"); env.LookupEnv("GOPATH") }\n'
    assert access([source]) == (frozenset(), frozenset({"PORT", "GOPATH"}), "", False)
    assert access([source.replace('"PORT"', "name")]).environment
    assert access(['package main\n\nimport . "os"\n']).unnamed == "os"


MAKEFILE = """# builds
BIN ?= shop
FLAGS := -s -w

.PHONY: all clean
all: build
\t@echo done

build: main.go
\tCGO_ENABLED=0 go build -ldflags "$(FLAGS)" \\
\t  -o bin/${BIN} .

clean:
\trm -rf bin
"""


def test_a_simple_makefile_is_read() -> None:
    build = 'CGO_ENABLED=0 go build -ldflags "-s -w"    -o bin/shop .'
    assert recipe(MAKEFILE, [], {}, {"main.go"}) == [build, "echo done"]
    assert recipe(MAKEFILE, ["clean"], {}, set()) == ["rm -rf bin"]
    assert recipe(MAKEFILE, ["build"], {"BIN": "x"}, {"main.go"}) == [build.replace("bin/shop", "bin/x")]
    assert recipe(MAKEFILE, ["build"], {}, {"main.go"}, {"BIN": "y"}) == [build.replace("bin/shop", "bin/y")]
    assert recipe(MAKEFILE, ["build"], {}, {"main.go"}, {"BIN": None}) == "make expands ${BIN}"
    assert recipe(MAKEFILE, ["build"], {}, set()) == "make needs main.go, which nothing makes"
    assert recipe(MAKEFILE.replace("$(FLAGS)", "$(shell date)"), [], {}, {"main.go"}) == "make expands $(shell date)"
    assert recipe("include other.mk\n" + MAKEFILE, [], {}, set()) == "its Makefile has: include other.mk"


@pytest.mark.parametrize(
    ("package", "module"),
    [
        ("github.com/gorilla/mux", "github.com/gorilla/mux"),
        ("github.com/go-chi/chi/v5/middleware", "github.com/go-chi/chi/v5"),
        ("github.com/go-chi/chi/v9", ""),  # another module
        ("golang.org/x/net/html", "golang.org/x/net"),
        ("golang.org/x/net/nettest", ""),  # starts programs
        ("github.com/mattn/go-sqlite3", ""),
        ("example.org/x", ""),
    ],
)
def test_modules_that_were_looked_up(package: str, module: str) -> None:
    assert golang.looked_up(package) == module
