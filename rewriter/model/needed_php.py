"""What a stage on the image of PHP needs of Debian: its commands, and what they compile.

Sources: Dockerfiles and scripts of github.com/docker-library/php; functional differences from musl: wiki.musl-libc.org.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

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
_CLOSED: Final = ("ioncube", "sqlsrv", "oci8", "newrelic", "blackfire", "zend-loader", "sourceguardian")


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
    if name.startswith("docker-php-ext-"):
        odd = next((word for word in words if word in _OF_GLIBC), "")
        if odd and name.endswith("-install"):
            needs.not_alpine(f"line {line} installs {odd}, which {_OF_GLIBC[odd]}")
        if "sockets" in words and name.endswith("-install") and not 0 < judge.major < 8:
            why = f"line {line} compiles sockets, which includes headers of Linux since PHP 8"
            needs.need_on_alpine("linux-libc-dev", why, site.index)
        return True
    return False


def program(judge: Judge) -> None:
    """What no reader of the file sees of any program in PHP."""
    judge.needs.users.add("www-data")
    judge.needs.ask("the program asks for nothing that musl lacks: locales, GLOB_BRACE, iconv with //TRANSLIT")
    judge.needs.ask("no volume has files of www-data, whose number is 33 on Debian and 82 on Alpine")
