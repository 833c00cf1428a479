"""`dslim verify` as Typer knows it. Light: what builds and compares is loaded when it is called."""

from typing import Annotated

import typer

from dslim.choices import Form, Level, schema_option

VERIFY = """Build a Dockerfile and its rewrite, and say with evidence whether the images are the same.

\b
  dslim verify Dockerfile                         what `dslim rewrite` would do to it, proven
  dslim verify Dockerfile --against New           any other Dockerfile with the same context
  dslim verify Dockerfile --noise                 what differs between two builds of the original does not count
  dslim verify Dockerfile --expect-http :8080/    both answer alike

Both are built with BuildKit, without cache, in throw-away tags that are removed again. Compared are the configuration key
by key, the root file system path by path, and the program: entry point, interpreter, shared libraries, imported packages.
A rewrite that promises the same files must have them; one at level review may change base and toolchain, and must start
the same program with the same files that were copied in.

Exit codes: 0 equivalent or the same program; 1 different; 2 could not be told: not built, no engine, wrong usage.
"""


def verify(
    dockerfile: Annotated[str, typer.Argument(metavar="DOCKERFILE", help="The original.")],
    against: Annotated[
        str,
        typer.Option(
            "--against", metavar="OTHER", help="The Dockerfile to hold against it. Default: what dslim makes of it."
        ),
    ] = "",
    level: Annotated[
        Level | None,
        typer.Option(
            "--level",
            help="Without --against: the least safety of what is applied (default: review). With it: safe (the default) "
            "asks for the same files, review for the same program.",
            show_default=False,
        ),
    ] = None,
    noise: Annotated[
        bool, typer.Option("--noise", help="Build the original twice; what differs between the two does not count.")
    ] = False,
    run: Annotated[
        list[str] | None,
        typer.Option("--run", metavar="CMD", help="Compare exit status and output of `docker run IMAGE CMD`; repeat."),
    ] = None,
    expect_http: Annotated[
        list[str] | None,
        typer.Option("--expect-http", metavar=":PORT/PATH", help="Start both and compare the answers; repeat."),
    ] = None,
    form: Annotated[
        Form, typer.Option("--format", help="Print a text for people, JSON, or one self-contained page.")
    ] = Form.text,
    save: Annotated[str, typer.Option("--save", metavar="DIR", help="Keep the logs and the outcome there.")] = "",
    network: Annotated[
        str, typer.Option("--network", metavar="MODE", help="Network of the builds: default, none or host.")
    ] = "",
    context: Annotated[
        str, typer.Option("--context", metavar="DIR", help="The build context. Default: the Dockerfile's folder.")
    ] = "",
    timeout: Annotated[
        float, typer.Option("--timeout", metavar="SECONDS", help="Limit of each build, and of each --run up to 600 s.")
    ] = 1800,
    wait: Annotated[
        float, typer.Option("--wait", metavar="SECONDS", help="How long to wait for an answer or a health status.")
    ] = 60,
    keep_free: Annotated[
        str,
        typer.Option("--keep-free", metavar="BYTES", help="Stop a build when the engine's disk has less than this."),
    ] = "1GB",
    build_arg: Annotated[
        list[str] | None, typer.Option("--build-arg", metavar="NAME=VALUE", help="As docker build knows it; repeat.")
    ] = None,
    target: Annotated[str, typer.Option("--target", metavar="STAGE", help="The stage to build.")] = "",
    platform: Annotated[str, typer.Option("--platform", metavar="OS/ARCH", help="The platform to build for.")] = "",
    cache: Annotated[
        bool, typer.Option("--cache", help="Let builds use the build cache: quicker, but layers may be old.")
    ] = False,
    compressed: Annotated[
        bool, typer.Option("--compressed/--no-compressed", help="Measure the compressed bytes of the layers.")
    ] = True,
    schema: Annotated[bool, schema_option("verify-1")] = False,
) -> None:
    """See :data:`VERIFY`."""
    from dslim.asked import Usage
    from dslim.verify import command

    words = command.Words(
        dockerfile,
        against,
        level.value if level else "",
        noise,
        tuple(run or ()),
        tuple(expect_http or ()),
        form.value,
        save,
        network,
        context,
        timeout,
        wait,
        keep_free,
        tuple(build_arg or ()),
        target,
        platform,
        cache,
        compressed,
    )
    try:
        code = command.verify(words)
    except Usage as error:
        raise typer.BadParameter(str(error), param_hint=error.option) from None
    raise typer.Exit(code)
