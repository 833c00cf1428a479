"""Builds images with BuildKit in throw-away tags, and leaves nothing behind: no tag, no container, no file.

The docker command is called as a user would call it (`docker buildx build --load`), so contexts, builders, credentials and
DOCKER_HOST hold. Each call runs in a session of its own: an interrupt reaches us, not it, and we end the build, wait for
its end, and then remove what it made. A build gets the context and nothing else: no secret, no ssh agent, no entitlement
but the network that the user chose.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tarfile
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import NamedTuple
from urllib.parse import urlsplit

from dslim.images.engine import Engine, Said
from dslim.images.trouble import ImageTrouble
from dslim.verify.trouble import Failure, read_log

_POLL = 0.25  #: seconds between two looks at the clock and the disk
_GRACE = 15.0  #: seconds that a build has to end when it is asked to


class Settings(NamedTuple):
    """How images are built. ``seconds`` is the limit of one build; ``keep_free`` the bytes that must stay free on the
    engine's disk, where it can be seen (0: not looked at); ``save`` a folder for logs, "" for none."""

    context: str = "."
    dockerfile: str = ""
    network: str = ""
    build_args: tuple[str, ...] = ()
    target: str = ""
    platform: str = ""
    seconds: float = 1800
    keep_free: int = 1 << 30
    cache: bool = False
    save: str = ""


class Built(NamedTuple):
    """What became of a build: a ``tag``, or a ``failure``."""

    tag: str
    seconds: float
    failure: Failure | None = None


class Workshop:
    """Makes images and containers, and removes them all when it is left, however it is left."""

    def __init__(self, settings: Settings, engine: Engine | None = None) -> None:
        self.settings = settings
        self.engine = engine or Engine()
        self._tags: list[str] = []
        self._containers: dict[str, str] = {}  # name -> tag
        self._count = 0
        self._prefix = f"dslim-verify:{os.getpid()}-{os.urandom(4).hex()}"
        self._folder = ""

    def __enter__(self) -> Workshop:
        self._folder = tempfile.mkdtemp(prefix="dslim-verify-")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with _undisturbed():
            shutil.rmtree(self._folder, ignore_errors=True)
            self._remove(list(self._containers), self._tags)

    def discard(self, tag: str) -> None:
        """Remove an image, and its containers, that is not needed any more."""
        containers = [name for name, of in self._containers.items() if of == tag]
        self._remove(containers, [tag])
        self._tags.remove(tag)
        for name in containers:
            del self._containers[name]

    def _remove(self, containers: Sequence[str], tags: Sequence[str]) -> None:
        for words, names in ((["rm", "-f", "-v"], containers), (["image", "rm", "-f"], tags)):
            if names:
                with suppress(ImageTrouble):  # there is no engine any more, and nothing that we could do about it
                    self._call([*words, *names], 120)

    def silence(self) -> Failure | None:
        """Why no image can be built here, None when one can."""
        why = self.engine.silence()
        if why:
            cause, _, do = why.rpartition("; ")
            return Failure("engine", cause or why, do if cause else "start Docker, or point DOCKER_HOST at an engine")
        said = self._call(["buildx", "version"], 20)
        if said.code:
            return Failure("engine", f"docker has no buildx: {said.cause}", "install the buildx plugin")
        return None

    def build(self, text: bytes, name: str, fresh: bool = False) -> Built:
        """Build a Dockerfile's text. ``name`` tells builds apart in tags and logs; ``fresh`` forbids the cache."""
        folder = Path(self._folder, name)
        folder.mkdir(exist_ok=True)
        file = folder / "Dockerfile"
        file.write_bytes(text)
        own = self.settings.dockerfile + ".dockerignore"
        if self.settings.dockerfile and os.path.isfile(own):
            shutil.copyfile(own, folder / "Dockerfile.dockerignore")
        tag = f"{self._prefix}-{name}"
        self._tags.append(tag)
        command = [*self.engine.command, "buildx", "build", "--load", "--progress=plain", "--provenance=false"]
        command += ["--tag", tag, "--file", str(file), *self._options(fresh), "--", self.settings.context]
        began = time.monotonic()
        with open(folder / "log", "w+b") as log:
            failure = self._built(command, log.fileno())
            log.seek(0)
            said = log.read().decode("utf-8", "replace")
        seconds = time.monotonic() - began
        self.keep(f"{name}.log", said)
        if failure is not None and failure.kind == "build" and not failure.cause:
            failure = read_log(said)
        return Built("" if failure else tag, seconds, failure)

    def container(self, tag: str, *words: str, options: Sequence[str] = ()) -> str:
        """Create a container, without starting it, and return its name.

        Raises:
            ImageTrouble: the engine refuses.
        """
        self._count += 1
        name = f"{self._prefix.replace(':', '-')}-{self._count}"
        self._containers[name] = tag
        said = self._call(["create", "--name", name, *options, tag, *words], 120)
        if said.code:
            raise ImageTrouble(f"a container of {tag}", said.cause, "see whether the engine is well: docker info")
        return name

    def content(self, container: str, path: str) -> bytes | None:
        """The content of a file in a container that need not run; None when there is no such file.

        Raises:
            ImageTrouble: there is no docker command, or it took too long.
        """
        with tempfile.TemporaryFile(dir=self._folder) as file:
            said = self._call(["cp", f"{container}:/{path}", "-"], 300, file.fileno())
            file.seek(0)
            if said.code:
                return None
            with tarfile.open(fileobj=file, mode="r|") as archive:
                member = archive.next()
                found = archive.extractfile(member) if member is not None and member.isreg() else None
                return None if found is None else found.read()

    def call(self, *words: str, seconds: float = 120) -> Said:
        """Call docker and wait.

        Raises:
            ImageTrouble: there is no docker command, or it took too long.
        """
        return self._call(words, seconds)

    def keep(self, name: str, text: str) -> None:
        """Write a log to the folder that the user named, if one was."""
        if self.settings.save:
            Path(self.settings.save).mkdir(parents=True, exist_ok=True)
            Path(self.settings.save, name).write_text(text, "utf-8", errors="replace")

    def _options(self, fresh: bool) -> Iterator[str]:
        settings = self.settings
        if fresh or not settings.cache:
            yield "--no-cache"
        if settings.network:
            yield f"--network={settings.network}"
        if settings.network == "host":
            yield "--allow=network.host"
        if settings.target:
            yield f"--target={settings.target}"
        if settings.platform:
            yield f"--platform={settings.platform}"
        for pair in settings.build_args:
            yield f"--build-arg={pair}"

    def _built(self, command: Sequence[str], log: int) -> Failure | None:
        """Run a build. A failure without a cause has to be read from the log."""
        try:
            process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
            )
        except FileNotFoundError:
            return Failure("engine", f"{command[0]}: there is no such command", "install the Docker command line")
        ends = time.monotonic() + self.settings.seconds
        disk = _Disk(self.engine, self.settings.keep_free)
        try:
            while True:
                with suppress(subprocess.TimeoutExpired):
                    return Failure("build", "") if process.wait(_POLL) else None
                if time.monotonic() >= ends:
                    limit = f"{self.settings.seconds:g} s"
                    return Failure("time", f"the build took longer than {limit}", "allow more with --timeout")
                if (full := disk.full()) is not None:
                    return full
        finally:
            _end(process)

    def _call(self, words: Sequence[str], seconds: float, output: int = subprocess.PIPE) -> Said:
        """As :meth:`Engine.run`, but in a session of its own, so that an interrupt does not end it half-way. What is
        written goes to the file ``output``, if one is named."""
        try:
            process = subprocess.Popen(
                [*self.engine.command, *words],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.PIPE,
                start_new_session=True,
            )
        except FileNotFoundError:
            raise ImageTrouble(
                self.engine.command[0], "there is no such command", "install the Docker command line"
            ) from None
        try:
            out, err = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            raise ImageTrouble(
                f"docker {words[0]}", f"no answer within {seconds:g} s", "see whether the engine is well: docker info"
            ) from None
        finally:
            _end(process)
        return Said(process.returncode, (out or b"").decode("utf-8", "replace"), err.decode("utf-8", "replace"))


class _Disk:
    """The free bytes of the engine's disk, where that is a disk of this machine."""

    def __init__(self, engine: Engine, keep_free: int) -> None:
        self._keep_free = keep_free
        self._path = _root(engine) if keep_free else ""

    def full(self) -> Failure | None:
        """A failure when less is free than must stay so."""
        if not self._path:
            return None
        try:
            free = shutil.disk_usage(self._path).free
        except OSError:
            return None
        if free >= self._keep_free:
            return None
        cause = f"the engine's disk has only {free // 2**20} MB free, less than {self._keep_free // 2**20} MB"
        return Failure("disk", cause, "free some (docker system df, docker builder prune), or lower --keep-free")


def machine(engine: Engine) -> str:
    """The name of the machine that the engine runs on, by DOCKER_HOST or docker's context; "" for this one."""
    try:
        said = engine.run("context", "inspect", "--format", "{{.Endpoints.docker.Host}}", seconds=20)
    except ImageTrouble:
        return ""
    host = said.out.strip()
    return urlsplit(host).hostname or "" if host.startswith(("tcp://", "ssh://")) else ""


def _root(engine: Engine) -> str:
    """The nearest folder of this machine to where a local engine keeps its data; "" for an engine elsewhere."""
    if not hasattr(os, "getuid") or machine(engine):
        return ""
    try:
        said = engine.run("info", "--format", "{{.DockerRootDir}} {{.OperatingSystem}}", seconds=20)
    except ImageTrouble:
        return ""
    path, _, system = said.out.strip().partition(" ")
    if said.code or not path.startswith("/") or "desktop" in system.lower():
        return ""
    while not os.path.isdir(path):
        path = os.path.dirname(path)
    return path


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a process that still runs: first as Ctrl-C would, so that BuildKit hears of it, then for good."""
    if process.poll() is not None:
        return
    with _undisturbed():
        for sign in (signal.SIGINT, getattr(signal, "SIGKILL", signal.SIGTERM)):
            with suppress(ProcessLookupError):
                if hasattr(os, "killpg"):
                    os.killpg(process.pid, sign)
                else:
                    process.kill()
            with suppress(subprocess.TimeoutExpired):
                process.communicate(timeout=_GRACE)
                return


@contextmanager
def _undisturbed() -> Iterator[None]:
    """No interrupt in here: who presses Ctrl-C twice still finds nothing left behind."""
    signs = (signal.SIGINT, signal.SIGTERM)
    try:
        before = [signal.signal(sign, signal.SIG_IGN) for sign in signs]
    except ValueError:  # not the main thread, which alone is interrupted
        yield
        return
    try:
        yield
    finally:
        for sign, handler in zip(signs, before, strict=True):
            signal.signal(sign, handler)
