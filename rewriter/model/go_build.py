"""The programs that a RUN builds with go, and where they lie. Source: https://pkg.go.dev/cmd/go, go1.24."""

from __future__ import annotations

from typing import NamedTuple

from rewriter import posixpath
from rewriter.knowledge import golang
from rewriter.model import effects, go_stage, paths
from rewriter.model.command import Command
from rewriter.model.go_sources import Sources
from rewriter.model.go_text import last_part
from rewriter.model.run import Run
from rewriter.syntax.script import Word


class Built(NamedTuple):
    """One program.

    ``path`` is where it lies; with a ``*`` for its name when only the folder is known. ``folder`` is that of its main package
    in the image, "" when it is not known. ``cgo`` is what the author says: "0", "1" or "" (nothing); ``whole`` is True when
    every package is compiled anew, those of the standard library too. ``named`` is True when -o names the file.
    """

    path: str
    folder: str
    run: Run
    command: Command
    cgo: str
    whole: bool = False
    named: bool = False

    def may_be(self, path: str) -> bool:
        """True when ``path`` is where it lies, or may be."""
        if posixpath.basename(self.path) == "*":
            return posixpath.dirname(self.path) == posixpath.dirname(path)
        return path == self.path


class Unknown(NamedTuple):
    """Why it is not known what a command builds; completes "left alone, because ..."."""

    why: str


def built(
    run: Run, command: Command, sources: Sources | None, only_fetches: bool, roots: tuple[str, ...]
) -> list[Built] | Unknown:
    """What one ``go build``, ``go install`` or ``go get`` leaves. ``sources`` is None while the context is not seen;
    ``only_fetches`` is True where ``go get`` installs nothing (Go 1.18 and later); ``roots`` are the folders of the toolchain."""
    if command.subcommand == "get" and (only_fetches or any(word.value == "-d" for word in command.arguments)):
        return []  # it fetches, whatever it is
    parsed = _arguments(run, command)
    if isinstance(parsed, Unknown):
        return parsed
    options, packages = parsed
    why = _strange(run, command, options)
    if why:
        return Unknown(why)
    variables = {**run.state.environment, **dict(command.environment)}
    for name, usual in (("GOOS", ("linux",)), ("GOARCH", ("amd64", "arm64"))):
        free = "-o" in options and (name == "GOARCH" or variables.get(name) is None)  # the path does not depend on it
        if name in variables and variables[name] not in usual and not free:
            return Unknown(f"{name} is {variables[name] or 'not known'}")
    chosen = golang.listed("commands", "experiments")
    other = next((name for name in chosen if (variables.get(name, roots[0]) or "").rstrip("/") not in roots), "")
    if other:
        return Unknown(f"{other} chooses another toolchain")
    flags = variables.get("GOFLAGS", "")
    if flags is None or any(not one.startswith(golang.listed("commands", "flags")) for one in flags.split()):
        return Unknown(f"GOFLAGS is {flags or 'not known'}")
    cwd = command.cwd or folder_of(run, command)
    if cwd is None:
        return Unknown("the folder in which go runs is not known")
    state = run.state._replace(environment=variables)
    cgo = variables.get("CGO_ENABLED", "")
    if "CGO_ENABLED" in variables and cgo not in ("0", "1"):
        return Unknown(f"CGO_ENABLED is {cgo or 'not known'}")
    assert cgo is not None
    whole = "-a" in options or "-installsuffix" in options
    found = _programs(packages, cwd, state.environment.get("GOPATH") or "", sources)
    if isinstance(found, Unknown):
        return found
    if command.subcommand == "build":
        if "-o" not in options and any(one.endswith("...") for one in packages):
            return []  # nothing is kept of several packages, and where it is one alone nobody starts it by this name
        return _build(run, command, options, found, cwd, cgo)
    where = go_stage.install_folder(state)
    if where is None:
        return Unknown("the folder for programs (GOBIN, GOPATH) is not known")
    if "GOARCH" in variables and sources is not None:
        return Unknown("go install puts what it builds for another processor elsewhere, and GOARCH is set")
    return [Built(posixpath.join(where, name), folder, run, command, cgo, whole) for name, folder in found]


def shell_sets(run: Run, unseen: bool) -> str:
    """What a RUN sets in its shell that a build may depend on in a way that is not followed, or "". While the sources are
    ``unseen``, what it exports is followed."""
    for command in run.commands:
        words = [word.value or word.raw for word in command.arguments]
        if command.tool == "set" and any(word.startswith("-") and "a" in word for word in words):
            return "-a"
        if command.tool in ("export", "unset"):
            names = [word.partition("=")[0] for word in words]
            followed = unseen and command.tool == "export" and all("=" in word for word in words)
        elif not command.simple.words:
            names = [one.name for one in command.simple.assignments]
            followed = unseen and all(name in run.state.environment for name in names)
        else:
            continue
        name = next((one for one in names if golang.of_the_build(one) or one.startswith(("GO", "CGO_"))), "")
        if name and not followed:
            return name
    return ""


def _build(
    run: Run, command: Command, options: dict[str, Word | None], found: list[tuple[str, str]], cwd: str, cgo: str
) -> list[Built] | Unknown:
    whole = "-a" in options or "-installsuffix" in options
    if "-o" in options:
        word = options["-o"]
        target = None if word is None else paths.literal(word, command, run.state)
        if target is None and word is not None:
            value = word.value if word.value is not None else paths.symbolic(word, run.state)
            target = None if value is None or "$" in value else posixpath.normpath(posixpath.join(cwd, value))
            target = target + "/" if target and value and value.endswith("/") else target
        if target is None:
            return Unknown("the path behind -o is not known")
        if target == "/dev/null":
            return []  # compiled to see that it can be
        if target.endswith("/"):
            return [Built(posixpath.join(target, name), folder, run, command, cgo, whole) for name, folder in found]
        if target in (cwd, run.state.workdir) or len(found) > 1:
            return Unknown("whether -o names a file or a folder is not known")
        return [Built(target, folder, run, command, cgo, whole, True) for _, folder in found[:1]]
    if len(found) > 1:
        return []  # go build throws away the result of several packages
    return [Built(posixpath.join(cwd, name), folder, run, command, cgo, whole) for name, folder in found]


def folder_of(run: Run, command: Command) -> str | None:
    """The folder in which the command runs, through ``cd $GOPATH/src/x`` too; None when it is not known."""
    for effect in effects.of(run).each:
        if effect.command.simple is command.simple and effect.cwd is not None:
            return effect.cwd if effect.cwd.startswith("/") and "$" not in effect.cwd else None
    return None


def _arguments(run: Run, command: Command) -> tuple[dict[str, Word | None], list[str]] | Unknown:
    """Options by name, each with the word of its value, and the operands behind the subcommand."""
    options: dict[str, Word | None] = {}
    operands: list[str] = []
    arguments = iter(command.arguments[1:])
    for word in arguments:
        text = word.value if word.value is not None else word.raw
        if not text.startswith("-"):
            known = word.value if word.value is not None else paths.symbolic(word, run.state)
            if known is None or "$" in known:
                return Unknown(f"{word.raw} is only known when it runs")
            operands.append(known)
            continue
        name, equals, value = text.replace("--", "-", 1).partition("=")
        if equals:
            raw = word.raw.partition("=")[2]
            options[name] = Word(
                word.start, word.end, raw, None if word.value is None else value, parameters=word.parameters
            )
        elif name in golang.names("commands", "values"):
            options[name] = next(arguments, None)
        else:
            options[name] = None
    return options, operands


def _strange(run: Run, command: Command, options: dict[str, Word | None]) -> str:
    if not command.place.certain or command.place.background:
        return f"go {command.subcommand} stands under a condition"
    for name in options:
        if name in golang.names("commands", "strange"):
            return f"go {command.subcommand} {name} is not modelled"
    mode = options.get("-buildmode")
    if mode is not None and mode.value not in golang.names("commands", "modes"):
        return f"-buildmode={mode.raw} makes no program of its own"
    flags = options.get("-ldflags")
    text = "" if flags is None else run.visible.text if "$" in flags.raw else flags.raw
    if "linkmode" in text and "internal" not in text:
        return "-linkmode leaves the linking to a C compiler"
    return ""


def _programs(packages: list[str], cwd: str, gopath: str, sources: Sources | None) -> list[tuple[str, str]] | Unknown:
    """Name and folder of each program. The name is ``*`` and the folder "" where only the context would tell them."""
    if not packages:
        packages = ["."]
    if any(one.endswith(".go") for one in packages):
        if not all(one.endswith(".go") for one in packages):
            return Unknown("files and packages are built at once")
        first = posixpath.normpath(posixpath.join(cwd, packages[0]))
        return [(posixpath.basename(first).removesuffix(".go"), posixpath.dirname(first) if sources else "")]
    found: list[tuple[str, str]] = []
    for package in packages:
        package = package.partition("@")[0]
        many = package.endswith("...")
        folder = _folder(package.removesuffix("...").rstrip("/") or ".", cwd, gopath, sources)
        if sources is None or not folder:
            local = package.startswith((".", "/")) or many
            found.append(("*" if (local and package[:2] in (".", "./", "..")) or many else last_part(package), ""))
            continue
        mains = sources.mains(folder) if many else [folder]
        unsure = next((one for one in mains if many and sources.conditional(one)), "")
        if unsure:
            return Unknown(f"whether {package} builds {unsure} depends on build constraints")
        for one in mains:
            root, module = sources.module(one)
            if root and not module:
                return Unknown("go.mod cannot be read")
            name = last_part(posixpath.join(module, one[len(root) :].strip("/"))) if module else posixpath.basename(one)
            found.append((name, one))
    return found


def _folder(package: str, cwd: str, gopath: str, sources: Sources | None) -> str:
    """The folder of a package that is named on the command line, or "" when it is not known."""
    if package.startswith((".", "/")):
        return posixpath.normpath(posixpath.join(cwd, package))
    if sources is None:
        return ""
    root, module = sources.module(cwd)
    if module and (package == module or package.startswith(module + "/")):
        return posixpath.normpath(root + "/" + package[len(module) :])
    folders = [posixpath.join(one, "src", package) for one in gopath.split(":") if one and not root]
    return next((one for one in folders if sources.mains(one)), "")
