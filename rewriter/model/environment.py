"""The variables that ENV and ARG have set so far, where there may be very many.

Each instruction makes an environment of its own, and all of them are asked. To copy thousands of variables for each of
thousands of instructions takes time and memory that grow with the square, so an environment of many variables is layers
of dictionaries, which it shares with those before it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

#: variables up to which an environment is one dictionary, as nearly all are
_FEW: Final = 64

Values = Mapping[str, "str | None"]


class Layers(Mapping[str, "str | None"]):
    """``layers`` are dictionaries, the last one first asked. Their sizes at least halve from one to the next, so they are few."""

    def __init__(self, layers: tuple[dict[str, str | None], ...]) -> None:
        self.layers = layers

    def __getitem__(self, name: str) -> str | None:
        for layer in reversed(self.layers):
            if name in layer:
                return layer[name]
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        whole: dict[str, str | None] = {}
        for layer in self.layers:
            whole.update(layer)
        return iter(whole)

    def __len__(self) -> int:
        return sum(1 for _ in self)


def changed(environment: Values, values: dict[str, str | None]) -> Values:
    """The environment with these values, new or in the place of others."""
    if not isinstance(environment, Layers):
        if len(environment) < _FEW:
            return {**environment, **values}
        environment = Layers((dict(environment),))
    layers = list(environment.layers)
    while layers and len(layers[-1]) <= len(values):
        values = {**layers.pop(), **values}
    return Layers((*layers, values))
