"""Putting something else in the place of some values of a command or event, also inside the models that it holds."""

from collections.abc import Callable, Mapping
from functools import cache, partial
from typing import Any, TypeAlias, get_args

from pydantic import BaseModel

Ways: TypeAlias = Mapping[Any, Callable[[str, Any], Any]]
"""By the type of a field, what stands in its place: made from the field's dotted path and its value."""


def substituted(model: type[BaseModel], data: Mapping[str, Any], ways: Ways, within: str = "") -> dict[str, Any]:
    """The fields `data` of a model, by the names of its fields, with the values of some types replaced.

    It goes by the order of `data`; a value that is not there stays away. `within` is the path of the model itself,
    with a dot behind it.
    """
    found = dict(data)
    for name in data:
        if name not in model.model_fields:
            continue
        path, value, type_ = f"{within}{name}", data[name], _type_of(model, name)
        way = ways.get(type_)
        if value is None:
            continue
        if way is None and isinstance(type_, type) and issubclass(type_, BaseModel):
            way = partial(_inside, type_, ways)
        if way is not None:
            several = isinstance(value, list | tuple)
            found[name] = [way(f"{path}.{at}", one) for at, one in enumerate(value)] if several else way(path, value)
    return found


def _inside(model: type[BaseModel], ways: Ways, path: str, value: Any) -> Any:
    # Some models, limits among them, are written as text.
    return substituted(model, value, ways, f"{path}.") if isinstance(value, Mapping) else value


@cache
def _type_of(model: type[BaseModel], name: str) -> Any:
    """What a field holds, or each item of it if it is a list; None where that is no single type."""
    types = _members(model.model_fields[name].annotation)
    return types.pop() if len(types) == 1 else None


def _members(annotation: Any) -> set[Any]:
    inner = [found for found in get_args(annotation) if found not in {type(None), ...}]
    return {member for one in inner for member in _members(one)} if inner else {annotation}
