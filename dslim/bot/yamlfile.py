"""YAML as people mean it, and the line of each value.

PyYAML reads the text into nodes; the values are made here, by the rules of YAML 1.2: ``on``, ``off``, ``yes`` and ``no`` are
words, not truths. Aliases are refused (a page of them can stand for gigabytes), and so is a key that is given twice.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from yaml.nodes import Node

LARGEST = 64 * 1024  # characters
_DEEPEST = 12  # collections in collections

Value = None | bool | int | float | str | list["Value"] | dict[str, "Value"]
Path = tuple[str | int, ...]

_CONSTANTS: dict[str, bool | None] = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
}  # fmt: skip


class NotYaml(ValueError):
    """The text cannot be read. ``line`` counts from 1."""

    def __init__(self, cause: str, line: int) -> None:
        super().__init__(cause)
        self.line = line


def load(text: str) -> tuple[Value, dict[Path, int]]:
    """The value of a document, and the line of each part of it by its path; of a key, the line of the key.

    Raises:
        NotYaml: see there.
    """
    import yaml

    if len(text) > LARGEST:
        raise NotYaml(f"larger than {LARGEST:,} characters", 1)
    try:
        depth = 0
        for event in yaml.parse(text, yaml.SafeLoader):
            line = event.start_mark.line + 1 if event.start_mark else 1
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > _DEEPEST:  # the time that PyYAML takes is quadratic in it
                raise NotYaml("nested too deeply", line)
            if isinstance(event, yaml.AliasEvent):
                raise NotYaml("aliases (*name) are not understood here; write the value out", line)
        node = yaml.compose(text, yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise NotYaml(error.problem or "no YAML", mark.line + 1 if mark else 1) from None
    except yaml.YAMLError as error:
        raise NotYaml(" ".join(str(error).split()), 1) from None
    lines: dict[Path, int] = {(): 1}
    return (None if node is None else _value(node, (), lines)), lines


def _value(node: Node, path: Path, lines: dict[Path, int]) -> Value:
    from yaml.nodes import MappingNode, SequenceNode

    lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, SequenceNode):
        return [_value(each, (*path, nth), lines) for nth, each in enumerate(node.value)]
    if not isinstance(node, MappingNode):
        return _scalar(str(node.value), plain=getattr(node, "style", None) is None)
    found: dict[str, Value] = {}
    for key, value in node.value:
        name, line = str(key.value), key.start_mark.line + 1
        if name in found:
            raise NotYaml(f"{name!r} is given twice", line)
        lines[(*path, name)] = line
        found[name] = _value(value, (*path, name), lines)
    return found


def _scalar(text: str, plain: bool) -> Value:
    if not plain:
        return text
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if re.fullmatch(r"[-+]?[0-9]{1,18}", text):
        return int(text)
    if re.fullmatch(r"[-+]?[0-9]{1,18}\.[0-9]{0,18}", text):
        return float(text)
    return text
