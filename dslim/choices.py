"""Choices that several commands offer on the command line, and the option that prints a schema."""

import enum

import typer
from typer.models import OptionInfo


class Level(enum.StrEnum):
    """The least safety that is applied."""

    safe = "safe"
    review = "review"
    show = "show"


class Base(enum.StrEnum):
    """The smallest base that is wanted."""

    keep = "keep"
    auto = "auto"
    slim = "slim"
    alpine = "alpine"


class Final(enum.StrEnum):
    """What the last stage may start from where nothing in it needs a shell."""

    keep = "keep"
    distroless = "distroless"
    scratch = "scratch"


class Form(enum.StrEnum):
    """How a report on images is printed."""

    text = "text"
    json = "json"
    html = "html"


def schema_option(name: str) -> OptionInfo:
    """The option ``--schema``, which prints the published JSON Schema of this name, and ends there."""

    def printed(wanted: bool) -> None:
        if wanted:
            from dslim.record import schema

            typer.echo(schema(name).decode(), nl=False)
            raise typer.Exit

    help_ = "Print the JSON Schema of --format and exit."
    option: OptionInfo = typer.Option("--schema", callback=printed, is_eager=True, help=help_)
    return option
