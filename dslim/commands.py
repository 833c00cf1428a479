"""The command line as Typer knows it: help, completion, and what is wrong with the words that it was given."""

import enum
from typing import Annotated

import typer

from dslim.bot.serve_options import app as bot_app
from dslim.choices import Base, Final, Level, schema_option
from dslim.layers import options as layers_options
from dslim.verify import options as verify_options

EPILOG = "Each command has its own --help. Exit codes: 0 fine, 1 --check found something, 2 trouble or wrong usage."

app = typer.Typer(
    name="dslim",
    help=(
        "Make Dockerfiles build smaller images, without changing what they build.\n\n"
        "A first look, which writes nothing:  dslim rewrite"
    ),
    epilog=EPILOG,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


class Format(enum.StrEnum):
    """How a report is printed."""

    text = "text"
    json = "json"
    jsonl = "jsonl"


def _version(wanted: bool) -> None:
    if wanted:
        from dslim import __version__

        typer.echo(f"dslim {__version__}")
        raise typer.Exit


@app.callback()
def _app(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    pass


REWRITE = """Rewrite Dockerfiles so that their images get smaller, and say why each change is safe.

Without options nothing is written: you see the diff of each file, what was done, why, what it saves, and what was left
alone and why. When you agree, add --in-place.

\b
  dslim rewrite                           look at every Dockerfile below this folder
  dslim rewrite -i docker/Dockerfile      rewrite one, in one step that cannot lose it
  dslim rewrite --diff | git apply        or let git do it
  dslim rewrite -i --verify               build before and after, and write only what is proven
  dslim rewrite --check --level safe      in CI: fail when something safe is left to do
  dslim rewrite --ignore join-runs,base   leave out one transform, and a whole phase
  dslim rewrite - < Dockerfile > smaller  as a filter
  dslim rewrite --format jsonl > all.jsonl

Only what is at least as safe as --level is applied; what lies below is shown as held back. In a file,
"# dslim: keep" before an instruction keeps it as it is, "# dslim: keep NAME" from that transform. "dslim list" has the
names, "dslim explain NAME" their story.

Configuration is read from the nearest .dslim.toml, or [tool.dslim] in pyproject.toml: level, select, ignore, exclude,
base, keep-tools, mirrors, join-runs, and [[overrides]] with paths.
"""


@app.command(help=REWRITE, epilog=EPILOG)
def rewrite(
    paths: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="PATH",
            help="Files; folders to search for Dockerfiles (.gitignore is respected); or - for standard input. "
            "Default: this folder.",
            show_default=False,
        ),
    ] = None,
    diff: Annotated[
        bool, typer.Option("--diff", help="Print only a unified diff, for git apply and patch -p1.")
    ] = False,
    in_place: Annotated[bool, typer.Option("--in-place", "-i", help="Write the rewritten files.")] = False,
    check: Annotated[bool, typer.Option("--check", help="Exit with 1 when something changes, or would.")] = False,
    form: Annotated[
        Format, typer.Option("--format", help="Print a text for people, a JSON list, or one JSON object a line.")
    ] = Format.text,
    level: Annotated[
        Level | None,
        typer.Option("--level", help="The least safety that is applied. Default: review.", show_default=False),
    ] = None,
    select: Annotated[
        list[str] | None,
        typer.Option("--select", metavar="NAME", help="Only these transforms or phases; repeat, or use commas."),
    ] = None,
    ignore: Annotated[
        list[str] | None,
        typer.Option("--ignore", metavar="NAME", help="Not these transforms or phases; wins over --select."),
    ] = None,
    base: Annotated[
        Base | None,
        typer.Option(
            "--base",
            help="The smallest base that is wanted; auto applies slim variants and shows Alpine. Default: auto.",
            show_default=False,
        ),
    ] = None,
    keep_tools: Annotated[
        list[str] | None,
        typer.Option(
            "--keep-tools", metavar="NAME", help="Commands that stay when the base gets smaller; repeat, or use commas."
        ),
    ] = None,
    final: Annotated[
        Final | None,
        typer.Option(
            "--final",
            help="What the last stage may start from where nothing in it needs a shell (static programs of Go). Default: keep.",
            show_default=False,
        ),
    ] = None,
    context: Annotated[
        str,
        typer.Option(
            "--context", metavar="DIR", help="The build context, read for facts. Default: each file's folder."
        ),
    ] = "",
    jobs: Annotated[
        int, typer.Option("--jobs", "-j", metavar="N", min=0, help="Processes at most. Default: all cores (0).")
    ] = 0,
    stdin_filename: Annotated[
        str,
        typer.Option("--stdin-filename", metavar="PATH", help="Where standard input is from, for its configuration."),
    ] = "",
    verify: Annotated[
        bool,
        typer.Option(
            "--verify",
            help="Build before and after with a Docker engine, and change only what is proven: a transform that breaks "
            "the image, or makes it grow, is dropped and named.",
        ),
    ] = False,
    network: Annotated[
        str, typer.Option("--network", metavar="MODE", help="Network of the builds of --verify: default, none or host.")
    ] = "",
    measured: Annotated[
        str,
        typer.Option(
            "--measured",
            metavar="FILE",
            help="What `dslim layers --format json` found in a built image: findings tell the savings measured there.",
        ),
    ] = "",
    schema: Annotated[bool, schema_option("rewrite-1")] = False,
) -> None:
    """See :data:`REWRITE`."""
    from dslim.asked import Asked, Usage

    asked = Asked(
        paths=paths or [],
        diff=diff,
        in_place=in_place,
        check=check,
        format=form.value,
        level=level.value if level else "",
        select=select or [],
        ignore=ignore or [],
        base=base.value if base else "",
        keep_tools=keep_tools or [],
        final=final.value if final else "",
        context=context,
        jobs=jobs,
        stdin_filename=stdin_filename,
        verify=verify,
        network=network,
        measured=measured,
    )
    try:
        code = asked.run()
    except Usage as error:
        raise typer.BadParameter(str(error), param_hint=error.option) from None
    raise typer.Exit(code)


app.command("layers", help=layers_options.LAYERS)(layers_options.layers)
app.command("verify", help=verify_options.VERIFY)(verify_options.verify)
app.add_typer(bot_app)


@app.command()
def explain(name: Annotated[str, typer.Argument(metavar="NAME", help="As `dslim list` prints it.")]) -> None:
    """Print a transform's page: what it does, why it saves, when it is safe, and what it leaves alone.

    \b
      dslim explain apt-lists-left-behind
    """
    from dslim.names import Unknown, one_of
    from transforms import loaded

    pages = {transform.name: transform for transform in loaded()}
    try:
        found = pages[one_of(name, pages, "transform")]
    except Unknown as error:
        raise typer.BadParameter(str(error), param_hint="NAME") from None
    facts = [f"phase {found.phase.name.lower()}", found.safety.name.lower()]
    if found.hadolint:
        facts.append(f"hadolint {', '.join(sorted(found.hadolint))}")
    typer.echo(f"{found.name} ({'; '.join(facts)})\n\n{found.page.strip()}")


@app.command("list")
def list_transforms() -> None:
    """Print all transforms: name, phase, safety, and what each does, in the order in which they run."""
    from transforms import loaded

    rows = [(each.name, each.phase.name.lower(), each.safety.name.lower(), each.summary) for each in loaded()]
    widths = [max((len(row[column]) for row in rows), default=0) for column in range(3)]
    for row in rows:
        typer.echo("  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[3]]))
