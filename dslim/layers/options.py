"""`dslim layers` as Typer knows it. Light: what opens images is loaded when it is called."""

from typing import Annotated

import typer

from dslim.choices import Form, schema_option

LAYERS = """Show where the bytes of an image are, which instruction put them there, and what of it is waste.

\b
  dslim layers app:1                            an image of the running engine
  docker save app:1 | dslim layers -            or without one: an archive, also of a file
  dslim layers oci/                             an OCI layout, as a folder or a tar
  dslim layers Dockerfile                       builds it first
  dslim layers app:1 --dockerfile Dockerfile    names the lines that are to blame
  dslim layers app:1 --format html > app.html   one page with a map, which needs no network
  dslim layers --compare app:1 app:2            what grew and what shrank
  dslim layers app:1 --fail-above 5%            in CI

Images are read once, as a stream: none is held in memory or unpacked to disk. Each waste names the transform of
`dslim rewrite` that cures it. The efficiency is dive's: the sum of the smallest size of each path, divided by the sum of
its sizes in all layers. With --format json, `dslim rewrite --measured` takes savings from the report.

Exit codes: 0 fine; 1 more waste than --fail-above allows; 2 trouble or wrong usage.
"""


def layers(
    images: Annotated[
        list[str],
        typer.Argument(
            metavar="IMAGE", help="An image, an archive (- for standard input), an OCI layout, or a Dockerfile."
        ),
    ],
    compare: Annotated[bool, typer.Option("--compare", help="Compare two images.")] = False,
    form: Annotated[Form, typer.Option("--format", help="How the report is printed.")] = Form.text,
    dockerfile: Annotated[
        str,
        typer.Option("--dockerfile", "-f", metavar="FILE", help="What the image was built from, to name its lines."),
    ] = "",
    fail_above: Annotated[
        str,
        typer.Option(
            "--fail-above", metavar="LIMIT", help="Exit with 1 when more is wasted: 10MB, or 5% of the image."
        ),
    ] = "",
    top: Annotated[int, typer.Option("--top", metavar="N", min=0, help="How many large files are named.")] = 10,
    context: Annotated[
        str, typer.Option("--context", metavar="DIR", help="The build context. Default: the Dockerfile's folder.")
    ] = "",
    network: Annotated[
        str, typer.Option("--network", metavar="MODE", help="Network of the build: default, none or host.")
    ] = "",
    build_arg: Annotated[
        list[str] | None, typer.Option("--build-arg", metavar="NAME=VALUE", help="A build argument; repeat it.")
    ] = None,
    target: Annotated[str, typer.Option("--target", metavar="STAGE", help="The stage that is built.")] = "",
    timeout: Annotated[
        float, typer.Option("--timeout", metavar="SECONDS", min=1, help="How long a build may take.")
    ] = 1800,
    compressed: Annotated[
        bool,
        typer.Option(
            "--compressed", help="Measure what gzip makes of each layer whose source is not compressed. Takes longer."
        ),
    ] = False,
    schema: Annotated[bool, schema_option("layers-1")] = False,
) -> None:
    """See :data:`LAYERS`."""
    from dslim.asked import Usage
    from dslim.layers.command import Words
    from dslim.layers.command import layers as run

    words = Words(
        tuple(images),
        compare,
        form.value,
        dockerfile,
        fail_above,
        top,
        context,
        network,
        tuple(build_arg or ()),
        target,
        timeout,
        compressed,
    )
    try:
        code = run(words)
    except Usage as error:
        raise typer.BadParameter(str(error), param_hint=error.option) from None
    raise typer.Exit(code)
