"""Doing what people ask for in comments. Only from those who may write to the repository, and only where it is about us.

=========== =============================================================
rebase      make the pull request anew on its base, if nobody touched it
recreate    the same over what people changed, or after it was closed
approve X   open the pull request of this name that waits for that, or all
ignore X    never again this rule, or this file
pause       nothing more in this repository
resume      the opposite
explain X   what a rule does, as an answer
=========== =============================================================
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from dslim.bot import markdown as md
from dslim.bot.alive import somebody
from dslim.bot.forge.protocol import Forge, React, Repository, Say
from dslim.bot.forge.trouble import ForgeTrouble, NotFound, RateLimited, Unavailable
from dslim.bot.gates import APPROVAL
from dslim.bot.keys import text_key
from dslim.bot.ledger import Ledger, Slot
from dslim.bot.logs import tell
from dslim.bot.run import LEASE, leased
from dslim.bot.serve.post import Wanted
from dslim.bot.states import GATED
from dslim.bot.wanted import APPROVE
from dslim.bot.wishes import FILE, PAUSE, RULE, Wishes

_LONGEST = 6_000  # characters of an explanation


class Hands(NamedTuple):
    """What it takes. ``look`` handles the repository once, where the ledger does not know a pull request (yet)."""

    forge: Forge
    ledger: Ledger
    wishes: Wishes
    look: Callable[[], object]


def obey(hands: Hands, wanted: Wanted) -> str:
    """Do it, and return what was done, for the log. The pull request itself is made anew by who handles the repository next.

    Raises:
        RateLimited, Unavailable: it was not done yet, and may be tried again.
    """
    try:
        return _obeyed(hands, wanted)
    except (RateLimited, Unavailable):
        raise
    except ForgeTrouble as error:
        return f"not done: {error}"


def _obeyed(hands: Hands, wanted: Wanted) -> str:
    repository = hands.forge.repository(wanted.repository)
    if wanted.login.lower() == hands.forge.me().lower():
        return "ignored: our own words"
    if not hands.forge.may_write(repository.name, wanted.login):
        return f"ignored: {wanted.login} may not write to {repository.name}"
    slot = _slot(hands, repository, wanted.number)
    if slot is None and not _is_dashboard(hands, repository, wanted.number):
        return f"ignored: #{wanted.number} is not ours"
    content, answer, done = _done(hands, repository, slot, wanted)
    _react(hands, repository, wanted, content)
    if answer:
        _answer(hands, repository, wanted, answer)
    return done


def _slot(hands: Hands, repository: Repository, number: int) -> Slot | None:
    """The slot of a pull request; where the ledger was lost, the pull requests know."""
    for again in (True, False):
        slots = hands.ledger.slots(repository.host, repository.id)
        found = next((slot for slot in slots if slot.number == number), None)
        if found is not None or not again or slots:
            return found
        hands.look()
    return None


def _is_dashboard(hands: Hands, repository: Repository, number: int) -> bool:
    try:
        issues = hands.forge.issues(repository.name, hands.forge.me())
    except (RateLimited, Unavailable):
        raise
    except ForgeTrouble:
        return False
    return any(issue.number == number and "<!-- dslim:dashboard" in issue.body for issue in issues)


def _done(hands: Hands, repository: Repository, slot: Slot | None, wanted: Wanted) -> tuple[str, str, str]:
    """The reaction, the answer if there is one, and a line for the log."""
    if wanted.verb in ("rebase", "recreate"):
        if slot is None:
            return "confused", "Say that on the pull request which you mean.", "no pull request"
        _write_down(hands, repository, slot, wanted.verb)
        return "+1", "", f"{wanted.verb} #{slot.number}"
    if wanted.verb == APPROVE:
        return _approved(hands, repository, wanted)
    if wanted.verb in ("pause", "resume"):
        hands.wishes.drop(repository.host, repository.id, PAUSE)
        if wanted.verb == "pause":
            hands.wishes.add(repository.host, repository.id, PAUSE, "", wanted.login)
        return "+1", "", wanted.verb
    if wanted.verb == "ignore":
        return _ignored(hands, repository, wanted)
    if wanted.verb == "explain" and (page := _page(wanted.argument)):
        return "+1", page, f"explained {wanted.argument}"
    if wanted.verb == "explain":
        return "confused", f"I know no rule {md.code(wanted.argument)}. {_names()}", "no such rule"
    return "confused", "", "not understood"


def _approved(hands: Hands, repository: Repository, wanted: Wanted) -> tuple[str, str, str]:
    slots = sorted(hands.ledger.slots(repository.host, repository.id), key=lambda slot: slot.grouping)
    waiting = [slot for slot in slots if slot.state == GATED and slot.reason.startswith(APPROVAL)]
    meant = [slot for slot in waiting if wanted.argument in (slot.grouping, "all")]
    for slot in meant:
        _write_down(hands, repository, slot, APPROVE)
    if meant:
        return "+1", "", f"approved: {', '.join(slot.grouping for slot in meant)}"
    names = ", ".join(md.code(slot.grouping) for slot in waiting) or "nothing"
    return "confused", f"What waits for approval is {names}.", "nothing of this name waits for approval"


def _write_down(hands: Hands, repository: Repository, slot: Slot, verb: str) -> None:
    """Nobody handles the repository meanwhile: who had read the slot before would write it as it was then.

    Raises:
        Unavailable: somebody does.
    """
    place, owner = leased(repository.host, repository.name), somebody()
    if not hands.ledger.lease(place, owner, LEASE):
        raise Unavailable(f"{repository.name} is being handled; {verb} comes next")
    try:
        hands.ledger.write((hands.ledger.slot(slot.slot) or slot)._replace(asked=verb))
    finally:
        hands.ledger.release(place, owner)


def _ignored(hands: Hands, repository: Repository, wanted: Wanted) -> tuple[str, str, str]:
    what = wanted.argument
    if what in _rules():
        kind = RULE
    elif _is_file(hands.forge, repository, what):
        kind = FILE
    else:
        return (
            "confused",
            f"{md.code(what)} is neither a rule nor a file of {md.code(repository.default_branch)}. {_names()}",
            "neither rule nor file",
        )
    hands.wishes.add(repository.host, repository.id, kind, what, wanted.login)
    return "+1", "", f"ignored for good: {what}"


def _is_file(forge: Forge, repository: Repository, path: str) -> bool:
    head = forge.head(repository.name, repository.default_branch)
    return bool(head) and any(entry.path == path for entry in forge.tree(repository.name, head).entries)


def _react(hands: Hands, repository: Repository, wanted: Wanted, content: str) -> None:
    """A token that may not react may still do the rest."""
    try:
        hands.forge.react(repository.name, React(wanted.number, wanted.comment, content))
    except (RateLimited, Unavailable):
        raise
    except ForgeTrouble as error:
        tell(f"no reaction: {error}")


def _answer(hands: Hands, repository: Repository, wanted: Wanted, answer: str) -> None:
    """Once, also when we were stopped just after."""
    mark = f"<!-- dslim:answer {text_key(wanted.id)} -->"
    me = hands.forge.me()
    if any(mark in one.body and one.author == me for one in hands.forge.comments(repository.name, wanted.number)):
        return
    try:
        hands.forge.say(repository.name, Say(wanted.number, f"{answer}\n{mark}"))
    except NotFound as error:
        tell(f"no answer: {error}")


def _page(rule: str) -> str:
    from transforms import loaded

    found = next((transform for transform in loaded() if transform.name == rule), None)
    if found is None:
        return ""
    return f"**{md.code(found.name)}** ({found.safety.name.lower()})\n\n{md.block(found.page.strip()[:_LONGEST])}"


def _rules() -> tuple[str, ...]:
    from transforms import pipeline

    return tuple(transform.name for transform in pipeline())


def _names() -> str:
    return f"Rules are {', '.join(md.code(name) for name in _rules())}."
