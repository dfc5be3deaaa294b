"""Reading a policy file with what it builds on.

A file may build on others beside it (`extends`): named entries of `case_limits`, `presets`, `task_presets`, `ladders`,
`statutory`, `owners` and `send_back_windows` are taken over and may be replaced one by one; any other key that is given
replaces the inherited one.
"""

import re
from pathlib import Path
from typing import Any

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
        raise CityPackFault(written.faults(error)) from None
    found = [*contradictions(policy), *uncovered(policy, words), *(strange_words(policy, words) if words else ())]
    if found:
        raise CityPackFault([written.fault(where, reason) for where, reason in found])
    return policy


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
