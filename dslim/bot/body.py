"""The text of a pull request. Pure and stable: equal input gives equal text, so that nothing is edited without a reason.

What a maintainer wants to know comes first: what shrinks, from what to what, and how we know. No pixel, no advertisement.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from dslim.bot import markdown as md
from dslim.bot import metadata
from dslim.bot.config import Config
from dslim.bot.plan import Alone, Proposal, Rewritten
from dslim.diff import unified
from dslim.report import size
from dslim.terminal import inert
from rewriter.report import Outcome
from rewriter.syntax.dockerfile import Unreadable, read

LONGEST = 60_000  # characters, keys of questions included; GitHub takes 65,536, and people add to it
LEAST = 12_000  # however many keys there are
_TITLE = 120
_REASONS = 6  # lines of why, for one rule
_LEFT = 30  # lines of what was left alone
_LAYERS = ("RUN", "COPY", "ADD")


class Proof(NamedTuple):
    """What a build of one file before and after said; sizes in bytes. ``verdict`` is in the words of `dslim verify`, and
    ``holds`` whether it is a good one."""

    verdict: str
    before: int
    after: int
    because: tuple[str, ...] = ()
    holds: bool = True


class Facts(NamedTuple):
    """What the text says beside the proposal. ``later`` is how many files wait for another pull request; ``room`` is for how
    many characters there is room."""

    config: Config
    proofs: Mapping[str, Proof] = {}
    alone: tuple[Alone, ...] = ()
    later: int = 0
    config_path: str = ".github/dslim.yml"
    room: int = LONGEST


def title(proposal: Proposal, config: Config) -> str:
    """A conventional title, on one line."""
    if proposal.text is not None:
        return proposal.text.title
    return f"{config.title_prefix}{_what(proposal)}"[:_TITLE].rstrip()


def _what(proposal: Proposal) -> str:
    if len(proposal.files) > 1:
        return f"make {len(proposal.files)} images smaller"
    path = proposal.files[0].path
    return "make the image smaller" if path == "Dockerfile" else f"make the image of {_one_line(path)} smaller"


def message(proposal: Proposal, config: Config, trailers: str, rule: str = "") -> str:
    """A commit's message: of the whole, or of the part that one rule has in it."""
    if proposal.text is not None:
        return "\n\n".join([proposal.text.title, proposal.text.message, trailers])
    told = [one for file in proposal.files for one in file.applied if not rule or one.transform == rule]
    titles = list(dict.fromkeys(one.title for one in told))
    subject = f"{config.title_prefix}{_lowered(titles[0])}" if rule and titles else title(proposal, config)
    lines = [f"- {one} ({', '.join(sorted({each.transform for each in told if each.title == one}))})" for one in titles]
    return "\n\n".join(part for part in (subject, "\n".join(map(_one_line, lines)), trailers) if part)


def body(proposal: Proposal, facts: Facts) -> str:
    """The whole text but its hidden metadata. Where it is too long, the largest diffs are left out first."""
    if proposal.text is not None:
        return proposal.text.body
    folds = {file.path: (with_diff(file), _without_diff(file)) for file in proposal.files}
    for left in (_LEFT, 0):
        length = len(_text(proposal, facts, [short for _, short in folds.values()], left))
        shown = {path: short for path, (_, short) in folds.items()}
        for path, (whole, short) in sorted(folds.items(), key=lambda fold: (len(fold[1][0]), fold[0])):
            length += len(whole) - len(short)
            if length > facts.room:
                break
            shown[path] = whole
        text = _text(proposal, facts, list(shown.values()), left)
        if len(text) <= facts.room:
            return text
    cut = text[: facts.room - 2_000].rpartition("\n\n")[0]
    return f"{cut}\n\nThe rest of this text is left out: it was too long.\n\n{_behaviour(facts)}\n"


def _text(proposal: Proposal, facts: Facts, folds: list[str], left: int) -> str:
    parts = [
        first_line(proposal, facts.proofs),
        _table(proposal, facts.proofs),
        "### What changes, and why",
        *_reasons(proposal),
        *folds,
        "### How sure this is",
        _certainty(proposal, facts),
        *_left_alone(proposal, facts, left),
        "### What you can do",
        _behaviour(facts),
    ]
    return "\n\n".join(parts) + "\n"


def first_line(proposal: Proposal, proofs: Mapping[str, Proof]) -> str:
    """What shrinks, from what to what, and whether anybody measured it."""
    paths = [file.path for file in proposal.files]
    what = f"the image of {md.code(paths[0])}" if len(paths) == 1 else f"the images of {len(paths)} Dockerfiles"
    measured = [proofs[path] for path in paths if path in proofs]
    if not measured:
        return f"Makes {what} smaller. **By how much is not measured**: nothing was built."
    before, after = sum(one.before for one in measured), sum(one.after for one in measured)
    share = f" ({(after - before) / before:+.0%})" if before else ""
    some = "" if len(measured) == len(paths) else f" in the {len(measured)} that were built"
    return (
        f"Makes {what} smaller: **{size(before)} → {size(after)}**{share}{some}, measured by building before and after."
    )


def _table(proposal: Proposal, proofs: Mapping[str, Proof]) -> str:
    rows = []
    for file in proposal.files:
        proof = proofs.get(file.path)
        sizes = (size(proof.before), size(proof.after)) if proof else ("not measured", "not measured")
        layers = f"{_layers(file.before)} → {_layers(file.after)}"
        least = min(told.safety for told in file.applied)
        rows.append((md.code(file.path), *sizes, layers, ", ".join(map(md.code, file.rules)), least.name.lower()))
    return md.table(("File", "Size before", "Size after", "RUN, COPY, ADD", "Rules", "Safety"), rows)


def _layers(content: bytes) -> int:
    try:
        file = read(content.decode("utf-8", "replace"))
    except Unreadable:
        return 0
    return sum(each.name.upper() in _LAYERS for each in file.instructions)


def _reasons(proposal: Proposal) -> Iterator[str]:
    """One paragraph for each rule, with the facts that it relied on."""
    for rule in dict.fromkeys(rule for file in proposal.files for rule in file.rules):
        told = [(file.path, one) for file in proposal.files for one in file.applied if one.transform == rule]
        titles = list(dict.fromkeys(md.prose(one.title) for _, one in told))
        why = list(dict.fromkeys(md.prose(reason) for _, one in told for reason in one.because))
        more = [f"and {len(why) - _REASONS} more"] if len(why) > _REASONS else []
        head = f"**{'; '.join(titles)}** ({md.code(rule)}, {len(told)}×; its story: {md.code(f'dslim explain {rule}')})"
        yield "\n".join(filter(None, [head, md.bullets([*why[:_REASONS], *more])]))


def with_diff(file: Rewritten) -> str:
    """The difference, folded."""
    path = file.path if file.path.isprintable() else "Dockerfile"
    diff = unified(file.before, file.after, path).decode("utf-8", "replace")
    return md.folded(f"Diff of {md.summary(file.path)}", md.block(diff, "diff"))


def _without_diff(file: Rewritten) -> str:
    return f"The diff of {md.code(file.path)} is left out here, as this text would be too long; see the changed files."


def _certainty(proposal: Proposal, facts: Facts) -> str:
    proven = [(file.path, facts.proofs[file.path]) for file in proposal.files if file.path in facts.proofs]
    lines = [
        f"{md.code(path)}: **{md.prose(proof.verdict)}**" + "".join(f"; {md.prose(why)}" for why in proof.because)
        for path, proof in proven
    ]
    if len(proven) < len(proposal.files):
        lines.append(
            f"{'The rest' if proven else 'This'} was not built. dslim read the text before and after, and checked that only "
            "the instructions named above differ, that no comment is lost, and no word of a command but those that a rule is "
            "about, and that a second parser agrees, where it can read such a file."
        )
    commands = md.block("\n".join(_commands(proposal.files[0], facts.config)), "sh")
    return f"{md.bullets(lines)}\n\nTo see the same, and to prove it with your Docker engine:\n\n{commands}"


def _commands(file: Rewritten, config: Config) -> Iterator[str]:
    """What shows this very change, also where the configuration of the bot leaves rules out."""
    path = shlex.quote(f"./{file.path}" if file.path.startswith("-") else file.path)
    level = f"--level {config.level}"
    if not (config.select or config.ignore or config.group == "rule"):
        yield f"dslim rewrite {level} --diff {path}"
        yield f"dslim verify {level} {path}"
        return
    chosen = f"{level} --select {','.join(file.rules)}"
    yield f"dslim rewrite {chosen} --diff {path}"
    yield f"dslim rewrite {chosen} --stdin-filename {path} - < {path} > smaller"
    yield f"dslim verify {level} {path} --against smaller"


def _left_alone(proposal: Proposal, facts: Facts, most: int) -> Iterator[str]:
    """What was seen and not done, and why."""
    lines = [line for file in proposal.files for line in _not_done(file)]
    if facts.later:
        lines.insert(
            0,
            f"{facts.later} more file{'s' * (facts.later != 1)} to come: `limits.files_per_pr` is {facts.config.files_per_pr}",
        )
    lines += [f"{md.code(one.path)}: {md.prose(one.reason)}" for one in facts.alone if one.reason]
    if not lines:
        return
    more = f"\n- and {len(lines) - most} more; `dslim rewrite` lists them" if len(lines) > most else ""
    yield "### What was left alone"
    yield md.folded(
        f"{len(lines)} place{'s' * (len(lines) != 1)}, with the reason", (md.bullets(lines[:most]) + more).strip()
    )


def _not_done(file: Rewritten) -> Iterator[str]:
    for left in file.declined:
        yield f"{md.code(f'{file.path}:{left.line}')} {md.prose(left.why)} ({md.code(left.transform)})"
    for told in file.others:
        word = "held back for a person to decide" if told.outcome is Outcome.HELD_BACK else told.outcome.value
        yield f"{md.code(f'{file.path}:{told.line}')} {md.prose(told.title)}: {word} ({md.code(told.transform)})"


def _behaviour(facts: Facts) -> str:
    config = facts.config
    rebase = {
        "conflicted": "is made anew when it conflicts with its base, or when the proposal changes",
        "behind": "is made anew whenever its base moves",
        "never": "is never made anew by itself",
    }[config.rebase]
    schedule = f" Writes only after `{config.schedule.cron}` ({config.schedule.timezone})." if config.schedule else ""
    lines = [
        "**Merge it** when you agree.",
        "**Close it**, and these changes are not proposed again, as long as the instructions stay as they are.",
        f"**Push to it, or edit its title**: it is yours then, and left alone. Otherwise it {rebase}.{schedule}",
        f"**Keep one instruction as it is**: `# dslim: keep NAME` above it. **Switch off**: `enabled: false` in "
        f"{md.code(facts.config_path)}.",
    ]
    return f"{md.bullets(lines)}\n\n{metadata.box()} Make this pull request anew, also over what others changed in it"


def _lowered(text: str) -> str:
    return text[:1].lower() + text[1:]


def _one_line(text: str) -> str:
    """Text for a title or a commit's message, where nothing is code: ``@name`` and ``#1`` in full width mean nothing."""
    return " ".join(inert(text).split()).translate({ord("@"): "＠", ord("#"): "＃"})
