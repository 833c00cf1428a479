"""What a reviewer who hates bots tried: each of these once overwrote, nagged, leaked or hung."""

from __future__ import annotations

from pathlib import Path

import pytest

from dslim.asked import Usage
from dslim.bot import database as databases
from dslim.bot import states
from dslim.bot.body import Facts, body
from dslim.bot.command import Words, run
from dslim.bot.config import default, parse
from dslim.bot.database import Database, Newer, Unusable, about
from dslim.bot.forge import forgejo_client, github_client, gitlab_client
from dslim.bot.forge.clone import Clone, without_secret
from dslim.bot.forge.github_sign_in import from_environment
from dslim.bot.forge.protocol import FILE, SYMLINK, Entry
from dslim.bot.forge.trouble import NotFound, Refused, Unavailable
from dslim.bot.ledger import Known, Ledger
from dslim.bot.limiter import Limiter
from dslim.bot.places import Unclear, place
from dslim.bot.plan import Snapshot, Source, plan
from dslim.bot.secrets import NoSecret, redacted
from dslim.bot.serve.comments import Command
from dslim.bot.serve.mail import Asked, Mail, read
from dslim.bot.serve.obey import Hands, obey
from dslim.bot.serve.post import Post, Wanted
from dslim.bot.tree import TreeContext, dockerfiles
from dslim.bot.wishes import Wishes
from dslim.patterns import Patterns
from tests.bot.conftest import Forge
from tests.bot.counterparts.emulate import TOKENS
from tests.bot.counterparts.wire import Fault
from tests.bot.robot import BEFORE, FILES, NAME, Robot, proposed, quiet
from tests.bot.test_dashboard import issues

PASSWORD = "hunter2hunter2"


@pytest.fixture
def robot(forge: Forge, tmp_path: Path) -> Robot:
    return Robot(forge, tmp_path)


def test_what_a_person_made_of_another_bots_commit_is_a_persons(robot: Robot, forge: Forge) -> None:
    forge.world.repository(NAME, {**FILES, ".github/dslim.yml": b"ignored_authors: [ci@bot.example]"})
    pull = proposed(robot)
    bot = {"name": "ci", "email": "ci@bot.example"}
    files = {"README.md": b"formatted"}
    forge.world.move(NAME, pull.branch, forge.world.write(NAME, files, pull.head, author=bot, committer=bot))
    theirs = forge.world.amend(NAME, pull.branch, {"README.md": b"hand made"})
    forge.world.push(NAME, "main", {"Dockerfile": BEFORE.replace(b"curl", b"wget")})
    robot.later()
    assert robot.run().state == states.BLOCKED
    assert forge.world.tip(NAME, pull.branch) == theirs


def test_a_persons_token_in_an_action_is_a_persons(
    forge: Forge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else our own pull requests would be somebody else's, and what people closed would come back."""
    for name in ("DSLIM_GITHUB_TOKEN", "DSLIM_GITHUB_APP_ID"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GITHUB_TOKEN", TOKENS["bot"])
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    database = Database(str(tmp_path / "ledger.sqlite"))
    whose = forge.world.call("GET", "/user", by="bot")["login"]

    def again() -> str:
        return from_environment(forge.shim.url, lambda name: Limiter(database, name)).me()

    assert again() == whose
    refusal = "Resource not accessible by integration"
    forge.shim.faults.append(Fault("GET /user$", 403, refusal, times=1))
    assert again() == "github-actions[bot]"
    forge.shim.faults.append(Fault("GET /user$", 403, refusal, times=1))
    monkeypatch.delenv("GITHUB_ACTIONS")
    with pytest.raises((NotFound, Refused)):
        again()


def test_an_app_whose_key_is_lost_does_not_write_as_somebody_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DSLIM_GITHUB_APP_ID", "7")
    monkeypatch.setenv("DSLIM_GITHUB_APP_KEY_FILE", "/nowhere/key.pem")
    monkeypatch.setenv("GITHUB_TOKEN", "somebody-elses-token")
    with pytest.raises(NoSecret, match="DSLIM_GITHUB_APP_KEY"):
        from_environment("", lambda name: pytest.fail("not asked"))


@pytest.mark.parametrize("at", [github_client.at, gitlab_client.at, forgejo_client.at])
def test_no_name_leads_a_request_elsewhere(at: object) -> None:
    assert callable(at)
    for parts in (("acme/api", "git/ref/heads", ".."), ("..", "x"), ("acme/api", "x", ".")):
        with pytest.raises(NotFound):
            at(*parts)
    assert at("acme/api", "git/ref/heads", "a..b").endswith("/a..b")


def test_a_base_branch_that_leads_elsewhere(robot: Robot, forge: Forge) -> None:
    config = b"base_branches: [../../../../../../user]"
    forge.world.repository(NAME, {**FILES, ".github/dslim.yml": config})
    forge.shim.calls.clear()
    result = quiet(robot)
    assert result.state in (states.DEAD, states.GATED) and not forge.shim.like("GET .*user")


def test_passwords_in_addresses_are_not_shown(tmp_path: Path) -> None:
    with pytest.raises(Unclear) as unclear:
        place(f"https://me:{PASSWORD}@github.com/acme")
    assert PASSWORD not in str(unclear.value)
    for url in (f"https://{PASSWORD}@git.example/a/b", f"https://me:{PASSWORD}@git.example/a/b", "https://a@b@c/d"):
        with pytest.raises(Refused) as refused:
            Clone(tmp_path / "clone", url)
        assert PASSWORD not in str(refused.value)


def test_a_newer_ledger_does_not_tell_the_password_of_this_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url = str(tmp_path / "ledger.sqlite")
    first = Database(url)
    with first.transaction() as there:
        first.upsert(there, about, name="version", value="99")
    monkeypatch.setattr(databases, "_engine", lambda _: first.engine)
    with pytest.raises(Newer) as newer:
        Database(f"postgresql://me:{PASSWORD}@db.example/dslim")
    assert PASSWORD not in str(newer.value) and "db.example" in str(newer.value)


def test_an_amount_that_json_schema_calls_an_integer() -> None:
    assert parse("min_saving: {bytes: 5.0}", "dslim.yml").min_bytes == 5


#: with Python's regular expressions each of these takes days
ENDLESS = ["*a*a*a*a*a*a*a*a*b", "/".join(["*a*"] * 20) + "/c", "**/a/" * 20 + "b", "?*" * 60 + "b"]
DEEP = ["a" * 200, "/".join(["a" * 25] * 20), "a/" * 200 + "c"]


@pytest.mark.parametrize("pattern", ENDLESS)
def test_a_pattern_that_would_never_end_ends(pattern: str) -> None:
    """In each place where an owner writes patterns: the bot's configuration, dslim's, .dockerignore."""
    entries = {path: Entry(path, FILE, "0" * 40) for path in (*DEEP, "Dockerfile")}
    config = parse(f"paths: {{include: ['{pattern}', Dockerfile], exclude: ['{pattern}']}}", "dslim.yml")
    assert [one.path for one in dockerfiles(entries.values(), config.include, config.exclude).files] == ["Dockerfile"]
    assert planned({"Dockerfile": (FILE, BEFORE), ".dslim.toml": (FILE, f"exclude = ['{pattern}']".encode())})
    entries[".dockerignore"] = Entry(".dockerignore", FILE, "0" * 40)
    context = TreeContext("Dockerfile", entries, {".dockerignore": f"{pattern}\n!{pattern}\n".encode()})
    assert context.files() == tuple(sorted(entries))


def test_patterns_that_would_take_all_memory_are_refused() -> None:
    """RE2 says so; and a context of which nobody knows what is left out is not looked at."""
    huge = "?" * 30_000
    with pytest.raises(ValueError, match="too much together"):
        Patterns([huge])
    assert planned({"Dockerfile": (FILE, BEFORE), ".dslim.toml": (FILE, f"exclude = ['{huge}']".encode())}) == []
    entries = {path: Entry(path, FILE, "0" * 40) for path in ("Dockerfile", ".dockerignore")}
    for text in (huge, "a*b\n" * 1_000):
        context = TreeContext("Dockerfile", entries, {".dockerignore": text.encode()})
        assert context.files() is None and context("Dockerfile") is None


def test_many_files_and_many_patterns_are_not_multiplied() -> None:
    entries = {path: Entry(path, FILE, "0" * 40) for path in (".dockerignore", *(f"{nth}" for nth in range(10_000)))}
    for lines, seen in ((10, True), (900, False)):
        context = TreeContext("Dockerfile", entries, {".dockerignore": b"a*b\n" * lines})
        assert (context.files() is not None) == seen


def test_names_and_patterns_that_are_no_text_are_matched() -> None:
    """As git gives them: a byte that is no UTF-8 is any character."""
    patterns = Patterns(["caf\udce9*", "*.tmp"])
    assert patterns.match("caf\udce9") and patterns.match("\udcff.tmp") and not patterns.match("x\udcff")


def planned(files: dict[str, tuple[str, bytes | None]]) -> list[str]:
    """The files that are proposed to be changed, where each of these was asked for, and some could not be had."""
    entries = tuple(Entry(path, mode, "0" * 40) for path, (mode, _) in files.items())
    texts = {path: content for path, (_, content) in files.items()}
    made = plan(Snapshot(entries, (Source("Dockerfile", FILE, BEFORE),), texts, default()))
    return [file.path for proposal in made.proposals for file in proposal.files]


@pytest.mark.parametrize("name", [".dslim.toml", "pyproject.toml"])
def test_what_an_owner_may_have_said_and_cannot_be_read_is_respected(name: str) -> None:
    here = {"Dockerfile": (FILE, BEFORE)}
    assert planned({**here, name: (FILE, b"")}) == ["Dockerfile"]
    assert planned({**here, name: (FILE, None)}) == []
    assert planned({**here, name: (SYMLINK, None)}) == []


@pytest.mark.parametrize(("mode", "content"), [(FILE, None), (SYMLINK, None)])
def test_a_context_of_which_nobody_knows_what_is_left_out_is_not_looked_at(mode: str, content: bytes | None) -> None:
    entries = {path: Entry(path, FILE, "0" * 40, 1) for path in ("Dockerfile", "a.txt")}
    texts = {"a.txt": b"a"}
    assert TreeContext("Dockerfile", entries, texts).files() == ("Dockerfile", "a.txt")
    entries[".dockerignore"] = Entry(".dockerignore", mode, "0" * 40)
    context = TreeContext("Dockerfile", entries, {**texts, ".dockerignore": content})
    assert context("a.txt") is None and context.files() is None


def test_no_configuration_is_one_too_many(robot: Robot, forge: Forge) -> None:
    """Folder by folder, an owner's configuration and a .dockerignore; the last one says to leave it alone."""
    files = {f"{nth:02}/.dockerignore": b"x" + bytes([nth]) for nth in range(61)}
    files |= {f"{nth:02}/Dockerfile": BEFORE for nth in range(61)}
    forge.world.repository(NAME, {**files, "60/.dslim.toml": b'exclude = ["Dockerfile"]'})
    forge.world.push(NAME, "main", {".github/dslim.yml": b"limits: {files_per_pr: 300}"})
    pull = proposed(robot)
    assert "`59/Dockerfile`" in pull.body and forge.world.file(NAME, pull.head, "60/Dockerfile") == BEFORE


def test_a_configuration_that_is_a_link_is_no_missing_one(robot: Robot, forge: Forge) -> None:
    config: dict[str, bytes | tuple[str, bytes] | None] = {
        ".github/dslim.yml": (SYMLINK, b"../dslim.yml"),
        "dslim.yml": b"enabled: false",
    }
    forge.world.repository(NAME, {**FILES, **config})
    result = robot.run()
    assert result.state == states.GATED and "a link is not followed" in result.reason
    (issue,) = issues(forge)  # nothing else is done
    assert "a link is not followed" in issue["body"] and forge.world.pulls(NAME) == []
    quiet(robot)


def test_a_comment_is_obeyed_once_whatever_its_delivery_calls_itself(tmp_path: Path) -> None:
    """The name of a delivery is not signed: whoever has an old one can send it again under a new name."""
    box = Post(Database(str(tmp_path / "ledger.sqlite")))
    mail = Mail((NAME,), asked=Asked(NAME, 1, 7, "alice", (Command("pause"), Command("resume"))))
    assert box.take_in("one", mail)
    for wanted in box.asked(NAME):
        box.done(wanted)
    assert box.take_in("two", mail)
    assert box.asked(NAME) == ()
    assert box.take_in("three", mail._replace(asked=Asked(NAME, 1, 8, "alice", (Command("pause"),))))
    assert [wanted.verb for wanted in box.asked(NAME)] == ["pause"]


def test_a_wish_is_not_lost_to_who_handles_the_repository_at_that_moment(robot: Robot, forge: Forge) -> None:
    """Who had read the slot before the wish would write it as it was then."""
    forge.world.repository(NAME, FILES)
    pull = proposed(robot)
    wanted = Wanted("id", NAME, pull.number, forge.world.comment(NAME, pull.number, "x"), "alice", "recreate", "", 0.0)
    hands = Hands(robot.bot.forge, robot.ledger, Wishes(robot.ledger.database), lambda: None)
    place = f"{robot.bot.forge.host}/{NAME}"
    assert robot.ledger.lease(place, "somebody else", 60)
    with pytest.raises(Unavailable, match="is being handled"):
        obey(hands, wanted)
    robot.ledger.release(place, "somebody else")
    assert obey(hands, wanted) == "recreate #1"
    assert [slot.asked for slot in robot.ledger.slots()] == ["recreate"]


def test_a_push_to_somebody_elses_branch_costs_no_request(tmp_path: Path) -> None:
    database = Database(str(tmp_path / "ledger.sqlite"))
    box = Post(database)

    def pushed(branch: str) -> bool:
        sent = {"ref": f"refs/heads/{branch}", "repository": {"full_name": "acme/API", "default_branch": "main"}}
        return box.concerns(read("push", sent))

    assert pushed("feature") and pushed("main"), "nothing is known of the repository yet"
    known = Known("github.com", "1", NAME, "main", {"main": "0" * 40, "release": "1" * 40})
    Ledger(database).remember(known)
    wanted = [branch for branch in ("main", "release", "feature", "dslim/all-1", "x/main") if pushed(branch)]
    assert wanted == ["main", "release", "dslim/all-1"]
    Ledger(database).remember(known._replace(heads={}))
    assert pushed("feature"), "what needs a look gets one"


def told(text: str, path: str = "Dockerfile") -> str:
    """The body of the proposal for one file, with a configuration."""
    config = parse(text, "dslim.yml")
    two = BEFORE.replace(b"CMD", b"RUN pip install flask\nCMD")
    entries = (Entry(path, FILE, "0" * 40),)
    made = plan(Snapshot(entries, (Source(path, FILE, two),), {}, config))
    return body(made.proposals[0], Facts(config))


def test_the_commands_in_a_body_show_this_change() -> None:
    assert "dslim rewrite --level safe --diff Dockerfile\ndslim verify --level safe Dockerfile" in told("")
    for config in ("group: rule", "rules: {select: [apt-lists-left-behind]}", "rules: {ignore: [pip-cache-kept]}"):
        text = told(config)
        assert "dslim rewrite --level safe --select " in text and "dslim verify --level safe Dockerfile\n" not in text
    assert "--diff ./-i/Dockerfile\n" in told("", "-i/Dockerfile")


def test_a_body_claims_only_what_was_checked() -> None:
    """Words that a rule removes are lost, and a second parser does not read every file."""
    text = told("")
    assert "no word of a command is lost" not in text and "agrees, where it can read such a file" in text


@pytest.mark.parametrize("url", ["nosuch://me:{}@db/x", "postgresql://me:{}@127.0.0.1:1/x", "sqlite:////nowhere/{}"])
def test_a_ledger_that_cannot_be_opened_says_why_without_its_password(url: str) -> None:
    with pytest.raises(Unusable, match="give a path, or postgresql://") as unusable:
        Database(url.format(PASSWORD))
    assert PASSWORD not in str(unusable.value) or "sqlite" in url


def test_changes_that_are_grouped_otherwise_are_not_called_nothing(robot: Robot, forge: Forge) -> None:
    forge.world.repository(NAME, {**FILES, "web/Dockerfile": BEFORE})
    pull = proposed(robot)
    forge.world.push(NAME, "main", {".github/dslim.yml": b"group: directory"})
    robot.later()
    robot.run()
    (said,) = forge.world.comments(NAME, pull.number)
    assert "nothing left" not in said and "grouped otherwise" in said


@pytest.mark.parametrize("said", ["99999999999", "Fri, 31 Dec 9999 23:59:59 GMT", "9" * 400])
def test_no_forge_silences_us_for_years(tmp_path: Path, said: str) -> None:
    limiter = Limiter(Database(str(tmp_path / "ledger.sqlite")), "x", clock=lambda: 1_000_000.0)
    assert limiter.refused({"Retry-After": said}) <= 1_000_000 + 86_400


@pytest.mark.parametrize("password", ["pa/ss/word", "pa@ss@word", "p:a?s#s"])
def test_no_part_of_a_password_in_an_address_is_shown(password: str) -> None:
    shown = redacted(f"see postgresql://me:{password}@db.example/x, or https://forge.example/a/b")
    assert shown == "see postgresql://[secret]@db.example/x, or https://forge.example/a/b"
    assert without_secret(f"https://me:{password.replace('/', '')}@c/d") == "https://c/d"


def test_one_checkout_proves_nothing_of_two_repositories(tmp_path: Path) -> None:
    """The same Dockerfile in another repository would be called measured, with somebody else's context."""
    words = Words(("acme/api", "acme/web"), ledger=str(tmp_path / "x.sqlite"), build=str(tmp_path))
    with pytest.raises(Usage, match="a checkout is of one repository"):
        run(words)


def test_a_survey_that_a_person_closed_stays_closed_when_the_ledger_is_lost(forge: Forge, tmp_path: Path) -> None:
    """A scheduled job on a fresh machine each time has no ledger."""
    config = b"group: directory\nlimits: {open_prs: 3, prs_per_hour: 9}\n"
    forge.world.repository(NAME, {**{f"svc{nth}/Dockerfile": BEFORE for nth in range(4)}, ".github/dslim.yml": config})
    Robot(forge, tmp_path).run()
    path = f"/repos/{NAME}/issues"
    (issue,) = [one for one in forge.world.call("GET", path) if "pull_request" not in one]
    forge.world.call("PATCH", f"{path}/{issue['number']}", {"state": "closed"})
    Robot(forge, tmp_path).run()
    assert [one for one in forge.world.call("GET", path) if "pull_request" not in one] == []
