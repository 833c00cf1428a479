"""A Docker engine, asked through the docker command: it knows contexts, DOCKER_HOST, TLS and credentials already."""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import IO, Any, NamedTuple

from dslim.images.trouble import ImageTrouble

_PIPE = 1 << 20  #: bytes, the most that Linux gives everybody
_WAIT = 20.0  #: seconds for an answer to a small question


class Said(NamedTuple):
    """What a call of the command gave: exit code, standard output, standard error."""

    code: int
    out: str
    err: str

    @property
    def cause(self) -> str:
        """The last line of what went wrong."""
        lines = [line for line in self.err.strip().splitlines() if line.strip()]
        return lines[-1].strip() if lines else f"exit code {self.code}"


class Engine:
    """The engine that the docker command speaks to."""

    def __init__(self, command: Sequence[str] = ("docker",)) -> None:
        self.command = tuple(command)

    def run(self, *words: str, seconds: float | None = None) -> Said:
        """Call ``docker WORDS`` and wait for it, at most ``seconds``.

        Raises:
            ImageTrouble: there is no docker command, or it took too long.
        """
        try:
            done = subprocess.run(
                [*self.command, *words],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                encoding="utf-8",
                errors="replace",
                check=False,
                timeout=seconds,
            )
        except FileNotFoundError:
            raise self._no_command() from None
        except subprocess.TimeoutExpired:
            raise ImageTrouble(
                f"docker {words[0]}", f"no answer within {seconds:.0f} s", "see whether the engine is well: docker info"
            ) from None
        return Said(done.returncode, done.stdout, done.stderr)

    def silence(self) -> str:
        """Why no engine answers; "" when one does."""
        try:
            said = self.run("version", "--format", "{{.Server.Version}}", seconds=_WAIT)
        except ImageTrouble as trouble:
            return str(trouble)
        return "" if said.code == 0 else f"no Docker engine answers: {said.cause}"

    def inspect(self, name: str) -> dict[str, Any]:
        """What ``docker image inspect`` says of an image.

        Raises:
            ImageTrouble: there is no such image, or no engine.
        """
        said = self.run("image", "inspect", "--", name, seconds=_WAIT)
        if said.code:
            raise self._no_image(name, said)
        found: dict[str, Any] = json.loads(said.out)[0]
        return found

    @contextmanager
    def save(self, name: str) -> Iterator[IO[bytes]]:
        """The stream of ``docker save``. It is stopped when the block is left early.

        Raises:
            ImageTrouble: there is no such image, no engine, or the engine broke off.
        """
        with tempfile.TemporaryFile() as errors:
            try:
                process = subprocess.Popen(
                    [*self.command, "save", "--", name],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE,
                    stderr=errors,
                    bufsize=0,
                )
            except FileNotFoundError:
                raise self._no_command() from None
            assert process.stdout is not None, "a pipe was asked for"
            _widen(process.stdout.fileno())
            try:
                with process.stdout:
                    yield process.stdout
                    while process.stdout.read(1 << 20):
                        pass  # the padding behind the archive's end
                code = process.wait()
            except Exception:
                code = _ended(process)
                if not code:
                    raise
            finally:
                if process.poll() is None:
                    process.kill()
                    process.wait()
            errors.seek(0)
            if code:  # an archive that ends too early is the engine's trouble, not the archive's
                raise self._no_image(name, Said(code, "", errors.read().decode("utf-8", "replace"))) from None

    def _no_image(self, name: str, said: Said) -> ImageTrouble:
        if "no such image" in said.err.lower() or "does not exist" in said.err.lower():
            return ImageTrouble(name, "the engine has no such image", "pull or build it first, or give an archive")
        if "cannot connect" in said.err.lower():
            return ImageTrouble(name, said.cause, "start the engine, set DOCKER_HOST, or give an image archive")
        return ImageTrouble(name, said.cause, "see whether the engine is well: docker info")

    def _no_command(self) -> ImageTrouble:
        return ImageTrouble(
            self.command[0],
            "there is no such command",
            "install the Docker command line, or give an image archive (docker save, OCI layout)",
        )


def _ended(process: subprocess.Popen[bytes]) -> int:
    """The exit code of a process that may be about to end by itself; 0 when it goes on."""
    try:
        return process.wait(timeout=1)
    except subprocess.TimeoutExpired:
        return 0


def _widen(pipe: int) -> None:
    """Let a pipe hold more, where the system can: neither side waits for the other at every 64 kB then."""
    try:
        import fcntl

        fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIPE)
    except (ImportError, AttributeError, OSError):
        return  # it is only slower
