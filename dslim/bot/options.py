"""`dslim bot` as Typer knows it. Light: what talks to forges is loaded when it is called."""

import enum
from collections.abc import Callable
from typing import Annotated

import typer

BOT = """Open pull requests that make images smaller, keep them up to date, and never fight over them.

\b
  dslim bot run --dry-run acme/api     see the diff, the text and each request; nothing is written
  dslim bot run acme/api               open or update its pull request
  dslim bot status                     what is open, what waits and until when, what people closed
  dslim bot explain acme/api           why a repository got nothing
  dslim bot config check               is .github/dslim.yml right?

A token is read from DSLIM_GITHUB_TOKEN or GITHUB_TOKEN (with _FILE: from a file); a GitHub App from DSLIM_GITHUB_APP_ID and
DSLIM_GITHUB_APP_KEY. Only changes of level safe are proposed, unless .github/dslim.yml says otherwise.
"""

app = typer.Typer(name="bot", help=BOT, no_args_is_help=True, rich_markup_mode=None, pretty_exceptions_enable=False)
config = typer.Typer(
    name="config", help="The configuration of a repository.", no_args_is_help=True, rich_markup_mode=None
)
app.add_typer(config)


class ForgeName(enum.StrEnum):
    """Who keeps a repository."""

    github = "github"
    gitlab = "gitlab"
    forgejo = "forgejo"
    git = "git"


class Format(enum.StrEnum):
    """How results are printed."""

    text = "text"
    json = "json"


Repos = Annotated[
    list[str],
    typer.Argument(metavar="REPO...", help="owner/name, a URL, or a folder with a clone.", show_default=False),
]
ForgeOption = Annotated[
    ForgeName | None,
    typer.Option("--forge", help="Who keeps it. Default: by the URL, else github.", show_default=False),
]
ApiOption = Annotated[
    str,
    typer.Option(
        "--api", metavar="URL", help="The API of a forge of your own, as in https://github.acme.example/api/v3."
    ),
]
LedgerOption = Annotated[
    str,
    typer.Option(
        "--ledger", metavar="PATH|URL", help="The bot's memory: a SQLite file or the URL of a database. "
        "Default: dslim/bot.sqlite in the folder for state.", envvar="DSLIM_BOT_LEDGER",
    ),
]  # fmt: skip
GapOption = Annotated[
    float, typer.Option("--gap", metavar="SECONDS", min=0, help="Between two writes. GitHub asks for one second.")
]
FormatOption = Annotated[Format, typer.Option("--format", help="Lines for people, or JSON.")]

RUN = """Plan, and open, update or close the pull requests of one or more repositories.

\b
  dslim bot run acme/api acme/web
  dslim bot run --forge github https://github.acme.example/team/api       GitHub Enterprise Server
  dslim bot run .                                         the repository that this clone came from
  dslim bot run --forge git ssh://git.example/api.git     any git server: a branch, and the text to go with it

Run it as often as you like: what is as it should be is left alone, and what people closed stays closed.
Exit codes: 0 done; 1 something waits, and it is said until when; 2 trouble or wrong usage.
"""


@app.callback()
def _bot() -> None:
    pass


@app.command(help=RUN)
def run(
    repos: Repos,
    forge: ForgeOption = None,
    api: ApiOption = "",
    ledger: LedgerOption = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Print the diff, the text and each request that would be made; make none.")
    ] = False,
    now: Annotated[bool, typer.Option("--now", help="Also outside the schedule of the repository.")] = False,
    build: Annotated[
        str,
        typer.Option(
            "--build", metavar="DIR",
            help="A checkout of the base branch: each change is built there, before and after, with your Docker engine, and "
            "what builds something else is not proposed. Only for code that you trust.",
        ),
    ] = "",
    onboarding: Annotated[
        bool, typer.Option("--onboarding/--no-onboarding", help="Without .github/dslim.yml, first propose only to add it.")
    ] = False,
    gap: GapOption = 1.0,
    form: FormatOption = Format.text,
) -> None:  # fmt: skip
    """See :data:`RUN`."""
    from dslim.bot import command

    words = command.Words(
        tuple(repos), forge.value if forge else "", api, ledger, gap, dry_run, now, build, form.value, onboarding
    )
    raise typer.Exit(asked_of(lambda: command.run(words)))


@app.command()
def status(ledger: LedgerOption = "", form: FormatOption = Format.text) -> None:
    """What is open, what waits (why, until when), and what people closed, from the ledger alone: no request is made."""
    from dslim.bot import command

    raise typer.Exit(asked_of(lambda: command.status(ledger, form.value)))


@app.command()
def explain(repos: Repos, forge: ForgeOption = None, api: ApiOption = "", ledger: LedgerOption = "") -> None:
    """Why a repository got what it got, or nothing: its files one by one, its pull requests, and what would have to change.

    Nothing is written.
    """
    from dslim.bot import command

    words = command.Words(tuple(repos), forge.value if forge else "", api, ledger, dry=True)
    raise typer.Exit(asked_of(lambda: command.explain(words)))


@config.command()
def check(
    paths: Annotated[
        list[str] | None,
        typer.Argument(metavar="PATH", help="Default: where the bot looks for it.", show_default=False),
    ] = None,
) -> None:
    """Say what is wrong with a configuration, line by line. Exit codes: 0 right; 2 wrong, or none there."""
    from dslim.bot import command

    raise typer.Exit(asked_of(lambda: command.check(tuple(paths or ()))))


@config.command()
def schema() -> None:
    """Print the JSON Schema of .github/dslim.yml, for editors."""
    from dslim.record import schema as published

    typer.echo(published("bot-1").decode(), nl=False)


#: which extra brings a package, where it is not that of GitHub
_EXTRAS = {
    "distributed": "fleet", "gitlab": "gitlab", "requests": "forgejo", "psycopg": "postgres",
    "starlette": "serve", "uvicorn": "serve", "prometheus_client": "serve", "markdown_it": "serve",
}  # fmt: skip


def asked_of(call: Callable[[], int]) -> int:
    """The exit code; words that make no sense are Typer's to complain about, and so is an extra that is not installed."""
    from dslim.asked import Usage

    try:
        return call()
    except Usage as error:
        raise typer.BadParameter(str(error), param_hint=error.option) from None
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] in ("dslim", "rewriter", "transforms"):
            raise
        package = (error.name or "").partition(".")[0]
        extra = _EXTRAS.get(package, "github")
        raise typer.BadParameter(
            f"{package} is not installed; pip install 'dslim[{extra}]'", param_hint="bot"
        ) from None
