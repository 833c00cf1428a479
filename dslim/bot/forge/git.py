"""Plain git: pushes a branch and shows what a pull request of it would say. For forges that have no client here.

git knows no pull requests. Each branch that we push counts as one: open while the branch is there, merged when its base
holds its head, closed when somebody deleted it. Title and text are kept beside the clone.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from dslim.bot.forge.clone import Clone, without_secret
from dslim.bot.forge.git_kept import Kept, Shelf
from dslim.bot.forge.protocol import (
    CLOSED,
    MERGED,
    OPEN,
    Annotate,
    Comment,
    Commit,
    DropBranch,
    EditPull,
    Entry,
    Issue,
    NewCommit,
    OpenPull,
    PullRequest,
    Push,
    PutIssue,
    React,
    Repository,
    Say,
    Tree,
    Write,
)
from dslim.bot.forge.trouble import AlreadyExists, Conflict, Empty, NotFound, Refused

_DEPTHS = (2, 32, 512, 0)  # how far the history is fetched to find where two commits part; 0: all of it
_NOBODY = {"NAME": "dslim", "EMAIL": "dslim@localhost"}


class Git:
    """The forge of every URL and every path that git can read and push to. ``show`` gets what people should read."""

    host = "git"

    def __init__(self, folder: Path, show: Callable[[str], None] = print) -> None:
        self._folder = folder
        self._shelf = Shelf(folder)
        self._show = show
        self._clones: dict[str, Clone] = {}
        self._identities: dict[str, str] = {}

    def me(self) -> str:
        """The e-mail address of git's configuration here; plain git knows no accounts."""
        return self._identity()["GIT_AUTHOR_EMAIL"]

    # reading

    def repository(self, name: str) -> Repository:
        shown = without_secret(name)
        place = sha256(shown.encode()).hexdigest()[:16]
        self._clones[shown] = clone = Clone(
            self._folder / place, str(Path(name).resolve()) if Path(name).exists() else name
        )
        lines = clone.text("ls-remote", "--symref", "origin", "HEAD").splitlines()
        if len(lines) < 2:
            raise Empty(f"{shown}: it has no commit yet; nothing to look at")
        branch = lines[0].split()[1].removeprefix("refs/heads/")
        return Repository(self.host, shown.removesuffix("/").removesuffix(".git"), shown, branch, shown)

    def head(self, repo: str, branch: str) -> str:
        return self._heads(repo, branch)[0]

    def commit(self, repo: str, sha: str) -> Commit:
        self._clone(repo).have(sha)
        return self._read(repo, sha)

    def _read(self, repo: str, sha: str) -> Commit:
        """One that is here."""
        form = "--format=%H%x00%T%x00%P%x00%ae%x00%ce%x00%B"
        said = self._clone(repo).text("show", "--no-patch", "--no-notes", form, sha, "--")
        found, tree, parents, author, committer, message = said.split("\0", 5)
        return Commit(found, tree, tuple(parents.split()), message, author, committer)

    def tree(self, repo: str, commit: str) -> Tree:
        self._clone(repo).have(commit)
        lines = self._clone(repo).git("ls-tree", "-r", "-t", "-z", "--full-tree", commit).split(b"\0")
        return Tree(tuple(_entry(line) for line in lines if line))

    def blob(self, repo: str, sha: str) -> bytes:
        return self._clone(repo).git("cat-file", "blob", sha)

    def commits(self, repo: str, base: str, head: str) -> tuple[Commit, ...]:
        clone = self._clone(repo)
        ours, theirs = (self.head(repo, one) or one for one in (base, head))
        self._parting(repo, ours, theirs)
        # older servers give no commit by its name but those that branches point at; these came with the histories
        return tuple(self._read(repo, sha) for sha in clone.text("rev-list", "--reverse", theirs, f"^{ours}").split())

    def pulls(self, repo: str, branch: str) -> tuple[PullRequest, ...]:
        kept = self._shelf.all(repo).get(branch)
        return () if kept is None else (self._pull(repo, branch, kept),)

    def open_pulls(self, repo: str, prefix: str) -> tuple[PullRequest, ...]:
        found = [
            self._pull(repo, branch, kept)
            for branch, kept in self._shelf.all(repo).items()
            if branch.startswith(prefix)
        ]
        return tuple(one for one in found if one.state == OPEN)

    def pull(self, repo: str, number: int) -> PullRequest:
        branch = self._shelf.branch(repo, number)
        return self._pull(repo, branch, self._shelf.all(repo)[branch])

    def comments(self, repo: str, number: int) -> tuple[Comment, ...]:
        return ()

    def may_write(self, repo: str, login: str) -> bool:
        """Nobody can be asked: no commands by comment."""
        return False

    def issues(self, repo: str, author: str) -> tuple[Issue, ...]:
        return ()

    # writing

    def push(self, repo: str, write: Push) -> str:
        clone = self._clone(repo)
        clone.have(write.parent)
        sha = write.parent
        for one in write.commits:
            sha = self._commit(clone, sha, one)
        tree = clone.text("rev-parse", f"{sha}^{{tree}}")
        if write.tree and tree != write.tree:
            raise Conflict(f"{repo}: git made the tree {tree}, not {write.tree}; nothing was pushed")
        lease = f"--force-with-lease=refs/heads/{write.branch}:{write.expected}"
        # no "+" in front: it would overrule the lease
        clone.git("push", "--quiet", "--no-verify", lease, "origin", f"{sha}:refs/heads/{write.branch}")
        return sha

    def open_pull(self, repo: str, write: OpenPull) -> PullRequest:
        known = self.pulls(repo, write.branch)
        if known and known[0].state == OPEN:
            raise AlreadyExists(f"{repo}: {write.branch} is proposed already")
        kept = self._shelf.all(repo)
        number = kept[write.branch].number if known else len(kept) + 1
        head = self.head(repo, write.branch)
        self._shelf.keep(repo, write.branch, Kept(number, write.base, write.title, write.body, head))
        self._show(f"{repo}: branch {write.branch}, to be merged into {write.base}\n\n{write.title}\n\n{write.body}")
        return self.pull(repo, number)

    def edit_pull(self, repo: str, write: EditPull) -> PullRequest:
        branch = self._shelf.branch(repo, write.number)
        kept = self._shelf.all(repo)[branch]
        changed = {field: value for field, value in write._asdict().items() if value is not None}
        self._shelf.keep(repo, branch, kept._replace(**changed))
        if write.state == CLOSED:
            self._show(f"{repo}: {branch} is not proposed any more; delete it")
        elif write.body is not None:
            self._show(f"{repo}: branch {branch} has a new text\n\n{write.title or kept.title}\n\n{write.body}")
        return self.pull(repo, write.number)

    def annotate(self, repo: str, write: Annotate) -> tuple[str, ...]:
        asked = (*write.labels, *write.assignees, *write.reviewers)
        return (f"plain git has no labels and no reviewers: {', '.join(asked)}",) if asked else ()

    def say(self, repo: str, write: Say) -> Comment:
        self._show(f"{repo}: about {self._shelf.branch(repo, write.number)}\n\n{write.body}")
        return Comment(0, self.me(), write.body)

    def react(self, repo: str, write: React) -> None:
        """Nobody commented."""

    def drop_branch(self, repo: str, write: DropBranch) -> None:
        lease = f"--force-with-lease=refs/heads/{write.branch}:{write.expected}"
        self._clone(repo).git("push", "--quiet", "--no-verify", lease, "origin", f":refs/heads/{write.branch}")

    def put_issue(self, repo: str, write: PutIssue) -> int:
        raise Refused("plain git has no issues: set `dashboard: off`")

    def calls(self, repo: str, write: Write) -> tuple[str, ...]:
        match write:
            case Push():
                return (f"git push --force-with-lease={write.branch}:{write.expected} {repo} {write.branch}",)
            case DropBranch():
                return (f"git push --force-with-lease={write.branch}:{write.expected} {repo} :{write.branch}",)
            case _:
                return ()

    # how

    def _clone(self, repo: str) -> Clone:
        if repo not in self._clones:
            self.repository(repo)
        return self._clones[repo]

    def _heads(self, repo: str, *branches: str) -> list[str]:
        """What each branch points at, "" for one that is not there."""
        refs = [f"refs/heads/{branch}" for branch in branches]
        said = self._clone(repo).text("ls-remote", "origin", *refs).splitlines()
        heads = {ref: sha for sha, ref in (line.split("\t") for line in said)}  # git also lists refs that only end so
        return [heads.get(ref, "") for ref in refs]

    def _parting(self, repo: str, ours: str, theirs: str) -> str:
        """The commit at which two histories part, "" where they never met. Fetches as much history as that takes."""
        clone = self._clone(repo)
        for depth in _DEPTHS:
            clone.fetch(ours, theirs, depth=depth)
            if found := clone.git("merge-base", ours, theirs, good=(0, 1)).decode().strip():
                return found
        return ""

    def _commit(self, clone: Clone, parent: str, new: NewCommit) -> str:
        """Made in an index of its own, without a work tree; files that stay are never fetched."""
        more = {"GIT_INDEX_FILE": f"index-{os.getpid()}", **self._identity()}
        clone.git("read-tree", parent, more=more)
        lines = b""
        for change in new.changes:
            sha = clone.text("hash-object", "-w", "--stdin", "--no-filters", given=change.content)
            lines += f"{change.mode} {sha}\t".encode() + change.path.encode("utf-8", "surrogateescape") + b"\0"
        clone.git("update-index", "-z", "--index-info", given=lines, more=more)
        tree = clone.text("write-tree", "--missing-ok", more=more)
        return clone.text("commit-tree", tree, "-p", parent, "-F", "-", given=new.message.encode(), more=more)

    def _identity(self) -> dict[str, str]:
        """Who makes our commits: whom git's configuration names, else we have a name that reaches nobody."""
        if self._identities:
            return self._identities
        clone = next(iter(self._clones.values()), None)
        set_up = clone.git("config", "user.email", good=(0, 1)).decode().strip() if clone else ""
        name = clone.git("config", "user.name", good=(0, 1)).decode().strip() if clone else ""
        who = {"NAME": name or _NOBODY["NAME"], "EMAIL": set_up or _NOBODY["EMAIL"]}
        found = {f"GIT_{role}_{what}": value for role in ("AUTHOR", "COMMITTER") for what, value in who.items()}
        if clone:
            self._identities = found
        return found

    def _pull(self, repo: str, branch: str, kept: Kept) -> PullRequest:
        head, base = self._heads(repo, branch, kept.base)
        state = kept.state
        if state == OPEN and self._merged(repo, kept, head, base):
            state = MERGED
        elif state == OPEN and not head:
            state = CLOSED
        clean = self._clean(repo, head, base) if state == OPEN else None
        last = head or kept.head
        return PullRequest(kept.number, state, kept.title, kept.body, last, branch, kept.base, self.me(), (), clean)

    def _merged(self, repo: str, kept: Kept, head: str, base: str) -> bool:
        try:
            return bool(base) and self._parting(repo, base, head or kept.head) == (head or kept.head)
        except NotFound:  # the branch was deleted, and its server keeps no commits without a branch
            return False

    def _clean(self, repo: str, head: str, base: str) -> bool | None:
        if not head or not base:
            return None
        said = self._clone(repo).git("merge-tree", "--write-tree", base, head, good=(0, 1))
        return len(said.split()) == 1  # the tree alone; behind it stand conflicts


def _entry(line: bytes) -> Entry:
    facts, _, path = line.partition(b"\t")
    mode, _, sha = facts.decode().split()
    return Entry(path.decode("utf-8", "surrogateescape"), mode, sha)
