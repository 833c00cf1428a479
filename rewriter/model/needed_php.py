"""What a stage on the image of PHP needs of Debian: its commands, and what they compile.

Sources: Dockerfiles and scripts of github.com/docker-library/php; functional differences from musl: wiki.musl-libc.org.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rewriter import posixpath
from rewriter.knowledge import libraries
from rewriter.model.command import Command

if TYPE_CHECKING:
    from rewriter.model.needed_commands import Judge, Site

#: the packages to compile extensions with, which Debian's variants keep and Alpine's have only while docker-php-ext-* runs
DEPENDENCIES: Final = "$PHPIZE_DEPS"
_COMPILING: Final = frozenset("pecl phpize make gcc g++ cc autoconf pkg-config re2c".split())
#: extensions that ask musl's system for what glibc has by itself
_OF_GLIBC: Final = {
    "gettext": "is inside of glibc",
    "iconv": "is another one in musl",
}
#: of extensions that come as archives of their maker, linked to glibc
_CLOSED: Final = (
    "ioncube",
    "sqlsrv",
    "pdo_sqlsrv",
    "pdo_oci",
    "oci8",
    "newrelic",
    "blackfire",
    "zend-loader",
    "sourceguardian",
)
_ICU: Final = "ICU needs no texts but those of English: on Alpine 3.16 and later icu-data-full brings the others"
#: commands of Composer that install nothing
_TELLING: Final = frozenset(
    "clear-cache clearcache config self-update selfupdate validate check-platform-reqs diagnose about".split()
)


def is_its_own(judge: Judge, name: str, command: Command, site: Site) -> bool:
    """Judge a command of the image, or one that compiles for it; False for any other."""
    needs, line = judge.needs, site.line
    words = [word.value or word.raw for word in command.arguments]
    closed = next((one for one in _CLOSED for word in words if one in word.lower()), "")
    if closed:
        needs.not_alpine(f"line {line} names {closed}, whose files are linked to glibc")
    if name in _COMPILING:
        needs.need_on_alpine(DEPENDENCIES, f"line {line} calls {name}, which compiles", site.index)
        needs.ask(f"line {line}: what {name} compiles does so with musl too")
        return True
    if name == "composer":
        _composer(judge, command, site)
        return True
    if name.startswith("docker-php-ext-"):
        odd = next((word for word in words if word in _OF_GLIBC), "")
        if odd and name.endswith("-install"):
            needs.not_alpine(f"line {line} installs {odd}, which {_OF_GLIBC[odd]}")
        if "intl" in words and name.endswith("-install"):
            needs.ask(_ICU)
        if "sockets" in words and name.endswith("-install") and not 0 < judge.major < 8:
            why = f"line {line} compiles sockets, which includes headers of Linux since PHP 8"
            needs.need_on_alpine("linux-libc-dev", why, site.index)
        return True
    return False


def is_composer(address: str) -> bool:
    """True for the address of Composer, which is one file in PHP and needs nothing of the system."""
    return "://getcomposer.org/" in address


def _composer(judge: Judge, command: Command, site: Site) -> None:
    """Composer, which is PHP: what it installs, by composer.lock, and the scripts that run with that."""
    needs, line = judge.needs, site.line
    if command.subcommand in _TELLING:
        return
    given = command.option("-d", "--working-dir")
    folder = given if given is None or isinstance(given, str) else given.value
    folder = command.cwd if given is None else folder
    place = None if folder is None else posixpath.join(command.cwd or "/", folder)
    manifest = None if place is None else judge.tree.text(posixpath.join(place, "composer.json"), site.index)
    if (
        command.subcommand not in ("install", "update", "dump-autoload", "dumpautoload")
        or place is None
        or manifest is None
    ):
        needs.ask(
            f"line {line}: what composer brings is not seen (composer.json and composer.lock of the context would tell)"
        )
        return
    lock = (
        judge.tree.text(posixpath.join(place, "composer.lock"), site.index) if command.subcommand != "update" else None
    )
    from rewriter.model import composer_lock  # here: few files show it

    project = composer_lock.read(manifest, lock, not command.has("--no-dev"))
    if project is None:
        needs.ask(f"line {line}: composer.json or composer.lock cannot be read")
        return
    for extension, by in project.extensions:
        if extension.startswith(_CLOSED):
            needs.not_alpine(f"{by} wants the extension {extension}, whose files are linked to glibc")
        elif extension == "iconv":
            needs.ask(f"{by} wants iconv, and asks it for nothing that musl's lacks (//TRANSLIT)")
        elif extension == "intl":
            needs.ask(_ICU)
    for name in project.packages:
        if libraries.brings_glibc("php", name):
            needs.not_alpine(f"{name} of composer.lock brings a program that is linked to glibc")
    if lock is None and command.subcommand == "install":
        needs.ask(
            f"line {line}: which packages composer installs is not seen (composer.lock of the context would tell)"
        )
    if not command.has("--no-scripts"):
        for text in project.commands:
            judge.scripts.text(text, place, site, "a script of composer.json that runs with the installation")
        if project.runs:
            needs.ask(
                f"line {line}: PHP of the project runs with the installation, and what that calls is not followed"
            )
    if lock is not None:
        needs.fact(f"composer.lock names the {len(project.packages)} packages that line {line} installs")


def program(judge: Judge) -> None:
    """What no reader of the file sees of any program in PHP."""
    judge.needs.users.add("www-data")
    judge.needs.ask("the program asks for nothing that musl lacks: locales, GLOB_BRACE, iconv with //TRANSLIT")
    judge.needs.ask("no volume has files of www-data, whose number is 33 on Debian and 82 on Alpine")
