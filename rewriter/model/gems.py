"""Where gems go, and what RubyGems can be told. Sources: https://guides.rubygems.org/command-reference/,
https://github.com/docker-library/ruby (GEM_HOME, gemrc), the package lists of the distributions for the versions.
"""

from __future__ import annotations

from typing import Final

from rewriter.knowledge.caches import Cache
from rewriter.model import bases, privilege
from rewriter.model.file import File
from rewriter.model.run import Run

SOURCE: Final = "https://guides.rubygems.org/command-reference/#gem-install"
OFFICIAL: Final = frozenset({"ruby", "jruby", "rails"})
#: options that decide about documents already, or install none
ABOUT_DOCUMENTS: Final = ("--no-document", "-N", "--no-doc", "--no-ri", "--no-rdoc", "--document", "--ri", "--rdoc",
                   "--help", "-h", "--system")  # fmt: skip
#: images whose distribution has a Ruby of 2.0 or later, in every release but those of ``_OLD`` and ``_OLD_NAMES``
_DISTRIBUTIONS: Final = frozenset(
    "debian ubuntu alpine centos fedora rockylinux almalinux amazonlinux buildpack-deps node".split()
)
_OLD: Final = {
    "debian": ("6", "7"),
    "ubuntu": ("10.", "11.", "12.", "13.", "14."),
    "centos": ("5", "6", "centos5", "centos6"),
    "fedora": ("16", "17", "18", "heisenbug"),
}
_OLD_NAMES: Final = ("squeeze", "wheezy", "lucid", "precise", "trusty")
#: signs of a Ruby that the file brings itself
_OWN: Final = ("ruby-1", "ruby-2", "ruby-3", "ruby-build", "ruby-install", "/ruby/", "rvm", "rbenv", "chruby", "asdf")


def documents_off(file: File) -> bool:
    """True when a gemrc says so: that of the official images, or one that the file writes or copies."""
    return bases.shipped_base(file)[0] in OFFICIAL or "gemrc" in file.source


def no_documents(file: File) -> str:
    """The option that this file's RubyGems has against documents, or "" when its version is not known."""
    image, tag = bases.shipped_base(file)
    if image not in _DISTRIBUTIONS or _names(file, *_OWN):
        return ""
    if tag.startswith(_OLD.get(image, ("-",))) or any(name in tag for name in _OLD_NAMES):
        return "" if _names(file, "ruby2", "brightbox", "rubygems-update") else "--no-ri --no-rdoc"
    return "" if _names(file, "ruby1.") else "--no-document"


def _names(file: File, *signs: str) -> bool:
    """True when the file says any of these, be it as a part of a word."""
    return any(sign in file.source for sign in signs)


def placed(file: File, cache: Cache) -> Cache:
    """The row with its directory written out where the base image says which one it is."""
    if bases.shipped_base(file)[0] != "ruby" or _names(file, "GEM_HOME"):
        return cache
    return cache._replace(clean="rm -rf /usr/local/bundle/cache/*.gem")


def pristine(file: File, run: Run) -> str:
    """A command that works with the archives, in this RUN or later, as a reason; "" when there is none."""
    for other in (run, *file.later_runs(run)):
        for command in other.uses("gem", "bundle"):
            offline = other is not run and command.tool == "bundle" and command.has("--local")
            if offline or command.subcommand in ("pristine", "cache", "package", "pack"):
                called = f"{command.tool} {command.subcommand}" + (" --local" if offline else "")
                return f"line {file.line(other.span.start)} runs {called}, which reads the archives"
    return ""


def by_path(run: Run) -> str:
    """Why ``gem env gemdir`` would answer for another Ruby, or ""."""
    for command in run.uses("gem", "bundle", "bundler"):
        if "/" in command.simple.words[command.head].raw:
            return f"{command.tool} is called by its path: the directory of that Ruby's gems is not known here"
    return ""


def not_writable(file: File, run: Run) -> str:
    """Why the user of a RUN may not be allowed to delete the archives, or "".

    The gems of the official images belong to everybody until root installs the first one. Elsewhere the directory is
    root's, and where a user may not write there, Bundler and RubyGems take another one.
    """
    callers = [*run.uses("gem", "bundle", "bundler")]
    if run.state.root or all(map(privilege.with_sudo, callers)):
        return ""
    if bases.shipped_base(file)[0] == "ruby":
        before = [other for other in file.runs if other.index < run.index and other.stage.ships and other.state.root]
        if not any(True for other in before for _ in other.uses("gem", "bundle", "bundler")):
            return ""
    return f"it runs as {privilege.user_of(run)}, who may not be allowed to delete the archives of root's gems"


def elsewhere(file: File, run: Run) -> str:
    """A setting that puts Bundler's gems into another directory, as a reason; "" when there is none."""
    for other in file.runs:
        for command in other.uses("bundle"):
            words = [word.value for word in command.operands]
            if other.index <= run.index and command.subcommand == "config" and {"path", "deployment"} & set(words):
                return f"line {file.line(other.span.start)} puts the gems elsewhere: their directory is not known here"
    return ""
