"""An attribute that is worked out when it is first asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar, overload

C = TypeVar("C")
T = TypeVar("T")


def has_lazy(cls: type[C]) -> type[C]:
    """Marks a class with lazy attributes. They need an instance ``__dict__``, and a decorated class keeps it when compiled."""
    return cls


class lazy(Generic[T]):
    """``functools.cached_property`` without the lock that it has up to Python 3.11, which costs more than most values."""

    def __init__(self, find: Callable[[Any], T]) -> None:
        self.find = find
        self.name = ""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, instance: None, owner: type) -> lazy[T]: ...
    @overload
    def __get__(self, instance: object, owner: type) -> T: ...
    def __get__(self, instance: object, owner: type) -> lazy[T] | T:
        if instance is None:
            return self
        value: T = self.find(instance)
        instance.__dict__[self.name] = value  # from now on found before this descriptor
        return value
