"""What a program that Go built needs to run: the C library, certificates and zones, packages. And what is not known."""

from __future__ import annotations

from typing import NamedTuple

from rewriter.knowledge import golang, languages
from rewriter.knowledge.base_trees import base_tree_of
from rewriter.model import go_linked, go_same_image, go_stage
from rewriter.model.go_asked import Asked
from rewriter.model.go_build import Built
from rewriter.model.go_program import Program
from rewriter.model.go_traces import GoTraces
from rewriter.model.split_stage import Shipped


class Needs(NamedTuple):
    """``image`` is the base of the final stage, ``alpine`` True when it is Alpine's. ``static`` is True when cgo has to be
    turned off for that. ``packages`` are those of the final stage. ``because`` are facts, ``open`` questions that a person
    must answer. ``why`` says why there is no answer at all, or is "". ``zones`` is True when the program looks for time zones
    by name, and Go's own archive of them goes along."""

    image: str = ""
    alpine: bool = True
    static: bool = False
    packages: tuple[str, ...] = ()
    because: tuple[str, ...] = ()
    open: tuple[str, ...] = ()
    why: str = ""
    zones: bool = False

    def known(self, fact: str) -> Needs:
        """The needs with a fact more."""
        return self._replace(because=(*self.because, fact))

    def asking(self, question: str) -> Needs:
        """The needs with a question more, if there is one."""
        return self._replace(open=(*self.open, question)) if question else self


def needs(
    stage: Shipped, built: list[Built], traces: GoTraces, program: Program | None, tests_use_cgo: bool, script: str
) -> Needs:
    """What the programs need. ``program`` is None while the context is not seen; ``script`` is one that starts them and is not
    seen, or ""."""
    asked = Asked(stage, built, traces, program)
    asked.tests_use_cgo = tests_use_cgo
    module = go_linked.cgo_module(asked)
    bundled = program is None and module in golang.listed("imports", "bundled")
    why = _toolchain(program)
    own = stage.toolchain is not None
    if module and not bundled and not own:
        why = why or f"{module} needs cgo, and may need a library of its own"
    if why:
        return Needs(why=why)
    if own:
        kind = go_same_image.linked(asked, module)
    else:
        kind = go_linked.with_bundled(asked, module) if bundled else go_linked.linked(asked)
    if kind not in ("static", "as it is", "same"):
        return Needs(why=kind)
    same = kind == "same" or _debian_users(stage, traces) or _home_of_nobody(asked)
    if same and kind != "same":
        asked.because.append("its users are Debian's, or made with Debian's tools: Debian stays")
    foreign = _of_debian(asked)
    if foreign and not same:
        asked.because.append(
            f"{foreign} is installed, which the program may call: Debian stays, where it has this name"
        )
        same = True
    alpine = stage.alpine is not None or not same
    if not alpine and not own and not go_stage.suite(stage):
        return Needs(why="the Debian suite under the golang image is not known")
    packages, why = go_same_image.packages(asked, script) if own else _packages(asked, alpine)
    if why:
        return Needs(why=why)
    name = built[0].path
    if program is None and not own:
        asked.questions.append(f"does {name} call other programs, such as git or curl? The golang image has them")
    elif program is not None:
        _calls(asked, name)
    zones = "TZ" in stage.end.environment or (program is not None and bool(program.says("zones")))
    trimmed = any("-trimpath" in run.visible.text for run in stage.runs.values())
    if (
        zones
        and alpine
        and stage.alpine is None
        and (trimmed or "-trimpath" in (stage.end.environment.get("GOFLAGS") or ""))
    ):
        asked.questions.append(
            "which time zones does it look up? -trimpath hides the toolchain's archive of them from it"
        )
    if go_stage.hosts_file(stage) is None:
        asked.questions.append(
            "does the golang image of that day have /etc/nsswitch.conf? Go asks it where to look up hosts"
        )
    if (
        not alpine
        and not own
        and program is not None
        and "net" in {one.partition("/")[0] for one in program.imports}
        and program.port
    ):
        asked.questions.append(f"is {program.port} a port? A slim image has no /etc/services to look it up")
    if traces.cloned:
        asked.questions.append(f"does {name} read files of what git fetched? They stay in the builder")
    if traces.generated:
        asked.questions.append("does go generate leave files that are read at run time?")
    if own:
        image = stage.stage.image
    elif not alpine:
        image = f"debian:{go_stage.suite(stage)}-slim"
    else:
        image = "alpine" if stage.alpine == "latest" else f"alpine:{stage.alpine or golang.fact('final', 'alpine')}"
    static = kind == "static" and alpine
    return Needs(image, alpine, static, tuple(packages), tuple(asked.because), tuple(asked.questions), zones=zones)


def _toolchain(program: Program | None) -> str:
    name = "" if program is None else program.imported("toolchain")
    return f"it imports {name}, which needs the toolchain at run time" if name else ""


def _debian_users(stage: Shipped, traces: GoTraces) -> bool:
    """True when users are needed that Debian's tools make, or that Debian alone has."""
    if stage.alpine is None and traces.users:
        return True
    tree = base_tree_of("debian")
    names = {
        part for step in stage.steps if step.name == "USER" for part in step.instruction.body.text.strip().split(":")
    } - golang.names("final", "users")
    return stage.alpine is None and tree is not None and bool(names & tree.users)


def _home_of_nobody(asked: Asked) -> bool:
    """True when the program may ask for the home of nobody, which is another one on Alpine."""
    program = asked.program
    nobody = asked.stage.alpine is None and (asked.stage.end.user or "").partition(":")[0] == "nobody"
    if not nobody or program is None:
        return nobody
    return program.access.environment or "HOME" in program.access.variables or bool(program.says("homes"))


def _of_debian(asked: Asked) -> str:
    """A package that goes along and has no such name on Alpine, or ""."""
    if asked.stage.alpine is not None:
        return ""
    known = {*languages.names("every", "same"), *languages.names("every", "always"), *languages.names("every", "build")}
    return next((one for one in asked.traces.packages if one not in known and not one.endswith("-dev")), "")


def _packages(asked: Asked, alpine: bool) -> tuple[list[str], str]:
    """The packages of the final stage, or why they are not known. Certificates and zones of a slim stage are copied."""
    traces, program = asked.traces, asked.program
    found = ["ca-certificates", "tzdata"] if alpine else []
    where = "/etc/apk" if asked.stage.alpine is not None else "/etc/apt"
    copies = (step for step in asked.stage.steps if step.name in ("COPY", "ADD"))
    sources = any(path.startswith(where) for path, _ in traces.written)
    sources = sources or any(where in step.instruction.body.text for step in copies)
    calls = program is None or bool(program.imported("programs") or program.says("calls"))
    for name in traces.packages:
        if name in found or name in languages.names("every", "always") or name.endswith("-dev"):
            continue
        if name in languages.names("every", "build") and not (calls and name == "git" and asked.stage.alpine):
            continue
        if name in traces.doubted:
            return [], f"{name} is installed under a condition, and the program may call it"
        if sources or (not alpine and name in traces.pinned):
            return [], f"{name} is installed, in a version or from a place of its own, and the program may call it"
        if not alpine and name not in languages.names("every", "same") and not go_stage.same_debian(asked.stage):
            return [], f"{name} is installed, and which Debian release the image has is not known for certain"
        if alpine and name not in languages.names("every", "same") and not go_stage.same_alpine(asked.stage):
            return [], f"{name} is installed, and which Alpine release the image has is not known for certain"
        found.append(name)
    if asked.stage.alpine is None and program is not None and program.says("types"):
        if not alpine:
            asked.questions.append(
                "does it serve files whose type /etc/mime.types tells? The slim image has no such table"
            )
        else:
            found.append("mailcap")
            asked.because.append(
                "it serves files by their types: mailcap brings /etc/mime.types, as Debian's image has it"
            )
    return found, ""


def _calls(asked: Asked, name: str) -> None:
    """Whether the program starts others, or asks for its sources' place."""
    program, questions = asked.program, asked.questions
    assert program is not None
    if program.unread:
        questions.append(f"what is in {program.unread[0]}? A file there cannot be read")
    if program.unseen:
        questions.append(f"what does {program.unseen[0]} need at run time? Its sources are not in the context")
    if program.known:
        modules = sorted({golang.looked_up(one) for one in program.known})
        more = f" and {len(modules) - 1} more" if len(modules) > 1 else ""
        other = program.version_unread
        if other:
            questions.append(
                f"is {other} free of cgo, and starts no program? Another version was looked at (go_modules.toml)"
            )
        else:
            asked.because.append(f"{modules[0]}{more}: looked up, no cgo, starts no program (go_modules.toml)")
    caller = program.imported("programs") or program.says("calls")
    if caller:
        few = "the final image has few" if asked.stage.toolchain is None else "what only builds stays in the builder"
        questions.append(f"which programs does {name} start? It uses {caller}, and {few}")
    else:
        asked.because.append("the sources start no other program")
    if "/" in program.access.files:
        questions.append(f"which files does {name} find below /? The final image has few of the old ones")
    another = asked.stage.alpine is None and asked.stage.toolchain is None
    lookup = program.says("lookups") if another else ""
    if lookup:
        questions.append(f"what does {name} look up through {lookup.rstrip('(')}? The final image has another /etc")
    place = program.says("places")
    own = sorted(program.access.variables & {"GOROOT", "GOMODCACHE", "GOCACHE", *golang.names("image", "own")})
    if place or own:
        questions.append(f"what does {name} read through {place or own[0]}? The toolchain stays in the builder")
