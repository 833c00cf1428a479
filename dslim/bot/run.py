"""One repository, from its name to the state of its pull requests. Troubles become results, so that a fleet goes on."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from functools import cache
from typing import NamedTuple

from dslim import __version__
from dslim.bot import dashboard, keys, metadata, onboarding, states, words
from dslim.bot.alive import somebody
from dslim.bot.body import Proof
from dslim.bot.desk import Desk
from dslim.bot.forge.protocol import Forge, Repository
from dslim.bot.forge.trouble import ForgeTrouble, RateLimited
from dslim.bot.holding import held
from dslim.bot.ledger import Known, Ledger, Slot
from dslim.bot.plan import ALL, ONBOARDING, Proposal, plan
from dslim.bot.reconcile import NOTHING, settle
from dslim.bot.survey import Ground, Planner, Survey, ground, survey
from dslim.bot.wishes import Wishes

Prover = Callable[[Proposal], Mapping[str, Proof]]

LEASE = 120.0  # seconds for which a repository is ours, renewed while we work
AGAIN = 60.0  # seconds until we try again after a trouble that may pass
FRESH = 20 * 3600.0  # seconds for which an open pull request is not looked at again while its base stays


class Bot(NamedTuple):
    """The tools. Threads may share one, as far as its forge may be shared.

    ``look`` False: a repository whose branches are where we left them costs one request. ``asked``: a person wants this
    run, and no schedule holds it up. ``prove`` builds, where the bot's owner allows that. ``onboard``: a repository without a
    configuration is asked first. ``owner`` is who leases repositories, "" for each call one of its own; ``tell`` hears what
    was found, before anything is written.
    """

    forge: Forge
    ledger: Ledger
    plan: Planner = plan
    clock: Callable[[], float] = time.time
    owner: str = ""
    look: bool = True
    asked: bool = False
    prove: Prover = lambda proposal: {}
    onboard: bool = False
    tell: Callable[[Survey], None] = lambda found: None


class Result(NamedTuple):
    """What became of a repository. ``limited``: the forge limits us, so nothing else of this token goes either."""

    name: str
    state: str
    reason: str = ""
    not_before: float = 0.0
    slots: tuple[Slot, ...] = ()
    limited: bool = False


def handle(bot: Bot, name: str) -> Result:
    """Plan, and open, update, close or leave the pull requests of one repository. Never raises a :class:`ForgeTrouble`."""
    try:
        known = bot.ledger.known(bot.forge.host, name)
        if known is not None and not bot.look and _is_unchanged(bot, known):
            slots = bot.ledger.slots(known.host, known.id)
            return Result(known.name, known.state, known.reason, slots=slots)
        return _leased(bot, name)
    except ForgeTrouble as error:
        result = troubled(name, error, bot.clock())
        known = bot.ledger.known(bot.forge.host, name)
        if known is not None:  # `dslim bot status` shall know it, too
            bot.ledger.remember(known._replace(state=result.state, reason=result.reason, not_before=result.not_before))
        return result


def troubled(name: str, error: ForgeTrouble, now: float) -> Result:
    """What a trouble means for the repository as a whole."""
    if isinstance(error, RateLimited):
        return Result(name, states.WAITING, str(error), error.not_before, limited=True)
    if error.final:
        return Result(name, states.DEAD, str(error))
    return Result(name, states.WAITING, str(error), now + AGAIN)


def _is_unchanged(bot: Bot, known: Known) -> bool:
    """True when a look would find what we know: one request for each base branch, none when something is to be done."""
    now = bot.clock()
    if known.version != __version__ or not known.heads or known.state in (states.WAITING, states.DEAD):
        return False
    for slot in bot.ledger.slots(known.host, known.id):
        due = 0 < slot.not_before <= now
        stale = known.looked_at < now - FRESH and slot.state not in states.SETTLED
        if slot.asked or due or stale or slot.state == states.PUSHED:
            return False
    return all(bot.forge.head(known.name, base) == head for base, head in known.heads.items())


def _leased(bot: Bot, name: str) -> Result:
    """Two bots with one ledger do not even look at the same repository; what two ledgers do, the forge sorts out."""
    place, owner = leased(bot.forge.host, name), bot.owner or somebody()
    with held(bot.ledger, place, owner, LEASE) as ours:
        if ours:
            return _looked(bot, bot.forge.repository(name))
    return Result(name, states.WAITING, "another bot works on it", bot.clock() + AGAIN)


def leased(host: str, name: str) -> str:
    """The name of the lease on a repository."""
    return f"{host}/{name.lower()}"


def _looked(bot: Bot, repository: Repository) -> Result:
    """Look at all base branches; what was found out is remembered, also when it is a reason to do nothing."""
    found = ground(bot.forge, repository)
    here = {repository.default_branch: found.head}
    if found.wrong:
        return _remembered(bot, repository, here, _misconfigured(bot, repository, found))
    if repository.fork and not found.configured:
        why = f"a fork; {found.config_path} there would have it handled"
        return _remembered(bot, repository, here, Result(repository.name, states.NO_CHANGE, why))
    wishes = Wishes(bot.ledger.database)
    if by := wishes.paused(repository.host, repository.id):
        paused = Result(repository.name, states.GATED, f"paused by {by}; `@dslim resume` goes on")
        return _remembered(bot, repository, {}, paused)
    found = found._replace(config=wishes.over(repository.host, repository.id, found.config))
    slots: list[Slot] = []
    heads: dict[str, str] = {}
    for base in found.config.base_branches or (repository.default_branch,):
        seen = survey(bot.forge, repository, found, base, bot.plan)
        bot.tell(seen)
        slots += _settled(bot, repository, seen, not found.configured)
        heads[base] = seen.head
    slots += _left_over(bot, repository, found, heads)
    everything = Desk(bot.forge, bot.ledger, repository, "", "", (), found.config, asked=bot.asked, clock=bot.clock)
    dashboard.keep(everything, slots)
    return _remembered(bot, repository, heads, _summed(repository, slots, found.config.enabled))


def _remembered(bot: Bot, repository: Repository, heads: dict[str, str], result: Result) -> Result:
    """``heads`` are the branches that need no second look while they stay; {} where the next run has to look anyway."""
    bot.ledger.remember(
        Known(
            host=repository.host,
            id=repository.id,
            name=repository.name,
            default_branch=repository.default_branch,
            heads=heads,
            looked_at=bot.clock(),
            version=__version__,
            state=result.state,
            reason=result.reason,
            not_before=result.not_before,
        )
    )
    return result


def _settled(bot: Bot, repository: Repository, seen: Survey, asks: bool) -> list[Slot]:
    """All slots of one base: those with a proposal, and those that had one. ``asks``: nothing but the first question, where
    that was asked and is not answered."""
    proposals = {one.group: one for one in seen.plan.proposals}
    desk = Desk(
        bot.forge,
        bot.ledger,
        repository,
        seen.base,
        seen.head,
        seen.entries,
        seen.config,
        seen.config_path,
        seen.plan.alone,
        asked=bot.asked,
        clock=bot.clock,
        prove=bot.prove,
        again=seen.again,
    )
    desk = desk._replace(approved=cache(lambda: dashboard.approved(desk)))
    if asks and (question := onboarding.settled(desk, seen.plan, bot.onboard)) is not None:
        return [question]
    return [settle(desk, slot, proposals.get(slot.grouping), _why_none(seen, slot)) for slot in _slots(desk, proposals)]


def _why_none(seen: Survey, slot: Slot) -> str:
    """What people are told of a pull request for which there is no proposal any more."""
    if not seen.config.enabled:
        return f"enabled: false in {seen.config_path}"
    if slot.grouping == ONBOARDING:
        return f"there is {seen.config_path} now"
    if seen.plan.proposals and (slot.grouping == ALL) != (seen.config.group == "one"):
        return f"changes are grouped otherwise now (group: {seen.config.group}), and proposed anew"
    return NOTHING


def _left_over(bot: Bot, repository: Repository, found: Ground, heads: Mapping[str, str]) -> list[Slot]:
    """Pull requests for branches that the owner does not name any more."""
    gone: list[Slot] = []
    for slot in bot.ledger.slots(repository.host, repository.id):
        base = slot.base or repository.default_branch
        if base in heads or slot.state not in (states.OPEN, states.PUSHED):
            continue
        desk = Desk(bot.forge, bot.ledger, repository, base, "", (), found.config, clock=bot.clock)
        gone.append(settle(desk, slot, None, f"{base} is not among base_branches in {found.config_path}"))
    return gone


def _slots(desk: Desk, proposals: Mapping[str, Proposal]) -> list[Slot]:
    """Remembered ones first; where nothing is remembered, what the open pull requests say of themselves."""
    host, number = desk.repository.host, desk.repository.id
    here = [slot for slot in desk.ledger.slots(host, number) if slot.base == desk.base_key]
    known = {one.grouping: one for one in here if one.grouping != ONBOARDING or one.state not in states.SETTLED}
    groups = set(proposals)
    if not here:
        me = desk.forge.me()
        for pull in desk.forge.open_pulls(desk.repo, keys.PREFIX):
            said = metadata.find(pull.body) if pull.author == me else None
            if said is not None and keys.slot(host, number, desk.base_key, said.group) == said.slot:
                groups.add(said.group)
    base = desk.base_key
    new = {group: Slot(keys.slot(host, number, base, group), host, number, base, group) for group in groups}
    return [known.get(group) or new[group] for group in sorted({*known, *new})]


def _misconfigured(bot: Bot, repository: Repository, found: Ground) -> Result:
    """Nothing is done before the owner mended it; who has an open pull request of ours is told there, once, and who has none
    in the dashboard."""
    slots = bot.ledger.slots(repository.host, repository.id)
    desk = Desk(bot.forge, bot.ledger, repository, "", "", (), found.config, clock=bot.clock)
    open_ones = [slot for slot in slots if slot.state in (states.OPEN, states.BLOCKED) and slot.number]
    for slot in open_ones:
        words.say_once(desk._replace(base=slot.base), slot, slot.number, words.MISCONFIGURED, found.wrong)
    if not open_ones:
        dashboard.keep(desk, slots, found.wrong)
    return Result(repository.name, states.GATED, found.wrong, slots=slots)


def _summed(repository: Repository, slots: list[Slot], enabled: bool) -> Result:
    """The state that a person should know first stands for the repository."""
    if not slots:
        reason = "nothing to propose" if enabled else "switched off by its owner"
        return Result(repository.name, states.NO_CHANGE, reason)
    first = min(slots, key=lambda slot: states.URGENCY.index(slot.state))
    waits = [slot.not_before for slot in slots if slot.not_before]
    return Result(repository.name, first.state, first.reason, min(waits, default=0.0), tuple(slots))
