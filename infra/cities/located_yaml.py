"""YAML that remembers the line of every value, so that a fault can be named by file and line."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from infra.cities.faults import CityPackFault, Fault

Where = tuple[str | int, ...]
"""The way to a value: keys and indexes from the root."""


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a file, from 1."""

    file: str
    line: int


@dataclass(frozen=True, slots=True)
class LocatedYaml:
    """A mapping as plain data, and where each of its values stands."""

    value: dict[str, Any]
    places: dict[Where, Place]

    def fault(self, where: Where, reason: str) -> Fault:
        """A fault at the nearest written ancestor of `where`: what is missing has no line of its own."""
        depth = next((n for n in range(len(where), 0, -1) if where[:n] in self.places), 0)
        place = self.places[where[:depth]]
        return Fault(place.file, place.line, f"{'.'.join(map(str, where))}: {reason}" if where else reason)

    def faults(self, error: ValidationError) -> list[Fault]:
        """A model's refusal of the value, fault by fault."""
        return [self.fault(one["loc"], one["msg"].removeprefix("Value error, ")) for one in error.errors()]


def read_yaml(path: Path, shown_as: str) -> LocatedYaml:
    """Reads one mapping; `shown_as` is the file's name in faults.

    Raises:
        CityPackFault: unreadable, not UTF-8, not YAML, not a mapping, a key given twice, an alias.
    """
    try:
        loader = yaml.SafeLoader(path.read_text(encoding="utf-8-sig"))
        root = loader.get_single_node()
        if not isinstance(root, yaml.MappingNode):
            raise CityPackFault([Fault(shown_as, 1, "expected a mapping of keys to values")])
        places: dict[Where, Place] = {}
        faults = list(_locate(root, (), Place(shown_as, root.start_mark.line + 1), places, set()))
        if faults:
            raise CityPackFault(faults)
        value: dict[str, Any] = loader.construct_document(root)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise CityPackFault([Fault(shown_as, line, f"not valid YAML: {error.problem}")]) from None
    except OSError as error:
        raise CityPackFault([Fault(shown_as, 0, f"cannot be read: {error.strerror}")]) from None
    except (ValueError, RecursionError, yaml.YAMLError) as error:
        raise CityPackFault([Fault(shown_as, 0, f"cannot be read: {error}")]) from None
    return LocatedYaml(value, places)


def _locate(node: yaml.Node, where: Where, at: Place, places: dict[Where, Place], seen: set[int]) -> Iterator[Fault]:
    places[where] = at
    if id(node) in seen:
        # Also keeps a small file from unfolding into a huge or an endless one.
        yield Fault(at.file, at.line, "aliases are not read here: write it out")
        return
    seen.add(id(node))
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            inner = Place(at.file, key.start_mark.line + 1)
            if (*where, str(key.value)) in places:
                yield Fault(inner.file, inner.line, f"{key.value} is given twice")
                continue
            yield from _locate(value, (*where, str(key.value)), inner, places, seen)
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            yield from _locate(value, (*where, index), Place(at.file, value.start_mark.line + 1), places, seen)
