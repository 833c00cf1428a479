"""Images for the judge, made from lists of files; their content is at hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from dslim.images.image import flatten
from dslim.images.source import open_image
from dslim.verify.judge import Judged, judge_images
from dslim.verify.places import Contents, Root, with_folders
from tests.images.made import Made, MadeLayer, directory, layer, save

Config = Mapping[str, Any]
PATH = "PATH=/usr/local/bin:/usr/bin:/bin"


def contents(layers: Sequence[MadeLayer]) -> Contents:
    """The content of the files of these layers, the last one of a path."""
    return {one.path: one.content for made in layers for one in made.files or ()}.get


def folders(*images: Sequence[MadeLayer]) -> MadeLayer:
    """A base layer with the folders of all files, but for those that an image makes itself."""
    made = [one for image in images for made in image for one in made.files or ()]
    paths = {one.path for one in made}
    above = {part for path in paths for part in _above(path)} - paths
    return layer(*(directory(path) for path in sorted(above)))


def _above(path: str) -> list[str]:
    parts = path.split("/")[:-1]
    return ["/".join(parts[:count]) for count in range(1, len(parts) + 1)]


def judged(
    folder: Path,
    before: Sequence[MadeLayer],
    after: Sequence[MadeLayer],
    configs: tuple[Config, Config] = ({}, {}),
    **more: Any,
) -> Judged:
    """What is concluded of two images that are written as archives and read again."""
    base = folders(before, after)
    images = [
        open_image(str(save(folder / f"{name}.tar", [base, *layers], config)))
        for name, layers, config in (("before", before, configs[0]), ("after", after, configs[1]))
    ]
    return judge_images(images[0], images[1], (contents(before), contents(after)), **more)


def root(folder: Path, config: Config, *files: Made) -> Root:
    """One image as a program sees it."""
    layers = [layer(*files)]
    image = open_image(str(save(folder / "root.tar", layers, config)))
    return Root(with_folders(flatten(image)), contents(layers), image.config)
