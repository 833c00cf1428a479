"""A plan is made of values alone: the same anywhere, asked again for what it lacks, and no more than the owner allows."""

from __future__ import annotations

import pickle

import pytest

from dslim.bot.config import Config, default, parse
from dslim.bot.forge.protocol import Entry
from dslim.bot.keys import blob_sha
from dslim.bot.plan import Plan, Snapshot, Source, plan
from dslim.bot.tree import TreeContext, dockerfiles

FAT = b"FROM debian:12\nRUN apt-get update && apt-get install -y --no-install-recommends curl\n"
TWICE = FAT + b"RUN pip install flask\nCOPY a b\n"
LEAN = b"FROM debian:12\nCOPY a b\n"


def snapshot(files: dict[str, bytes], config: Config | None = None, fetched: tuple[str, ...] = ()) -> Snapshot:
    entries = tuple(Entry(path, "100644", blob_sha(content), len(content)) for path, content in files.items())
    config = config or default()
    found = dockerfiles(entries, config.include, config.exclude)
    sources = tuple(Source(entry.path, entry.mode, files[entry.path]) for entry in found.files)
    return Snapshot(entries, sources, {path: files[path] for path in fetched}, config)


def settled(files: dict[str, bytes], config: Config | None = None) -> Plan:
    """As the survey does it: fetch what is wanted, and plan again."""
    fetched: tuple[str, ...] = ()
    for _ in range(5):
        made = plan(snapshot(files, config, fetched))
        if not made.wanted:
            return made
        fetched += made.wanted
    raise AssertionError(f"still wants {made.wanted}")


def yaml(text: str) -> Config:
    return parse(text, "dslim.yml")


def test_a_plan_travels() -> None:
    made = plan(snapshot({"Dockerfile": TWICE, "lean/Dockerfile": LEAN}))
    assert pickle.loads(pickle.dumps(made)) == made
    assert plan(pickle.loads(pickle.dumps(snapshot({"Dockerfile": TWICE, "lean/Dockerfile": LEAN})))) == made


def test_only_what_is_safe_is_proposed() -> None:
    (proposal,) = settled({"Dockerfile": TWICE}).proposals
    assert {told.safety.name for file in proposal.files for told in file.applied} == {"SAFE"}


def test_groups() -> None:
    files = {"Dockerfile": FAT, "api/Dockerfile": TWICE, "api/dev.Dockerfile": FAT, "web/Dockerfile": LEAN}

    def groups(by: str) -> dict[str, list[str]]:
        made = settled(files, yaml(f"group: {by}"))
        return {one.group: [file.path for file in one.files] for one in made.proposals}

    assert groups("one") == {"all": ["Dockerfile", "api/Dockerfile", "api/dev.Dockerfile"]}
    assert groups("directory") == {"root": ["Dockerfile"], "api": ["api/Dockerfile", "api/dev.Dockerfile"]}
    assert list(groups("file")) == ["Dockerfile", "api/Dockerfile", "api/dev.Dockerfile"]
    by_rule = groups("rule")
    assert by_rule["pip-cache-kept"] == ["api/Dockerfile"] and len(by_rule["apt-lists-left-behind"]) == 3


def test_by_rule_each_file_has_that_rule_alone() -> None:
    for proposal in settled({"Dockerfile": TWICE}, yaml("group: rule")).proposals:
        assert [file.rules for file in proposal.files] == [(proposal.group,)]


def test_commits_by_rule_add_up() -> None:
    (proposal,) = settled({"Dockerfile": TWICE}, yaml("pr: {commits: rule}")).proposals
    (file,) = proposal.files
    assert [rule for rule, _ in file.steps] == sorted(file.rules, key=[rule for rule, _ in file.steps].index)
    assert len(file.steps) > 1 and file.steps[-1][1] == file.after
    assert len({text for _, text in file.steps} | {file.before}) == len(file.steps) + 1


def test_keys_outlive_edits_elsewhere() -> None:
    def keys(text: bytes) -> tuple[str, str, str]:
        (proposal,) = settled({"Dockerfile": text}).proposals
        return proposal.files[0].answer_key, proposal.change_key, proposal.plan_key

    first = keys(FAT)
    moved = keys(b"# a comment\n" + FAT.replace(b"\n", b"\nLABEL a=b\n", 1) + b"CMD x\n")
    assert moved[:2] == first[:2] and moved[2] != first[2]
    windows = keys(FAT.replace(b"\n", b"\r\n"))
    assert windows[0] == first[0]
    assert keys(FAT.replace(b"curl", b"wget"))[0] != first[0]


def test_the_owners_configuration_holds() -> None:
    files = {"Dockerfile": TWICE, "old/Dockerfile": FAT, "api/Dockerfile": TWICE}
    files[".dslim.toml"] = b'level = "show"\nexclude = ["old/"]\nignore = ["pip-cache-kept", "consecutive-runs"]\n'
    made = settled(files)
    (proposal,) = made.proposals
    assert {file.path: file.rules for file in proposal.files} == {
        "Dockerfile": ("apt-lists-left-behind",),
        "api/Dockerfile": ("apt-lists-left-behind",),
    }
    assert [(one.path, one.reason) for one in made.alone] == [
        ("old/Dockerfile", "excluded by the owner's configuration")
    ]


def test_the_nearest_configuration_counts() -> None:
    files = {"a/Dockerfile": FAT, "b/Dockerfile": FAT, ".dslim.toml": b'exclude = ["a/", "b/"]\n'}
    files["a/pyproject.toml"] = b"[tool.dslim]\nignore = []\n"
    files["b/pyproject.toml"] = b"[tool.other]\n"
    (proposal,) = settled(files).proposals
    assert [file.path for file in proposal.files] == ["a/Dockerfile"]


def test_a_broken_configuration_leaves_its_files_alone() -> None:
    made = settled({"Dockerfile": FAT, ".dslim.toml": b"\nlevl = 1\n"})
    assert made.proposals == ()
    assert made.alone[0].reason == ".dslim.toml:2: unknown key 'levl'; did you mean 'level'?"


def test_what_is_no_dockerfile_is_said() -> None:
    made = settled({"Dockerfile": b"\xff\xfeF\0", "b/Dockerfile": b"FROM a\n# caf\xe9\n", "c/Dockerfile": b"{{ x }}\n"})
    assert made.proposals == () and made.mistakes == ()
    assert [bool(one.reason) for one in made.alone] == [True, True, True]


def test_which_files_are_dockerfiles() -> None:
    modes = {
        "link/Dockerfile": "120000",
        "sub/Dockerfile": "160000",
        "folder/Dockerfile": "040000",
        "x/Dockerfile": "100755",
    }
    names = ["Dockerfile", "dev.Dockerfile", "a/Dockerfile.prod", "Containerfile", "a\nb/Dockerfile"]
    others = [
        "Dockerfile.dockerignore",
        "vendor/Dockerfile",
        "node_modules/a/Dockerfile",
        "docs/dockerfile.md",
        "a/.git/Dockerfile",
    ]
    entries = [Entry(path, "100644", "", 10) for path in (*names, *others)]
    entries += [Entry(path, mode, "", 10) for path, mode in modes.items()]
    entries.append(Entry("big/Dockerfile", "100644", "", 2_000_000))
    found = dockerfiles(entries, default().include, default().exclude)
    assert sorted(entry.path for entry in found.files) == sorted([*names, "x/Dockerfile"])
    assert dict(found.skipped) == {
        "link/Dockerfile": "a link; what it points at is rewritten where that lies",
        "big/Dockerfile": "larger than 1,048,576 bytes",
    }


@pytest.fixture
def context() -> TreeContext:
    files = {"svc/Dockerfile": b"", "svc/a": b"text", "svc/b/c": b"\xff", "out": b"x", "svc/hidden": b"x"}
    files["svc/.dockerignore"] = b"hid*\n"
    entries = {path: Entry(path, "100644", "", len(text)) for path, text in files.items()}
    entries["svc/b"] = Entry("svc/b", "040000", "")
    entries["svc/huge"] = Entry("svc/huge", "100644", "", 300_000)
    fetched = {path: files[path] for path in files if path != "svc/later"}
    entries["svc/later"] = Entry("svc/later", "100644", "", 5)
    return TreeContext("svc/Dockerfile", entries, fetched)


def test_a_context_is_as_docker_sees_it(context: TreeContext) -> None:
    assert context("a") == context("./a") == "text"
    assert [context(path) for path in ("../out", "/a", "", "b", "b/c", "hidden", "huge", "none")] == [None] * 8
    assert context.files() == (".dockerignore", "Dockerfile", "a", "b/c", "huge", "later")
    assert context.wanted == set()


def test_a_context_asks_for_what_it_lacks(context: TreeContext) -> None:
    assert context("later") is None
    assert context.wanted == {"svc/later"}


def test_a_context_with_a_link_is_not_listed() -> None:
    entries = {"a": Entry("a", "120000", "", 1), "Dockerfile": Entry("Dockerfile", "100644", "", 1)}
    assert TreeContext("Dockerfile", entries, {}).files() is None
    assert TreeContext("Dockerfile", entries, {})("a") is None


def test_a_context_knows_what_lies_beside_it() -> None:
    files = {
        "compose.yml": b"above",
        "notes.yml": b"no compose file",
        "other/compose.yml": b"of a neighbour",
        "svc/web/Dockerfile": b"",
        "svc/web/Procfile": b"a part of the context",
        "svc/web/compose.yml": b"left out",
        "svc/web/.dockerignore": b"compose.yml\n",
    }
    entries = {path: Entry(path, "100644", "", len(text)) for path, text in files.items()}
    context = TreeContext("svc/web/Dockerfile", entries, files)
    assert context.beside() == (("../../compose.yml", "svc/web", "above"), ("compose.yml", "", "left out"))


def test_what_says_that_it_is_generated_is_left_alone() -> None:
    said = b"#\n# NOTE: this file is GENERATED by update.sh,\n#\n# please do not edit it.\n" + FAT
    made = settled({"Dockerfile": said, "x/Dockerfile": b"# generated with love\n" + FAT})
    assert [one.reason for one in made.alone] == ["line 2 says that it is generated: change what generates it"]
    assert [one.path for group in made.proposals for one in group.files] == ["x/Dockerfile"]
