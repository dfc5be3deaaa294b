"""YAML that remembers the line of every value, so that a fault can be named by file and line."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError
from pydantic_core import ErrorDetails
from yaml.reader import ReaderError

from infra.cities.faults import CityPackFault, Fault

Where = tuple[str | int, ...]
"""The way to a value: keys and indexes from the root."""

_LARGEST = 1 << 20

_REASONS = {"missing": "is missing", "extra_forbidden": "is a key that nobody knows"}
"""What a model says in the words of code, said to the author of the file."""


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
        return [self.fault(where, reason) for where, reason in self.complaints(error)]

    @staticmethod
    def complaints(error: ValidationError) -> list[tuple[Where, str]]:
        """Where a model found what it refuses, and why."""
        return [(_written(one["loc"]), _reason(one)) for one in error.errors()]


def read_yaml(path: Path, shown_as: str, *, as_text: bool = False) -> LocatedYaml:
    """Reads one mapping; `shown_as` is the file's name in faults. With `as_text` numbers and dates stay text.

    Raises:
        CityPackFault: unreadable, larger than 1 MiB, not UTF-8, not YAML, not a mapping, a key given twice, an alias.
    """
    try:
        with path.open("rb") as file:
            raw = file.read(_LARGEST + 1)
        if len(raw) > _LARGEST:
            raise CityPackFault([Fault(shown_as, 0, "is larger than 1 MiB")])
        text = raw.decode("utf-8-sig")
        loader = yaml.BaseLoader(text) if as_text else yaml.SafeLoader(text)
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
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise CityPackFault([Fault(shown_as, line, "is not UTF-8; save it in that encoding")]) from None
    except OSError as error:
        raise CityPackFault([Fault(shown_as, 0, f"cannot be read: {error.strerror}")]) from None
    except ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise CityPackFault([Fault(shown_as, line, "holds characters that cannot be printed")]) from None
    except (ValueError, RecursionError, yaml.YAMLError) as error:
        raise CityPackFault([Fault(shown_as, 0, f"cannot be read: {error}")]) from None
    return LocatedYaml(value, places)


def _written(loc: Where) -> Where:
    """The way without the model's own mark for a key that is wrong in itself."""
    return loc[:-1] if loc[-1:] == ("[key]",) else loc


def _reason(error: ErrorDetails) -> str:
    return _REASONS.get(error["type"], error["msg"].removeprefix("Value error, "))


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
