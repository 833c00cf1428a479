"""Reading a stage on an image of PHP: where extensions, settings and what Composer installs lie, and what only builds."""

from __future__ import annotations

from typing import Final

from rewriter import posixpath
from rewriter.knowledge import dev_packages, languages, programs
from rewriter.model import paths, split_again, split_c_setup, split_php_calls, split_php_composer, split_php_system
from rewriter.model.command import Command
from rewriter.model.copied import Copied
from rewriter.model.effect import Effect
from rewriter.model.run import Run
from rewriter.model.split_page import Call, Page
from rewriter.model.split_php_system import ROOT
from rewriter.model.split_purpose import KEPT
from rewriter.model.split_stage import Against, Shipped
from rewriter.model.split_traces import Traces

#: where files say where packages come from
_SOURCES: Final = ("/etc/apt", "/usr/share/keyrings", "/etc/apk/repositories", "/etc/apk/keys")
_SHARED: Final = frozenset(("", "/", "/tmp", "/usr/local", "/usr/src", "/root", "/opt"))
_MODULES: Final = frozenset(("npm", "cnpm", "yarn", "pnpm", "npx", "bower", "gulp", "grunt", "webpack", "node"))


class PhpPage(Page):
    """``version`` is that of PHP, () where it is not known; ``release`` that of Debian, or "". ``dropped`` are the packages that
    stay in the builder, ``lone`` what PHP runs in the build, ``extended`` is True where extensions are compiled, ``first`` are
    commands that change what the base image has, ``installed_by`` the calls of Composer that install, ``tools`` what a COPY
    brings to build with, ``homes`` folders of programs that Composer installs for everybody."""

    same_image = True
    from_stages = True
    wholes = frozenset((ROOT, "/var/www", "/opt", "/home"))
    empty = frozenset(("/usr/src", "/srv", "/mnt", "/tmp"))

    def __init__(self, traces: Traces, stage: Shipped, version: tuple[int, ...], release: str) -> None:
        super().__init__("php", traces)
        self.stage = stage
        self.version = version
        self.release = release
        self.installed = [*languages.listed("php", "settings"), *languages.listed("php", "extensions")]
        self.dropped: list[str] = []
        self.lone: list[str] = []
        self.first: list[str] = []
        self.tools: list[str] = []
        self.homes: list[str] = []
        self.installed_by: list[split_php_composer.Installation] = []
        self.extended = False

    def leaves(self, run: Run, command: Command, tool: str, effect: Effect | None) -> str | None:
        arguments = split_php_calls.composer(command)
        if arguments is not None:
            return split_php_composer.leaves(self, run, command, arguments)
        if tool in ("php", "php5", "php7"):
            return split_php_system.runs(self, run, command)
        if tool in self.words("builders") or tool in ("docker-php-ext-enable", "docker-php-source", "pear"):
            return self._extension(command, tool)
        if tool in ("make", "configure") and any(one.tool == "phpize" for one in run.commands):
            return ""  # its files go where docker-php-ext-install would put them
        if tool in _MODULES:
            return self._of_node(run, command, tool)
        if tool in ("sh", "bash") and "nodesource.com/setup" in run.visible.text:
            return ""  # Node.js, which stays
        if tool == "dpkg" and command.has("--print-architecture", "--configure", "-l", "-s", "-L"):
            return ""
        if tool == "patch":
            return self.here(run, command, command.cwd)
        if tool in ("find", "xargs"):
            return split_php_system.many(self, run, command, tool)
        if tool in split_c_setup.SETTERS or tool == "dpkg-reconfigure":
            return split_c_setup.settings(self, command, tool)
        if tool in languages.names("c", "repeated"):
            return split_again.repeated(self, command)
        state, cwd = (run.state, command.cwd) if effect is None else (effect.state, effect.cwd)
        if tool == "ln":
            operands = [paths.literal(word, command, state) for word in command.operands]
            own = bool(operands) and operands[-1] is not None and self.own_file(operands[-1])
            return "" if own else split_again.linked(self, command, state, cwd)
        if tool in ("chown", "chmod"):
            return split_php_system.gives(self, run, command)
        if tool == "rm":
            return split_php_system.deletes(self, run, command)
        if tool in ("usermod", "groupmod"):
            return split_php_system.changes_user(self, run, command)
        if tool == "sed" and command.has("-i", "--in-place") and split_php_system.edits_settings(self, run, command):
            return ""
        return super().leaves(run, command, tool, effect)

    def here(self, run: Run, command: Command, folder: str | None) -> str:
        """Something builds in a folder, which goes along; why that is not known, or ""."""
        if folder is None:
            return "the folder in which it builds is not known"
        self.calls.append(Call(run, command, posixpath.normpath(folder)))
        return ""

    def _extension(self, command: Command, tool: str) -> str:
        """What compiles extensions, or switches one on."""
        if tool == "install-php-extensions":
            return "install-php-extensions installs libraries of its own choice, which the final stage would lack"
        installs = tool not in ("pecl", "pear") or command.subcommand in ("install", "upgrade", "bundle")
        if tool == "pear" and installs:
            self.installed.append("/usr/local/lib/php")
        self.extended = self.extended or (installs and tool not in ("docker-php-source", "docker-php-ext-configure"))
        return ""

    def _of_node(self, run: Run, command: Command, tool: str) -> str:
        """Modules of a front end, which lie beside the program; tools for everybody stay in the builder."""
        everybody = command.has("-g", "--global") or command.subcommand == "global"
        if everybody or command.has("-v", "--version") or command.subcommand in ("cache", "config", "set"):
            return ""
        self.lone.append(f"{tool} {command.subcommand}".strip())
        return self.here(run, command, command.cwd)

    def stays(self, copy: Copied) -> bool:
        if copy.flag("from") is None:
            return False
        tools = self.words("tools") | {"install-php-extensions"}
        names = [posixpath.basename(one.rstrip("/")) for one in copy.sources]
        shared = copy.target.startswith("/usr/local/lib/node_modules")
        if not names or not (shared or all(name in tools for name in names)):
            return False
        self.tools += [name for name in names if name not in self.tools and not name.startswith("composer")]
        return True

    def own_file(self, path: str) -> bool:
        """True for Composer itself, where it is kept and what it caches, and for sources of PHP."""
        own = self.words("tools")
        if any(part in own and part.startswith(".") for part in path.split("/")):
            return True
        folder, name = posixpath.split(path)
        if posixpath.basename(folder) in own and name in own:  # where mv may have made a file, or a folder of that name
            folder = posixpath.dirname(folder)
        shared = folder in languages.names("every", "programs") | _SHARED
        return (shared and name in own) or paths.inside(path, "/usr/src/php")

    def followed(self) -> None:
        files = {*self.traces.folders.files, *(path for path, _ in self.traces.written)}
        self.sources = [one for one in _SOURCES if any(paths.inside(path, one) for path in files)]
        packages = self.traces.packages
        packages += [one for one in self._left_behind() if one not in packages]
        if "/etc/apache2" in self.installed and any(
            paths.inside(one, "/etc/apache2") for one in [*files, *self.copied]
        ):
            self.again = [one for one in self.again if not one.startswith("a2en")]
        touched = [*files, *self.copied]
        if self.extended:
            touched += ["/usr/local/etc/php/conf.d", *languages.listed("php", "extensions")]
        self.first = [one for one in self.first if one.removeprefix("rm -rf ") not in self.lies.values()]
        self.installed = [self._narrow(one, touched) for one in self.installed]
        self.installed = [*(one for one in self.installed if one), *self.homes]

    def _narrow(self, place: str, touched: list[str]) -> str:
        """The folder of settings that something is put into, or ""."""
        inside = [one for one in touched if paths.inside(one, place)]
        php = "/usr/local/etc/php"
        narrow = place == "/usr/local/etc" and all(paths.inside(one, php) for one in inside)
        return "" if not inside else php if narrow else place

    def serves_the_build(self, package: str) -> bool:
        build = super().serves_the_build(package)
        if build and package not in self.dropped:
            self.dropped.append(package)
        return build

    def _left_behind(self) -> list[str]:
        """The libraries of -dev packages that are taken away again: what is compiled needs them.

        Raises:
            Against: which they are is not known.
        """
        found: list[str] = []
        for package in (one for one in self.traces.removed if one.endswith("-dev")):
            libraries = self._libraries(package)
            beside = any(one.startswith(package.removesuffix("-dev")) for one in self.traces.packages)
            if libraries is None and not beside and not super().serves_the_build(package):
                why = f"which library {package} leaves, that is taken away again, is not known"
                raise Against(self.stage.stage.steps[0], why)
            found += libraries or []
        return found

    def instead(self, package: str) -> list[str] | None:
        found = self._libraries(package)
        if found is not None and package not in self.dropped:
            self.dropped.append(package)
        return found

    def _libraries(self, package: str) -> list[str] | None:
        """The packages that bring the libraries of a -dev package, or of a compiler; None where they are not known."""
        if self.stage.alpine is not None:
            found = dev_packages.libraries("alpine", package) or dev_packages.libraries("php-alpine", package)
            return list(found) or None
        if self._own(package):
            return []
        return list(dev_packages.of_php(package, self.release)) or None

    def _own(self, package: str) -> bool:
        """True for headers of a library that PHP itself links."""
        since = [("own-7-2", (7, 2)), ("own-7-4", (7, 4))]
        newer = any(package in self.words(key) and self.version[:2] >= first for key, first in since)
        return package in self.words("own") or newer

    def of_another(self, tool: str) -> str:
        return kept(tool)

    def brings(self, tool: str) -> bool:
        return tool in self.traces.packages or programs.package(tool) in self.traces.packages

    def builds(self, words: list[str]) -> bool:
        return words[0] in self.words("develops") or super().builds(words)

    def question(self, path: str) -> str:
        return f"does {path} call neither Composer nor git, and nothing else that the final stage lacks?"


def kept(tool: str) -> str:
    """Why an image that starts this program is one to work in, or of another language; or ""."""
    if tool in languages.names("php", "develops"):
        return f"{KEPT}: it starts the build tool {tool}"
    if tool == "sshd":
        return f"{KEPT}: people log in by sshd, and may build"
    runtimes = languages.names("c", "runtimes") - {"php", "php-fpm"}
    return f"PHP is one tool of several: it starts {tool}" if tool in runtimes else ""
