"""What the bot needs of a forge, in values that no forge owns.

Reads come first in :class:`Forge`, then writes. Each write takes one value that says all about it, so that one place can
print it instead of doing it (`dry.py`). Every call may raise a :class:`dslim.bot.forge.trouble.ForgeTrouble`.
"""

from __future__ import annotations

from typing import NamedTuple, Protocol

FILE, EXECUTABLE, SYMLINK, SUBMODULE, FOLDER = "100644", "100755", "120000", "160000", "040000"
OPEN, CLOSED, MERGED = "open", "closed", "merged"


class Repository(NamedTuple):
    """A repository that can be written to (one that is archived or disabled is a trouble).

    ``host`` is the forge's name, as in ``github.com``; ``id`` never changes, also when the repository is renamed or
    transferred; ``name`` is ``owner/name`` as it is now. ``can_push`` is None when the forge does not say.
    """

    host: str
    id: str
    name: str
    default_branch: str
    url: str = ""
    private: bool = False
    fork: bool = False
    can_push: bool | None = None


class Entry(NamedTuple):
    """One path of a tree: ``mode`` as git has it (:data:`FILE` …), ``sha`` of its blob (or tree, or commit).

    ``size`` is in bytes, -1 when the forge does not say.
    """

    path: str
    mode: str
    sha: str
    size: int = -1


class Tree(NamedTuple):
    """All paths below the root of one commit, folders included. A listing that a forge cuts is completed, or a trouble."""

    entries: tuple[Entry, ...]


class Commit(NamedTuple):
    """A commit. ``author`` and ``committer`` are e-mail addresses."""

    sha: str
    tree: str
    parents: tuple[str, ...] = ()
    message: str = ""
    author: str = ""
    committer: str = ""


class PullRequest(NamedTuple):
    """A pull (merge) request of this repository, from a branch of this repository.

    ``state`` is :data:`OPEN`, :data:`CLOSED` or :data:`MERGED`; ``head`` the commit that ``branch`` points at; ``author`` a
    login; ``mergeable`` None while the forge has not found out. ``updated`` is in seconds since 1970, 0 when unknown.
    """

    number: int
    state: str
    title: str
    body: str
    head: str
    branch: str
    base: str
    author: str
    labels: tuple[str, ...] = ()
    mergeable: bool | None = None
    draft: bool = False
    url: str = ""
    updated: float = 0.0


class Comment(NamedTuple):
    """A comment on a pull request or an issue."""

    id: int
    author: str
    body: str
    created: float = 0.0


class Issue(NamedTuple):
    """An issue, as the dashboard needs it."""

    number: int
    state: str
    title: str
    body: str
    author: str


class Change(NamedTuple):
    """A file gets new bytes, and keeps its ``mode``; or it is ``new``."""

    path: str
    mode: str
    content: bytes
    new: bool = False


class NewCommit(NamedTuple):
    """A commit to be made on top of the one before it. It names no author, so that the forge signs it."""

    message: str
    changes: tuple[Change, ...]


class Push(NamedTuple):
    """Make ``branch`` point at ``commits``, which stand on ``parent``.

    ``expected`` is the commit that the branch must point at now, "" where it must not exist. ``parent_tree`` is the tree of
    ``parent``, and ``tree`` the one that must come out, as we computed it (`gittree.py`): a forge that writes anything else
    is a trouble, not a surprise.
    """

    branch: str
    parent: str
    parent_tree: str
    commits: tuple[NewCommit, ...]
    expected: str = ""
    tree: str = ""


class OpenPull(NamedTuple):
    """A pull request to open."""

    branch: str
    base: str
    title: str
    body: str
    draft: bool = False


class EditPull(NamedTuple):
    """What changes of a pull request; None stays as it is. ``state`` is :data:`OPEN` or :data:`CLOSED`."""

    number: int
    title: str | None = None
    body: str | None = None
    state: str | None = None


class Annotate(NamedTuple):
    """Labels, assignees and reviewers that are added, each as far as the forge knows them."""

    number: int
    labels: tuple[str, ...] = ()
    assignees: tuple[str, ...] = ()
    reviewers: tuple[str, ...] = ()


class Say(NamedTuple):
    """A comment to write."""

    number: int
    body: str


class React(NamedTuple):
    """A thumb up (``+1``) or another reaction to a comment."""

    number: int
    comment: int
    content: str = "+1"


class DropBranch(NamedTuple):
    """Delete a branch that points at ``expected``."""

    branch: str
    expected: str


class PutIssue(NamedTuple):
    """An issue to open (``number`` 0) or to edit."""

    number: int
    title: str
    body: str


Write = Push | OpenPull | EditPull | Annotate | Say | React | DropBranch | PutIssue


class Forge(Protocol):
    """One forge, with the rights of one token. ``repo`` is ``owner/name``."""

    @property
    def host(self) -> str:
        """As in ``github.com``; part of every key."""

    def me(self) -> str:
        """The login under which we write."""

    def repository(self, name: str) -> Repository:
        """Look it up, also by a name that it had before."""

    def head(self, repo: str, branch: str) -> str:
        """The commit that a branch points at; "" when there is no such branch."""

    def commit(self, repo: str, sha: str) -> Commit:
        """One commit."""

    def tree(self, repo: str, commit: str) -> Tree:
        """All that a commit holds."""

    def blob(self, repo: str, sha: str) -> bytes:
        """The bytes of a file."""

    def commits(self, repo: str, base: str, head: str) -> tuple[Commit, ...]:
        """What ``head`` has and ``base`` has not, the oldest first."""

    def pulls(self, repo: str, branch: str) -> tuple[PullRequest, ...]:
        """All pull requests that ever came from a branch, the newest first."""

    def open_pulls(self, repo: str, prefix: str) -> tuple[PullRequest, ...]:
        """The open pull requests from branches whose names begin with ``prefix``."""

    def pull(self, repo: str, number: int) -> PullRequest:
        """One pull request as it is this moment."""

    def comments(self, repo: str, number: int) -> tuple[Comment, ...]:
        """What was said, the oldest first."""

    def may_write(self, repo: str, login: str) -> bool:
        """True when the person may push to the repository."""

    def issues(self, repo: str, author: str) -> tuple[Issue, ...]:
        """The issues of one author, also those that were closed."""

    def push(self, repo: str, write: Push) -> str:
        """The new head of the branch. Raises Conflict when the branch is not where ``expected`` says."""

    def open_pull(self, repo: str, write: OpenPull) -> PullRequest:
        """Raises AlreadyExists when there is an open one for this branch and base."""

    def edit_pull(self, repo: str, write: EditPull) -> PullRequest:
        """The pull request as it is afterwards."""

    def annotate(self, repo: str, write: Annotate) -> tuple[str, ...]:
        """What the forge refused to add, one line each; it is none of the troubles, which say that a later try may go well."""

    def say(self, repo: str, write: Say) -> Comment:
        """The comment that was written."""

    def react(self, repo: str, write: React) -> None:
        """React to a comment."""

    def drop_branch(self, repo: str, write: DropBranch) -> None:
        """Raises Conflict when the branch points elsewhere."""

    def put_issue(self, repo: str, write: PutIssue) -> int:
        """The number of the issue."""

    def calls(self, repo: str, write: Write) -> tuple[str, ...]:
        """The requests that a write would make, one line each (``POST /repos/…``), for people who want to see first."""
