"""What becomes of the builds of a corpus, language by language: ``python -m benchmarks.languages CORPUS [--only go]``.

Looked at is every file whose last stage, with the stages of the file below it, builds in a language: by plain text, on purpose,
and not by the transforms' own reading. A file that builds in several counts in each. Each is counted once per language:

- *kept*: an image to develop, test or build with (Go's rule: rewriter/model/go_purpose.py);
- *other*: its program is none of this language; *gone*: the RUN that brings the toolchain takes it away again;
- *several stages*: it is divided already, whatever was found in it;
- *review*, *show*, *declined*, *silent*: the single-stage builds that ship. Their share is printed; silent must be 0;
- *no transform*: the same, of a language that is not split yet.

Splits say nothing where an owner can do nothing. This file then has to see why by plain text (*kept*, *gone*, *other*); else it
is silent.

No context is there: a split at REVIEW needs one. The proposals at SHOW are applied, each on what the one before left.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
from collections import Counter
from multiprocessing import get_context
from typing import NamedTuple

from benchmarks.corpus import UNREAD, load, plain, table
from rewriter.engine import run
from rewriter.report import Outcome, Report, Status
from rewriter.rule import Ask, Safety, Settings
from rewriter.syntax.dockerfile import Unreadable, read
from transforms import pipeline

#: beginnings of what is said about images that a split has nothing to take from
KINDS = (
    ("it is an image to develop", "kept"),
    (" is one tool of several", "other"),
    (" is gone again at the end of the RUN", "gone"),
)
_ORDER = ("unread", "kept", "other", "gone", "several stages")
_SHIPS = ("review", "show", "declined", "silent", "no transform")


class Language(NamedTuple):
    """``sign`` stands in every file that is looked at; ``image`` is the name of the images that have the toolchain, ``signs`` are
    searched in RUN, ``named`` in ENV. ``split`` is the transform that splits, "" for none yet; ``steps`` are those in front.
    ``brings`` are packages that compile (None: look at the RUN that builds), ``others`` images of another language, ``serves``
    images that start a server by themselves."""

    name: str
    sign: re.Pattern[str]
    signs: tuple[re.Pattern[str], ...]
    image: re.Pattern[str] | None = None
    named: re.Pattern[str] | None = None
    split: str = ""
    steps: tuple[str, ...] = ()
    brings: re.Pattern[str] | None = None
    others: re.Pattern[str] | None = None
    serves: re.Pattern[str] | None = None


class Became(NamedTuple):
    """What became of a file: its kind, and the reason or the title."""

    kind: str
    why: str = ""
    text: str = ""


def _called(words: str) -> re.Pattern[str]:
    """A pattern for a command that begins with these words: by its bare name, or by a path."""
    start = r"""(?:^|[;&|(`]|(?<!\$)\{|\[\s*["']|-c\s+["']|\b(?:then|do)\b)\s*"""
    set_before = r"""(?:sudo\s+(?:-\S+\s+)*)?(?:\w+=(?:"[^"]*"|'[^']*'|[^\s"']*)\s+)*"""
    before = rf"{start}{set_before}(?:[\w.$/{{}}-]*/)?"
    return re.compile(rf"""{before}(?:{words})(?=[\s;&|)"'\]]|$)""", re.MULTILINE)


def _installed(packages: str) -> re.Pattern[str]:
    return re.compile(
        rf"\b(?:apt-get|apt|apk|yum|dnf)\b[^;&|\n]*\b(?:install|add)\b[^;&|\n]*[\s\\](?:{packages})(?![\w.-])"
    )


def _plain(name: str, words: str, image: str = "") -> Language:
    sign = re.compile("|".join(sorted(set(re.findall(r"[a-z+]{2,}", words)))))
    return Language(
        name, sign, (_called(words),), re.compile(rf"(?:[\w.:-]+/)*(?:{image})(?:[:@]\S*)?") if image else None
    )


_GO_ARCHIVE = re.compile(r"\bgo(?:1[\d.]*|\$\{?\w+\}?)\.(?:linux|src|\$)|golang\.org/dl|go\.dev/dl|dl\.google\.com/go/")
#: a package manager, and a script that it is told to run
_SCRIPT = r"(?:npm|yarn|pnpm)\s+(?:-\S+\s+)*(?:run\s+|run-script\s+)?(?:build|compile|dist|prod|bundle|webpack)\S*"
_BUNDLERS = (
    r"(?:ng|ember|gatsby|next|nuxt|vue-cli-service)\s+build"
    r"|(?:gulp|grunt|webpack|tsc|browserify|parcel|rollup)\b(?!\s+-(?:v|-version)).*"
)
_COMPILERS = re.compile(
    r"(?<![\w-])(?:build-essential|build-base|alpine-sdk|base-devel|(?:gcc|g\+\+|clang|gfortran)(?:-[\d.]+)?|gcc-c\+\+"
    r"|python[\d.]*-dev(?:el)?|ruby[\d.]*-dev(?:el)?|[Dd]evelopment [Tt]ools)(?![\w-])"
)
_HEADERS = re.compile(r"(?:[\w.+]-dev(?![\w.-])|\$\{?PHPIZE_DEPS)")
#: options of Composer, two of which have a value behind them, and what installs
_OPTIONS = r"(?:(?:-d|--working-dir)\s+\S+\s+|-\S+\s+)*"
_INSTALLS = "install|i|update|u|upgrade|create-project"
_OF_ANOTHER = re.compile(
    r"(?:library/)?(?:(?:google/)?golang|php|python|node|ruby|openjdk|java|maven|gradle|erlang|elixir|rust|perl|mono|swift|r-base"
    r"|rocker/r-base|haskell|pypy|julia|drupal|wordpress|microsoft/dotnet|microsoft/aspnetcore|composer|tomcat)(?:[:@]\S*)?"
)
LANGUAGES = (
    Language(
        "go",
        re.compile("go"),
        (
            re.compile(r"(?:^|[\s;&|({/`\"'\[])go[\"',]*\s+[\"']*(?:build|install|get|run|test)\b"),
            _installed(r"golang(?:-go|-\d[\d.]*)?|go"),
            _GO_ARCHIVE,
        ),
        re.compile(r"(?:[\w.:-]+/)*golang(?:[:@]\S*)?"),
        _GO_ARCHIVE,
        "go-toolchain-shipped",
        ("go-onbuild-image", "go-run-at-start", "go-started-by-wrapper"),
        re.compile(rf"(?<![\w-])go(?:lang(?:-go|-\d[\d.]*)?)?(?![\w-])|{_GO_ARCHIVE.pattern}"),
    ),
    _plain("c and c++", r"make|cmake|ninja|scons|gcc|g\+\+|cc|clang|configure")._replace(
        split="c-toolchain-shipped", brings=_COMPILERS, others=_OF_ANOTHER
    ),
    _plain("java", r"mvn|mvnw|gradle|gradlew|ant|sbt|javac")._replace(split="java-toolchain-shipped"),
    _plain("node", rf"{_SCRIPT}|{_BUNDLERS}")._replace(split="node-toolchain-shipped"),
    _plain("rust", r"cargo\s+(?:\+\S+\s+)?(?:build|install)")._replace(split="rust-toolchain-shipped"),
    _plain("dotnet", r"dotnet\s+(?:publish|build)")._replace(split="dotnet-toolchain-shipped"),
    _plain("mono and dnx", r"msbuild|xbuild|dnu")._replace(split="dotnet-toolchain-shipped"),
    _plain("haskell", r"(?:stack|cabal)\s+(?:-\S+\s+)*(?:build|install|new-build|new-install)")._replace(
        split="haskell-toolchain-shipped"
    ),
    _plain("elixir and erlang", r"mix\s+(?:compile|release|do)|rebar3?\s+(?:compile|release|as)")._replace(
        split="elixir-toolchain-shipped"
    ),
    _plain("swift", r"swift\s+build")._replace(split="swift-toolchain-shipped"),
    _plain("static sites", r"hugo|jekyll\s+build|mkdocs\s+build|middleman\s+build|sphinx-build")._replace(
        split="site-generator-shipped"
    ),
    Language(
        "python with compilers",
        re.compile("pip"),
        (
            re.compile(
                r"(?s)(?=.*\bpip[\d.]*\s+install\b)(?=.*(?<![\w-])(?:build-essential|build-base|gcc|g\+\+|python\d?-dev)(?![\w-]))"
            ),
        ),
        split="python-compilers-shipped",
        brings=_COMPILERS,
    ),
    Language(
        "ruby with compilers",
        re.compile("bundle|gem"),
        (
            re.compile(
                r"(?s)(?=.*\b(?:bundle|gem)\s+install\b)(?=.*\b(?:build-essential|build-base|gcc|g\+\+|ruby\S*-dev)\b)"
            ),
        ),
        split="ruby-compilers-shipped",
        brings=_COMPILERS,
    ),
    Language(
        "php with composer",
        re.compile("composer"),
        (
            re.compile(
                rf"(?:^|[\s;&|({{/\"'])composer[\d.]*(?:\.phar)?[\"']?\s+{_OPTIONS}(?:{_INSTALLS})(?![\w.-])",
                re.MULTILINE,
            ),
        ),
        split="php-toolchain-shipped",
        serves=re.compile(r"(?:library/)?php:(?:\S*-)?(?:apache|fpm)(?:-\S*)?"),
    ),
    Language(
        "php with headers",
        re.compile("docker-php-ext|pecl|phpize"),
        (
            re.compile(
                rf"(?s)(?=.*(?:docker-php-ext-install|\bpecl\s+install|[;&]\s*(?:\S*/)?phpize\b))(?=.*{_HEADERS.pattern})"
            ),
        ),
        split="php-headers-shipped",
        steps=("consecutive-runs",),
        brings=_HEADERS,
    ),
)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", help='gzipped JSON lines with "id" and "text"')
    parser.add_argument("--only", default="", help="one language, with its reasons")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--show", type=int, default=0, help="print so many proposals of it, drawn at random")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--names", default="", help="print the ids of this kind")
    asked = parser.parse_args()
    files = load(asked.corpus, 0, asked.seed)
    found: dict[str, list[tuple[str, Became]]] = {}
    with get_context("spawn").Pool(asked.jobs) as pool:
        for language in LANGUAGES:
            if asked.only in ("", language.name):
                jobs = [(language, text) for _, text in files]
                became_ = pool.imap(became, jobs, chunksize=256)
                found[language.name] = [(name, one) for (name, _), one in zip(files, became_, strict=True) if one.kind]
    if not found:
        parser.error(f"no language {asked.only}: there are {', '.join(one.name for one in LANGUAGES)}")
    summary(found)
    for looked_at in found.values():
        if asked.only:
            reasons(looked_at)
        for name, one in looked_at:
            if one.kind == asked.names:
                print(f"{name}  {one.why}")
        proposals = [(name, one) for name, one in looked_at if one.kind in ("review", "show")]
        for name, one in random.Random(asked.seed).sample(proposals, min(asked.show, len(proposals))):
            print(f"\n=== {name}\n{one.text}")
    return int(any(one.kind == "silent" for looked_at in found.values() for _, one in looked_at))


def became(job: tuple[Language, str]) -> Became:
    """What the transforms of a language say about a file; of the empty kind where it builds nothing of it in what ships."""
    language, text = job
    if not language.sign.search(text.lower()):
        return Became("")
    shipped = stages(text)
    if not any(builds(stage, language) for stage in shipped):
        return Became("")
    chosen = tuple(one for one in pipeline() if one.name in (*language.steps, language.split))
    report = run(chosen, text, Ask(settings=Settings(level=Safety.SHOW)))
    if report.status is Status.UNREADABLE or report.notes:
        return Became("unread", plain(report.reason or report.notes[0]))
    told = by_text(shipped, language)
    one = judged(report, language.split, told) if language.split else told or Became("no transform")
    several = len(re.findall(r"^\s*FROM\s", text, re.MULTILINE | re.IGNORECASE)) > 1
    return Became("several stages", f"{one.kind}: {one.why}") if several else one


def judged(report: Report, split: str, unsaid: Became | None) -> Became:
    """What the report says; ``unsaid`` is what plain text tells of a file of which nothing is said."""
    for each in report.findings:
        if each.transform == split and each.outcome is Outcome.APPLIED:
            facts = "\n".join(f"# {fact}" for one in report.findings for fact in one.because)
            return Became(
                each.safety.name.lower(), plain(each.title), f"{report.before}\n----->\n{report.text}\n{facts}"
            )
    if report.crashed:
        return Became("silent", f"crashed: {report.crashed[0]}")
    why = next((each.why for each in report.declined if each.transform == split), "")
    if not why and unsaid is not None and unsaid.kind == "kept":
        return unsaid
    why = why or next((each.why for each in report.declined if each.transform == UNREAD), "")
    if not why:
        return unsaid or Became("silent", plain(next((each.title for each in report.findings), "")))
    kind = next((kind for start, kind in KINDS if start in why[:60]), "declined")
    return Became(kind, plain(why))


_SHELL = re.compile(r"\W*(?:(?:usr/)?bin/)?(?:ba|z|da|a)?sh\W*(?:-[ilc]+\W*)*|\[\s*\]", re.DOTALL)
_CONTINUED = re.compile(r"\\[ \t]*\n")
_PRINTED = re.compile(r"""echo\s+(?:'[^']*'|"[^"]*")""")
_TAKEN_AWAY = re.compile(
    r"\b(?:apt-get|apt|apk|yum|dnf|aptitude)\b[^;&|\n]*\b(?:purge|remove|autoremove|del|erase)\b|\bapt-mark\s+auto\b"
    r"|\brm\b[^;&|\n]*\s(?:/usr/local)?/go\b"
)
_INSTALLED = re.compile(
    r"\b(?:apt-get|apt|apk|yum|dnf|microdnf|aptitude|zypper)\b[^;&|\n]*\b(?:install|add|groupinstall)\b"
)


def by_text(shipped: list[list[str]], language: Language) -> Became | None:
    """What a file of which nothing is said would be, by plain text; None where that shows no reason."""
    lines = [line for stage in reversed(shipped) for line in stage[1:]]
    starts = [line.partition(" ")[2] for line in lines if line.startswith(("CMD ", "ENTRYPOINT "))]
    image = (shipped[-1][0].split() or [""])[0]
    serves = not starts and language.serves is not None and language.serves.fullmatch(image)
    if "onbuild" not in image and not serves and (not starts or all(_SHELL.fullmatch(one) for one in starts)):
        return Became("kept", "it starts no program of its own")
    if language.others is not None and language.others.fullmatch(image):
        return Became("other", "its image is one of another language")
    runs = [_CONTINUED.sub(" ", line) for line in lines if line.startswith("RUN ")]
    if language.brings is None:
        bring = [run for run in runs if any(sign.search(run.removeprefix("RUN ")) for sign in language.signs)]
    else:
        bring = [
            run for run in runs if language.brings.search(run) and (_INSTALLED.search(run) or _GO_ARCHIVE.search(run))
        ]
    if bring and all(_TAKEN_AWAY.search(run) for run in bring):
        return Became("gone", "each RUN that brings what compiles takes packages away again")
    if language.others is not None and not bring:
        return Became("other", "no RUN installs a compiler")
    return None


def stages(text: str) -> list[list[str]]:
    """The last stage and those of the file that it is built FROM, each as its instructions."""
    try:
        instructions = read(text).instructions
    except Unreadable:
        return []
    found: list[list[str]] = []
    names: dict[str, int] = {}
    for each in instructions:
        if each.name == "FROM":
            found.append([each.body.text])
            words = each.body.text.split()
            if len(words) == 3:
                names.setdefault(words[2].lower(), len(found) - 1)
        elif found:
            found[-1].append(f"{each.name} {each.body.text}")
    if not found:
        return []
    line, at = [found[-1]], len(found) - 1
    while (parent := names.get((found[at][0].split() or [""])[0].lower(), at)) < at:
        line.append(found[parent])
        at = parent
    return line


def builds(stage: list[str], language: Language) -> bool:
    """True for a stage on an image of the language's toolchain, and for one that installs or calls it."""
    image = (stage[0].split() or [""])[0]
    runs = "\n".join(_CONTINUED.sub(" ", line.removeprefix("RUN ")) for line in stage if line.startswith("RUN "))
    runs = _PRINTED.sub("echo", runs)
    named = "\n".join(line for line in stage if line.startswith("ENV "))
    called = any(sign.search(runs) for sign in language.signs) or (language.named and language.named.search(named))
    return bool(called or (language.image and language.image.fullmatch(image)))


def summary(found: dict[str, list[tuple[str, Became]]]) -> None:
    """One line per language, the most frequent builds that ship first."""
    print("builds that ship  language: what becomes of them; what is beside them")
    rows = []
    for name, looked_at in found.items():
        kinds = Counter(one.kind for _, one in looked_at)
        own = sum(kinds[kind] for kind in _SHIPS)
        told = ", ".join(f"{kinds[kind]} {kind} ({kinds[kind] / own:.1%})" for kind in _SHIPS if kinds[kind])
        beside = ", ".join(f"{kinds[kind]} {kind}" for kind in _ORDER if kinds[kind])
        rows.append((own, f"{name}: {told}; {len(looked_at)} files, of which {beside or 'no other'}"))
    for own, line in sorted(rows, reverse=True):
        print(f"{own:>16}  {line}")


def reasons(looked_at: list[tuple[str, Became]]) -> None:
    for kind in ("kept", "other", "several stages", "unread", "declined", "silent"):
        found = Counter(one.why for _, one in looked_at if one.kind == kind)
        table(kind.capitalize(), ((count, why) for why, count in found.most_common()))


if __name__ == "__main__":
    sys.exit(main())
