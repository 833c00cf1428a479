"""The first pull request to a repository that has no configuration: it adds one, and says what would come.

Merged is a yes, closed is a no for good, and nothing else is written before. Only where there is something to propose is
anybody asked, and only where nothing of ours was there before.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from dslim.bot import body, keys, metadata, states
from dslim.bot import markdown as md
from dslim.bot.config import NAMES
from dslim.bot.desk import Desk
from dslim.bot.forge.protocol import FILE, FOLDER
from dslim.bot.ledger import Slot
from dslim.bot.plan import ONBOARDING, Plan, Proposal, Rewritten, Text
from dslim.bot.reconcile import settle

CONTENT = b"""\
# What dslim may do here. `dslim bot config check` says whether this file is right; `dslim bot config schema` has all keys.
version: 1
# enabled: false                      # nothing any more
# rules: {level: safe, ignore: []}    # what is proposed; `dslim list` names the rules
# group: one                          # one | directory | file | rule: what goes into one pull request
# approval: dashboard                 # nothing opens before somebody ticks its box in an issue
# schedule: {cron: "0 5 * * 1", timezone: UTC}
# limits: {open_prs: 3, prs_per_hour: 2}
"""
_MOST = 20  # pull requests, and files of one, that are named
_DIFFS = 20_000  # characters


def settled(desk: Desk, plan: Plan, ask: bool) -> Slot | None:
    """The slot of the question; None where it need not be asked, or was answered with yes.

    Without ``ask`` no new question is asked; one that was asked waits, and a no stays one.
    """
    host, number = desk.repository.host, desk.repository.id
    key = keys.slot(host, number, "", ONBOARDING)
    mine = desk.ledger.slots(host, number)
    known = next((slot for slot in mine if slot.slot == key), None)
    if known is None and (not ask or not plan.proposals or _at_home(desk, mine)):
        return None
    if known is not None and known.state == states.MERGED:
        return None
    slot = known or Slot(key, host, number, "", ONBOARDING)
    asking = desk._replace(prove=lambda proposal: {}, config_path=path(desk))  # there is nothing to build
    slot = settle(asking, slot, proposal(asking, plan) if plan.proposals else None)
    return None if slot.state == states.MERGED else slot


def _at_home(desk: Desk, mine: Iterable[Slot]) -> bool:
    """Whoever has had a pull request of ours knows us."""
    if any(slot.number for slot in mine):
        return True
    me = desk.forge.me()
    said = [metadata.find(pull.body) for pull in desk.forge.open_pulls(desk.repo, keys.PREFIX) if pull.author == me]
    return any(one is not None and one.group != ONBOARDING for one in said)


def path(desk: Desk) -> str:
    """Where the configuration goes: beside a file called `.github` there is no folder of that name."""
    taken = any(entry.path == ".github" and entry.mode != FOLDER for entry in desk.entries)
    return NAMES[2] if taken else NAMES[0]


def proposal(desk: Desk, plan: Plan) -> Proposal:
    """The new file, and the words that go with it."""
    name = desk.config_path
    replaced = keys.Replaced(name, ("onboarding",), (), (CONTENT.decode(),))
    asks = (frozenset([keys.question_key(name, "onboarding", "")]),)
    file = Rewritten(name, FILE, b"", CONTENT, (), (), (), keys.answer_key(replaced), replaced, asks, new=True)
    title = f"{desk.config.title_prefix}configure dslim"
    return Proposal(
        ONBOARDING, (file,), Text(title, f"Adds {name}, which says what dslim may do here.", _text(desk, plan))
    )


def _text(desk: Desk, plan: Plan) -> str:
    name = md.code(desk.config_path)
    parts = [
        f"dslim makes images smaller. This adds {name}, with all defaults. **Merge it, and pull requests as below come; "
        "close it, and I never write here again.** Nothing else is written while it is open.",
        "### What would come",
        md.bullets(_coming(desk, plan)),
        *_diffs(plan),
        f"This is of {md.code(desk.head[:12])}. Nothing was built for it. To see it as it is now: "
        f"{md.code(f'dslim bot run --dry-run {desk.repo}')}.",
        "### What you can do",
        md.bullets(
            [
                f"**Change {name} here**, as you like; it is yours then, and merged as you left it.",
                "**Be asked each time**: `approval: dashboard`. **Not at any time**: `schedule`. **Nothing**: `enabled: false`.",
                "**Close it**, and that is remembered. Opened again, it counts again.",
            ]
        ),
        f"{metadata.box()} Make this pull request anew, also over what others changed in it",
    ]
    return "\n\n".join(parts) + "\n"


def _coming(desk: Desk, plan: Plan) -> Iterator[str]:
    for one in plan.proposals[:_MOST]:
        files = [f"{md.code(file.path)} ({', '.join(map(md.code, file.rules))})" for file in one.files[:_MOST]]
        more = [f"{len(one.files) - _MOST} more"] if len(one.files) > _MOST else []
        yield f"{md.prose(body.title(one, desk.config))}: {', '.join([*files, *more])}"
    if len(plan.proposals) > _MOST:
        yield f"and {len(plan.proposals) - _MOST} more"


def _diffs(plan: Plan) -> Iterator[str]:
    room = _DIFFS
    for file in (file for one in plan.proposals for file in one.files):
        diff = body.with_diff(file)
        room -= len(diff)
        if room < 0:
            return
        yield diff
