"""A bare, shallow clone without file contents, and git run so that nothing of the repository or its server runs here.

No shell. No hooks and no ``ext::`` transport; no questions on the terminal. Credentials are those that git itself finds (its
credential helpers, ssh): a URL with a password in it is refused, as others could read it in the list of processes.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from dslim.bot.forge.trouble import Conflict, ForgeTrouble, NameTaken, NotFound, Refused, Unauthorized, Unavailable

_SECONDS = 600  # for one run of git
_CONFIGURATION = {
    "core.hooksPath": os.devnull,
    "core.fsmonitor": "false",
    "core.autocrlf": "false",
    "protocol.ext.allow": "never",
    "submodule.recurse": "false",
    "gc.auto": "0",
    "maintenance.auto": "false",
    "remote.origin.promisor": "true",
    "remote.origin.partialclonefilter": "blob:none",
}
# What git prints, as far as there is something else to do about it. The first that matches counts.
_TROUBLES: tuple[tuple[str, type[ForgeTrouble]], ...] = (
    (r"stale info|fetch first|non-fast-forward", Conflict),
    (r"directory file conflict|exists; cannot create|conflicting ref", NameTaken),
    (
        r"Authentication failed|could not read (Username|Password)|Permission denied \(|prompts disabled|: 401",
        Unauthorized,
    ),
    (r"remote rejected|protected|: 403|denied|not allowed|read-only", Refused),
    (r"not found|does not appear to be a git repository|does not exist|: 404", NotFound),
    (r"not our ref|unadvertised object|no such remote ref", NotFound),
)


def without_secret(text: str) -> str:
    """A URL, or a message with URLs, as it may be shown."""
    return re.sub(r"(?<=://)[^/\s]*@", "", text)


class Clone:
    """What is known here, in ``folder``, of the repository at ``url``. That is a URL, or a path."""

    def __init__(self, folder: Path, url: str) -> None:
        """Raises :class:`Refused` for a URL that git may take for an option or a program, or that holds a name or password."""
        if url.startswith("-") or re.match(r"[\w-]+::", url):
            raise Refused(f"{without_secret(url)}: git could run programs for it; use https://, ssh:// or a path")
        if re.match(r"https?://[^/]*@", url):  # also a name alone: a token may stand there
            raise Refused(
                f"{without_secret(url)}: no name, no password in a URL; give them to git's credential helper (gitcredentials(7))"
            )
        self._folder = folder
        self._url = url
        self._fetched: set[str] = set()
        if not (folder / "HEAD").exists():
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self.git("init", "--quiet", "--bare", ".")

    def git(
        self, *arguments: str, given: bytes = b"", more: Mapping[str, str] | None = None, good: Sequence[int] = (0,)
    ) -> bytes:
        """What git prints. Raises what its message means."""
        environment = {**os.environ, **_in_environment({**_CONFIGURATION, "remote.origin.url": self._url})}
        for name in ("GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_NAMESPACE"):
            environment.pop(name, None)
        environment |= {"GIT_DIR": str(self._folder), "GIT_ALLOW_PROTOCOL": "file:git:http:https:ssh"}
        environment |= {"GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C", **(more or {})}
        try:
            done = subprocess.run(
                ["git", *arguments],
                cwd=self._folder,
                env=environment,
                input=given,
                capture_output=True,
                timeout=_SECONDS,
                check=False,
            )
        except FileNotFoundError:
            raise Refused("git is not installed here, or not on PATH; plain git needs it") from None
        except subprocess.TimeoutExpired:
            raise Unavailable(f"git {arguments[0]}: no answer in {_SECONDS} s; it is tried again later") from None
        if done.returncode in good:
            return done.stdout
        said = without_secret((done.stderr + done.stdout).decode("utf-8", "replace"))
        kind = next((kind for match, kind in _TROUBLES if re.search(match, said, re.I)), Unavailable)
        raise kind(f"{without_secret(self._url)}: git {arguments[0]}: {_telling(said)}")

    def text(self, *arguments: str, given: bytes = b"", more: Mapping[str, str] | None = None) -> str:
        """The same as a text without white space around it."""
        return self.git(*arguments, given=given, more=more).decode("utf-8", "surrogateescape").strip()

    def have(self, commit: str) -> None:
        """The commit and its trees are here afterwards. To ask git whether they are would fetch them, one by one."""
        if commit not in self._fetched:
            self.fetch(commit)
            self._fetched.add(commit)

    def fetch(self, *commits: str, depth: int = 1) -> None:
        """Commits and their trees, without the contents of files. Depth 0: with all that lies behind them."""
        deep = [f"--depth={depth}"] if depth else ["--unshallow"] if (self._folder / "shallow").exists() else []
        self.git(
            "fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--filter=blob:none", *deep, "origin", *commits
        )


def _in_environment(configuration: Mapping[str, str]) -> dict[str, str]:
    """git's way to be configured without a file and without its command line."""
    said = {"GIT_CONFIG_COUNT": str(len(configuration))}
    for number, (key, value) in enumerate(configuration.items()):
        said |= {f"GIT_CONFIG_KEY_{number}": key, f"GIT_CONFIG_VALUE_{number}": value}
    return said


def _telling(said: str) -> str:
    """The line of git's message that says most."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    telling = [line for line in lines if re.match(r"fatal:|error:|!|remote:", line)]
    return (telling or lines or ["it failed and said nothing"])[0]
