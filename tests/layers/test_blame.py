"""Which line of a Dockerfile made which layer, for histories as BuildKit and the classic builder write them."""

from __future__ import annotations

from pathlib import Path

import pytest

from dslim.images.image import Step
from dslim.images.source import open_image
from dslim.images.trouble import ImageTrouble
from dslim.layers.blame import Blame, Written, blame
from dslim.layers.history import Script, said
from tests.images.made import MadeLayer, file, layer, save, step

DOCKERFILE = """\
ARG BASE=debian
FROM ${BASE} AS build
RUN make

FROM debian AS common
ENV A=b
RUN apt-get update && \\
    # a comment
    apt-get install -y file

FROM common
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
ARG VERSION=1
COPY --from=build /out /out
RUN <<EOF
echo one
echo two
EOF
RUN ["touch", "/x"]
ONBUILD RUN true
RUN --mount=type=cache,target=/c echo "$VERSION" | tee /y
CMD ["file"]
"""
BASE = layer(file("etc/os-release", "1"), comment="Imported from -")
HISTORY = [
    BASE,
    step("ENV A=b"),
    layer(file("a"), created_by="RUN /bin/sh -c apt-get update &&     apt-get install -y file # buildkit"),
    step("SHELL [/bin/bash -o pipefail -c]"),
    step("ARG VERSION=1"),
    layer(file("b"), created_by="COPY /out /out # buildkit"),
    layer(file("c"), created_by="RUN |1 VERSION=1 /bin/bash -o pipefail -c echo one\necho two\n # buildkit"),
    layer(file("d"), created_by="RUN |1 VERSION=1 touch /x # buildkit"),
    layer(file("e"), created_by='RUN |1 VERSION=1 /bin/bash -o pipefail -c echo "$VERSION" | tee /y # buildkit'),
    step('CMD ["file"]'),
]


def blamed(folder: Path, layers: list[MadeLayer], text: str, target: str = "") -> Blame:
    return blame(open_image(str(save(folder / "image.tar", layers))), Written("Dockerfile", text, target))


def test_each_layer_has_its_lines(tmp_path: Path) -> None:
    found = blamed(tmp_path, HISTORY, DOCKERFILE)
    assert found.note == ""
    assert [(one.line, one.end, one.base) for one in found.origins] == [
        (0, 0, True),
        (7, 9, False),
        (14, 14, False),
        (15, 18, False),
        (19, 19, False),
        (21, 21, False),
    ]
    assert [one.said.text for one in found.origins[:3]] == [
        "Imported from -",
        "RUN apt-get update &&     apt-get install -y file",
        "COPY /out /out",
    ]


def test_a_target(tmp_path: Path) -> None:
    found = blamed(tmp_path, HISTORY[:3], DOCKERFILE, "common")
    assert [(one.line, one.base) for one in found.origins] == [(0, True), (7, False)]
    with pytest.raises(ImageTrouble, match="no stage 'test'"):
        blamed(tmp_path, HISTORY, DOCKERFILE, "test")


def test_another_dockerfile_names_no_lines(tmp_path: Path) -> None:
    for other, line in ((DOCKERFILE.replace("-y file", "-y git"), 7), (DOCKERFILE + "LABEL a=b\n", 23)):
        found = blamed(tmp_path, HISTORY, other)
        assert found.note == f"Dockerfile:{line} is not in the history of this image, so no lines are named"
        assert {one.line for one in found.origins} == {0}


def test_what_is_no_dockerfile(tmp_path: Path) -> None:
    with pytest.raises(ImageTrouble, match="no Dockerfile"):
        blamed(tmp_path, HISTORY, "RUN <<EOF\nnever ends")


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("RUN /bin/sh -c echo a # buildkit", "RUN", "RUN echo a"),
        ("RUN |2 A=b C=d e /bin/sh -c echo a # buildkit", "RUN", "RUN echo a"),
        ("/bin/sh -c echo a", "RUN", "RUN echo a"),
        ("|1 A=b /bin/sh -c echo a", "RUN", "RUN echo a"),
        ("/bin/sh -c #(nop) COPY file:abc in /pw ", "COPY", "COPY file:abc in /pw"),
        ('/bin/sh -c #(nop)  CMD ["x"]', "CMD", 'CMD ["x"]'),
        ("WORKDIR /a", "WORKDIR", "WORKDIR /a"),
        ("ADD http://x/y.tar.gz /tmp/ # buildkit", "ADD", "ADD http://x/y.tar.gz /tmp/"),
        ("bazel build //x", "", "bazel build //x"),
    ],
)
def test_what_a_step_says(text: str, name: str, expected: str) -> None:
    (found,) = said([Step(text, 0)])
    assert (found.name, found.text) == (name, expected)


def test_a_shell_that_a_step_sets() -> None:
    found = said([Step("SHELL [/bin/bash -c]", None), Step("RUN /bin/bash -c echo a # buildkit", 0)])
    assert found[1].text == "RUN echo a"


def test_the_commands_of_a_step() -> None:
    for text in ("cd /tmp && tar xf a.tar", "cd /tmp\ntar xf a.tar", "cat <<EOF\nx\nEOF\ntar xf a.tar\ncd x"):
        (found,) = said([Step(f"RUN /bin/sh -c {text}", 0)])
        assert {"tar", "cd"} <= Script(found).tools, text
    (copy,) = said([Step("COPY tar /tar", 0)])
    assert Script(copy).tools == frozenset()
