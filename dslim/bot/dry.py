"""A forge that reads, and says what it would write: the one place where `--dry-run` differs from a real run."""

from __future__ import annotations

from collections.abc import Callable

from dslim.bot.forge import protocol as p

NOT_YET = "0" * 40  # the name of a commit that was not made


class Dry:
    """Wraps a forge. ``tell`` gets the lines. What it made up is given back, so that the steps after a write are told, too."""

    def __init__(self, forge: p.Forge, tell: Callable[[str], None]) -> None:
        self._forge = forge
        self._tell = tell

    @property
    def host(self) -> str:
        return self._forge.host

    def me(self) -> str:
        return self._forge.me()

    def repository(self, name: str) -> p.Repository:
        return self._forge.repository(name)

    def head(self, repo: str, branch: str) -> str:
        return self._forge.head(repo, branch)

    def commit(self, repo: str, sha: str) -> p.Commit:
        return self._forge.commit(repo, sha)

    def tree(self, repo: str, commit: str) -> p.Tree:
        return self._forge.tree(repo, commit)

    def blob(self, repo: str, sha: str) -> bytes:
        return self._forge.blob(repo, sha)

    def commits(self, repo: str, base: str, head: str) -> tuple[p.Commit, ...]:
        return self._forge.commits(repo, base, head)

    def pulls(self, repo: str, branch: str) -> tuple[p.PullRequest, ...]:
        return self._forge.pulls(repo, branch)

    def open_pulls(self, repo: str, prefix: str) -> tuple[p.PullRequest, ...]:
        return self._forge.open_pulls(repo, prefix)

    def pull(self, repo: str, number: int) -> p.PullRequest:
        return self._forge.pull(repo, number)

    def comments(self, repo: str, number: int) -> tuple[p.Comment, ...]:
        return self._forge.comments(repo, number)

    def may_write(self, repo: str, login: str) -> bool:
        return self._forge.may_write(repo, login)

    def issues(self, repo: str, author: str) -> tuple[p.Issue, ...]:
        return self._forge.issues(repo, author)

    def calls(self, repo: str, write: p.Write) -> tuple[str, ...]:
        return self._forge.calls(repo, write)

    def push(self, repo: str, write: p.Push) -> str:
        self._would(repo, write)
        for commit in write.commits:
            self._text(commit.message)
            for change in commit.changes:
                if change.new:  # what changes is in the diff of the plan
                    self._text(f"new file {change.path}\n{change.content.decode('utf-8', 'replace')}")
        return NOT_YET

    def open_pull(self, repo: str, write: p.OpenPull) -> p.PullRequest:
        self._would(repo, write)
        self._text(f"{write.title}\n\n{write.body}")
        return p.PullRequest(0, p.OPEN, write.title, write.body, NOT_YET, write.branch, write.base, self.me())

    def edit_pull(self, repo: str, write: p.EditPull) -> p.PullRequest:
        self._would(repo, write)
        self._text("\n\n".join(part for part in (write.title, write.state and f"({write.state})", write.body) if part))
        return self._forge.pull(repo, write.number)

    def annotate(self, repo: str, write: p.Annotate) -> tuple[str, ...]:
        self._would(repo, write)
        self._text(
            "\n".join(f"{name}: {', '.join(value)}" for name, value in write._asdict().items() if name != "number")
        )
        return ()

    def say(self, repo: str, write: p.Say) -> p.Comment:
        self._would(repo, write)
        self._text(write.body)
        return p.Comment(0, self.me(), write.body)

    def react(self, repo: str, write: p.React) -> None:
        self._would(repo, write)

    def drop_branch(self, repo: str, write: p.DropBranch) -> None:
        self._would(repo, write)

    def put_issue(self, repo: str, write: p.PutIssue) -> int:
        self._would(repo, write)
        self._text(f"{write.title}\n\n{write.body}")
        return write.number

    def _would(self, repo: str, write: p.Write) -> None:
        for line in self._forge.calls(repo, write):
            self._tell(f"would {line}")

    def _text(self, text: str) -> None:
        for line in text.splitlines():
            self._tell(f"    {line}")
