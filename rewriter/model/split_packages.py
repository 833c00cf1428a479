"""The packages that a RUN installs, and takes away again."""

from __future__ import annotations

from typing import Final

from rewriter.model import apt, paths
from rewriter.model.command import Command
from rewriter.model.run import Run
from rewriter.model.split_traces import Traces

#: package managers that are followed
MANAGERS: Final = frozenset("apt-get apt apk yum dnf microdnf".split())
_RPM: Final = frozenset("yum dnf microdnf".split())
_OTHERS: Final = frozenset(
    "update upgrade clean autoclean autoremove purge remove del erase dist-upgrade info makecache".split()
)
#: a group of compilers, make and their like. Source: comps of Fedora and CentOS
_TOOLS: Final = frozenset(
    ("Development Tools", "Development tools", "development tools", "development", "Development", "tools", "Tools")
)
#: what may stand between a package and its installation
_CHOICES: Final = ("||", "if ", "case ", "while ", "until ")


def installed(run: Run, command: Command, traces: Traces) -> str:
    """The packages that apt or apk installs, or takes away; why they are not known, or ""."""
    group = command.option("-t", "--virtual") if command.tool == "apk" else None
    virtual = group if isinstance(group, str) or group is None else group.value
    named = [word for word in words(run, command) if word is None or word != virtual]
    if command.tool in _RPM and command.subcommand in ("group", "groupinstall"):
        groups = [word for word in named if word != "install"]
        traces.installed.add("gcc")
        return "" if set(groups) <= _TOOLS else f"what {command.tool} {command.subcommand} installs is not known"
    if command.subcommand in ("del", "purge", "remove", "erase") or (command.subcommand == "autoremove" and named):
        for name in named:
            for one in traces.virtual.get(name or "", [name or ""]):
                if one in traces.packages:
                    traces.packages.remove(one)
                    traces.removed.append(one)
        return ""
    if command.subcommand in _OTHERS:
        return ""
    elsewhere = command.has("-X", "--repository", "--allow-untrusted", "--default-release", "--target-release")
    elsewhere = elsewhere or (command.tool != "apk" and command.has("-t"))
    if command.subcommand not in ("install", "add") or None in named or elsewhere:
        return f"what {command.tool} {command.subcommand} installs is not known"
    literal = command.tool in ("apt-get", "apt") and all(word.value is not None for word in command.operands)
    asked = apt.asked_for(command) if literal else [str(word) for word in named]
    plain = [name.partition("=")[0].partition(">")[0].partition("<")[0].partition("~")[0] for name in asked]
    if command.tool in _RPM and (command.has("--enablerepo", "--repo") or any("*" in name for name in plain)):
        return f"what {command.tool} {command.subcommand} installs is not known"
    remote = command.tool in _RPM
    strange = [name for name in plain if "/" in name or ("@" in name and command.tool != "apk") or name.endswith("-")]
    if any(name.startswith((".", "/")) for name in plain) or any(not remote or "://" not in name for name in strange):
        return f"what {command.tool} {command.subcommand} installs is not known"
    if not command.place.certain and any(sign in run.visible.text for sign in _CHOICES):
        traces.doubted |= set(plain)  # one of two names may be there, or none: nobody knows which
    traces.installed |= set(plain)
    traces.pinned |= {str(word).partition("=")[0] for word in named if "=" in str(word)} | {
        name for name in plain if "@" in name or "://" in name
    }
    traces.spelled |= {str(word).partition("=")[0]: str(word) for word in named if "=" in str(word)}
    traces.recommends = traces.recommends or not command.has("--no-install-recommends")
    traces.packages += [name for name in plain if name not in traces.packages]
    if virtual:
        traces.virtual[virtual] = plain
    return ""


def words(run: Run, command: Command) -> list[str | None]:
    """The operands; a variable of known value may be several."""
    found: list[str | None] = []
    for word in command.operands:
        text = word.value if word.value is not None else paths.symbolic(word, run.state)
        plain = text is not None and "$" not in text
        found += (text or "").split() if plain and word.value is None else [text if plain else None]
    return found
