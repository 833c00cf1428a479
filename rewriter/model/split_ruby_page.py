"""Reading a stage that installs gems: where RubyGems and Bundler put them, and what may call a compiler later."""

from __future__ import annotations

from typing import Final

from rewriter import posixpath
from rewriter.knowledge import dev_packages, images, languages, programs
from rewriter.knowledge.unknown import Unknown
from rewriter.model import paths, split_purpose, split_ruby_calls, split_start
from rewriter.model.command import Command
from rewriter.model.effect import Effect
from rewriter.model.run import Run
from rewriter.model.split_page import Call, Page
from rewriter.model.split_ruby_calls import BUNDLE
from rewriter.model.split_stage import Against, Shipped
from rewriter.model.split_traces import Traces

_ASKS: Final = frozenset(
    "list env sources source cleanup uninstall search query version config help check show outdated -v --version info clean lock "
    "doctor platform which fetch".split()
)
_ELSEWHERE: Final = ("-i", "--install-dir", "-n", "--bindir", "--user-install", "--build-root")
#: releases of Debian whose apt speaks no https by itself, and those that are not known
_OLD: Final = ("", "jessie", "stretch")
#: where files say where packages come from
_SOURCES: Final = ("/etc/apt", "/usr/share/keyrings")


class RubyPage(Page):
    """``distribution`` is True where Ruby is a package of Debian or Ubuntu; ``release`` is that of Debian, "alpine", or "".
    ``gems`` are those that ``gem install`` names, ``dropped`` the packages that stay in the builder, ``lone`` what runs in the
    build. ``newer`` is True where RubyGems itself is updated, ``bundled`` where Bundler installs, ``home`` where it keeps
    settings in root's home, ``settings`` where it may not, ``shared`` where gems go into the folder of the image, ``git`` where
    a gemspec of the context calls git."""

    wholes = frozenset(("/opt", "/home"))
    empty = frozenset(("/usr/src", "/srv", "/mnt", "/tmp"))

    def __init__(self, traces: Traces, stage: Shipped, distribution: bool, release: str) -> None:
        super().__init__("ruby", traces)
        self.stage = stage
        self.distribution = distribution
        self.release = release
        self.gems: list[str] = []
        self.dropped: list[str] = []
        self.lone: list[str] = []
        self.newer = False
        self.bundled = False
        self.home = False
        self.settings = False
        self.shared = False
        self.git = False

    def leaves(self, run: Run, command: Command, tool: str, effect: Effect | None) -> str | None:
        name = split_ruby_calls.tool_of(command)
        if name in ("gem", "bundle", "bundler") and not split_ruby_calls.own(command):
            return f"{name} is called by its path: where the gems of that Ruby go is not known"
        if name == "gem":
            return self._gem(run, command)
        if name in ("bundle", "bundler"):
            return self._bundle(run, command)
        if name in ("sh", "bash") and "nodesource.com/setup" in run.visible.text:
            self.traces.folders.files |= {f"{one}/nodesource" for one in _SOURCES}
            self.traces.installed |= {"ca-certificates", *(["apt-transport-https"] if self.release in _OLD else [])}
            return ""
        if name in ("npm", "yarn") and not command.has("-g", "--global") and command.subcommand != "global":
            return self._here(run, command)  # modules of a front end, beside the program
        if name in self.words("runs"):
            words = [word.value or "" for word in command.arguments]
            return "" if words[:1] in (["-v"], ["--version"]) else self._script(run, command, [name, *words])
        return super().leaves(run, command, tool, effect)

    def followed(self) -> None:
        files = {*self.traces.folders.files, *(path for path, _ in self.traces.written)}
        self.sources = [one for one in _SOURCES if any(paths.inside(path, one) for path in files)]
        if self.distribution and not any(name.startswith("ruby") for name in self.traces.installed):
            raise Against(self.stage.stage.steps[0], "which Ruby it is cannot be told: no package of it is installed")
        if not self.bundled and set(self.gems) <= {"bundler"}:
            first = self.stage.stage.steps[0]
            raise Against(first, f"{split_purpose.KEPT}: no RUN installs gems but Bundler, so that a container does")

    def _gem(self, run: Run, command: Command) -> str:
        sub = command.subcommand
        if not sub or sub in _ASKS:
            return ""
        if sub == "update":
            self.newer = self.newer or command.has("--system")
            self.shared = True
            return ""
        if sub == "build":
            return self._here(run, command)
        if sub not in ("install", "i"):
            return f"what gem {sub} leaves is not known"
        if any(word.raw.partition("=")[0] in _ELSEWHERE for word in command.arguments):
            return "gem installs into a folder that is not its own"
        why = self._allowed(run)
        if why:
            return why
        self._kept_in(run)
        self.gems += [(word.value or word.raw).partition(":")[0] for word in command.operands]
        return ""

    def _allowed(self, run: Run) -> str:
        """Why gems may lie elsewhere, or ""."""
        own = self._home(run)
        if own is None:
            return "where gems go is not known: GEM_HOME or BUNDLE_PATH is only known when it runs"
        if self.distribution and not run.state.root and not own:
            return "gems are installed as another user than root, into the home of that"
        return ""

    def _home(self, run: Run) -> str | None:
        """The folder that variables name for gems, "" for none but the image's, None when it is not known."""
        for name in ("BUNDLE_PATH", "GEM_HOME"):
            if name in run.state.environment:
                value = run.state.environment[name]
                if value is None or "$" in value:
                    return None
                return "" if value == BUNDLE else value
        return ""

    def _kept_in(self, run: Run) -> None:
        """The gems of this RUN go into the folder of the image, or the one that a variable names."""
        own = self._home(run)
        if not own:
            self.shared = True
        elif own.startswith("/"):
            self._place(own, run)

    def _place(self, path: str, run: Run) -> None:
        path = posixpath.normpath(path)
        self.traces.folders.make(path, run.state.user)
        if path not in self.places and not any(paths.inside(path, one) for one in self.places):
            self.places.append(path)

    def _bundle(self, run: Run, command: Command) -> str:
        sub = command.subcommand or "install"
        if command.has("--version", "-v") or (sub.startswith("_") and sub.endswith("_")):
            versioned = command.operands
            sub = (versioned[0].value or "") if versioned and not command.has("--version", "-v") else "version"
        if sub in ("exec", "e"):
            words = [word.value or "" for word in command.arguments if not word.raw.startswith("-")][1:]
            return self._script(run, command, words)
        if sub == "config":
            return self._config(run, command)
        if sub in _ASKS:
            return ""
        if sub in ("package", "cache", "pack", "binstubs", "init", "add"):
            return self._here(run, command)
        if sub not in ("install", "i", "update"):
            return f"what bundle {sub} leaves is not known"
        why = self._allowed(run)
        if why or command.cwd is None:
            return why or "the folder in which Bundler runs is not known"
        given = command.option("--gemfile")
        name = given if isinstance(given, str) or given is None else paths.symbolic(given, run.state)
        cwd = posixpath.normpath(posixpath.join(command.cwd, posixpath.dirname(name or "")))
        place = command.option("--path")
        path = place if isinstance(place, str) or place is None else paths.symbolic(place, run.state)
        if path is not None and "$" in path:
            return "where Bundler puts gems is not known"
        return self._installed(run, command, cwd, path)

    def _installed(self, run: Run, command: Command, cwd: str, path: str | None) -> str:
        """``bundle install`` in a folder, with gems below ``path``."""
        self.bundled = True
        if path is not None and path.startswith("/"):
            if path.rstrip("/") == BUNDLE:
                self.shared = True
            else:
                self._place(path, run)
        elif path is None and not command.has("--deployment", "--standalone"):
            self._kept_in(run)
        if not self.traces.folders.known(cwd) or cwd in self.traces.folders.made or cwd in self.empty:
            self.calls.append(Call(run, command, cwd))
        elif path is not None and not path.startswith("/"):
            return f"Bundler puts gems below {cwd}, where the base image has files of its own"
        return ""

    def _config(self, run: Run, command: Command) -> str:
        """``bundle config``: settings that the program needs go along, with the gems, the program or the home."""
        newer, name, values = split_ruby_calls.setting(command)
        if not values:
            return ""
        if name == "path":
            value = values[0] if len(values) == 1 else "$"
            if "$" in value:
                return "where Bundler puts gems is not known"
            if value.startswith("/") and value.rstrip("/") != BUNDLE:
                self._place(value, run)
        local = command.has("--local") or (newer and not command.has("--global") and bool(self.copied))
        if not local:
            if not run.state.root:
                return "Bundler keeps settings in the home of another user than root"
            self.home = True
            self.settings = self.settings or not command.has("--global")
        elif self.distribution:
            return self._here(run, command)
        else:
            self.shared = True
        return ""

    def _script(self, run: Run, command: Command, words: list[str]) -> str:
        if not words or (words[0] == "ruby" and (not words[1:] or words[1].startswith("-"))):
            return "what Ruby runs there is not seen"
        why = self._here(run, command)
        self.lone.append(" ".join([one for one in words if "=" not in one][:3]))
        return why

    def _here(self, run: Run, command: Command) -> str:
        if command.cwd is None:
            return "the folder in which it builds is not known"
        self.calls.append(Call(run, command, command.cwd))
        return ""

    def serves_the_build(self, package: str) -> bool:
        if package in ("git", "git-core") and self.git:
            return False
        own = self.words("compilers") | self.words("own")
        build = super().serves_the_build(package) or package in own or split_ruby_calls.headers(package)
        if build and package not in self.dropped:
            self.dropped.append(package)
        return build

    def instead(self, package: str) -> list[str] | None:
        if self.distribution and package.startswith("ruby"):
            found = [package.removesuffix("-dev") if package.endswith("-dev") else "ruby"]
            return found if self.serves_the_build(package) else None
        named = self.release or images.named_release(self.stage.stage.image)
        tables = [] if dev_packages.changes(package) and not named else ["ruby"]
        tables += ["debian"] if self.release == "stable" or dev_packages.named_in(self.release) else []
        tables = ["alpine"] if self.stage.alpine else tables
        libraries = [one for table in tables for one in dev_packages.libraries(table, package)]
        mysql = dev_packages.linked("gems", self.release).get("mysql2", "")
        if mysql and package in ("default-libmysqlclient-dev", "libmysqlclient-dev", "libmariadb-dev"):
            libraries = [mysql]
        if libraries and package not in self.dropped:
            self.dropped.append(package)
        return list(dict.fromkeys(libraries)) or None

    def of_another(self, tool: str) -> str:
        """A program of a package of Debian, by its name: it lies in no folder of gems."""
        ours = self.brings(tool) or tool in self.words("starts") | languages.names("every", "web")
        shell = tool in split_start.OWN or tool in languages.names("every", "idle") or programs.in_debian(tool)
        if ours or shell or "/" in tool or isinstance(programs.package(tool), Unknown):
            return ""
        return f"Ruby is one tool of several: it starts {tool}"

    def brings(self, tool: str) -> bool:
        if tool in self.words("servers"):
            return True
        named = any(tool == one or tool.startswith(f"{one}-") or one.startswith(f"{tool}-") for one in self.gems)
        return named and tool not in languages.names("c", "runtimes") and not programs.builtin(tool)

    def starts(self, command: Command, places: list[str]) -> str:
        words = [word.value or "" for word in command.arguments]
        return split_ruby_calls.starts_build(command.tool, words)

    def builds(self, words: list[str]) -> bool:
        return super().builds(words) or split_ruby_calls.starts_build(words[0], words[1:]) != ""

    def question(self, path: str) -> str:
        return f"does {path} call neither a compiler nor `bundle install`, and nothing that the final stage lacks?"
