"""Reading a policy file with what it builds on.

A file may build on others beside it (`extends`): named entries of `case_limits`, `presets`, `task_presets`, `ladders`,
`statutory`, `owners` and `send_back_windows` are taken over and may be replaced one by one; any other key that is given
replaces the inherited one.
"""

import re
from collections.abc import Iterable
from copy import deepcopy
from pathlib import Path
from typing import Any, cast

from pydantic import ValidationError

from infra.cities.faults import CityPackFault
from infra.cities.located_yaml import LocatedYaml, Place, Where, read_yaml
from infra.policies.checking import contradictions
from infra.policies.city_words import CityWords, strange_words, uncovered
from infra.policies.written import NAME, PolicyFile

_OWN = {"name", "version", "title"}
"""What a file says of itself alone."""


def read_policy(path: Path, words: CityWords | None = None) -> PolicyFile:
    """Reads a policy file with what it extends, and checks it; with `words` also against the city it is for.

    Raises:
        CityPackFault: whatever makes it unusable, each by file and line.
    """
    written = _merged(path)
    try:
        policy = PolicyFile.model_validate(written.value)
    except ValidationError as error:
        unreadable = [where for where, _ in written.complaints(error)]
        rest = _without(unreadable, written.value)
        further = [] if rest is None else [one for one in _found(rest, words) if not _rests_on(one[0], unreadable)]
        raise CityPackFault([*written.faults(error), *(written.fault(*one) for one in further)]) from None
    found = _found(policy, words)
    if found:
        raise CityPackFault([written.fault(where, reason) for where, reason in found])
    return policy


def _found(policy: PolicyFile, words: CityWords | None) -> list[tuple[Where, str]]:
    return [*contradictions(policy), *uncovered(policy, words), *(strange_words(policy, words) if words else ())]


def _without(unreadable: Iterable[Where], value: dict[str, Any]) -> PolicyFile | None:
    """The policy without what could not be read, so that its other faults are named in the same go.

    None if too little is left. What is missing is put in as words that say nothing, what is wrong is left out.
    """
    rest = deepcopy(value)
    for *way, last in unreadable:
        inner: Any = rest
        for step in way:
            inner = cast("Any", inner)[step]
        if not isinstance(inner, dict):
            return None
        if last in inner:
            del inner[last]
        else:
            inner[last] = "?"
    try:
        return PolicyFile.model_validate(rest)
    except ValidationError:
        return None


def _rests_on(where: Where, unreadable: Iterable[Where]) -> bool:
    """Whether a fault is only the consequence of what could not be read."""
    return any(where == bad or where == bad[:1] == ("selection",) for bad in unreadable)


def _merged(path: Path) -> LocatedYaml:
    value: dict[str, Any] = {}
    places: dict[Where, Place] = {}
    for at, layer in _layers(path, ()).items():
        inheritable = {key: given for key, given in layer.value.items() if at == path or key not in _OWN}
        for key, given in inheritable.items():
            inherited = value.get(key)
            if isinstance(given, dict) and isinstance(inherited, dict):
                value[key] = inherited | given
                replaced: set[Where] = {(key, str(entry)) for entry in given}
            else:
                value[key] = given
                replaced = {(key,)}
            places = {where: place for where, place in places.items() if not {where[:1], where[:2]} & replaced}
        places |= {where: place for where, place in layer.places.items() if not where or where[0] in inheritable}
    return LocatedYaml(value, places)


def _layers(path: Path, below: tuple[Path, ...]) -> dict[Path, LocatedYaml]:
    """The files a policy is built of, the most basic first, each once; `below` is the way that led here."""
    own = read_yaml(path, path.name)
    layers: dict[Path, LocatedYaml] = {}
    extends = own.value.pop("extends", [])
    if not isinstance(extends, list):
        raise CityPackFault([own.fault(("extends",), "expected a list of policy names")])
    for index, name in enumerate(extends):
        if re.fullmatch(NAME, str(name)) is None:
            raise CityPackFault([own.fault(("extends", index), f"{name} is not the name of a policy file")])
        base = path.with_name(f"{name}.yaml")
        if base in {*below, path}:
            raise CityPackFault([own.fault(("extends", index), f"{name} extends this file in turn")])
        if not base.is_file():
            raise CityPackFault([own.fault(("extends", index), f"there is no {base.name} beside this file")])
        layers |= {at: layer for at, layer in _layers(base, (*below, path)).items() if at not in layers}
    return layers | {path: own}
