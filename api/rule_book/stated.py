"""Which codes a command may be refused with: what the rules themselves state in their docstrings.

A test walks the rules' code and holds their docstrings to it.
"""

import importlib
import inspect
import pkgutil
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any, get_args

from workflows import rules
from workflows.contracts.command import Command
from workflows.contracts.commands import AnyCommand
from workflows.contracts.mediation.commands import AnyMediationCommand
from workflows.rules import mediation
from workflows.rules.decide import DECIDED_WHERE_THE_CASE_IS, decide
from workflows.rules.levels import require_own_level
from workflows.rules.mediation.decide import decide as decide_in_mediation

_CODE = re.compile(r"`([a-z_]+)`")


def codes_of(command: type[Command]) -> tuple[str, ...]:
    """The codes with which the rules may refuse the command, by the alphabet."""
    to_a_mediation = command in get_args(AnyMediationCommand) and command not in get_args(AnyCommand)
    asked: list[Callable[..., Any]] = [decide_in_mediation if to_a_mediation else decide]
    if issubclass(command, DECIDED_WHERE_THE_CASE_IS):
        asked.append(require_own_level)
    if command in rules_by_command():
        asked.append(rules_by_command()[command])
    return tuple(sorted({code for rule in asked for code in _stated(rule)}))


@cache
def rules_by_command() -> Mapping[type[Command], Callable[..., Any]]:
    """The rule of each command: the public function `(d, command)` of the rules that names the command's type."""
    modules = [
        f"{package.__name__}.{module.name}"
        for package in (rules, mediation)
        for module in pkgutil.iter_modules(package.__path__)
    ]
    return {command: rule for module in modules for rule, command in _rules_in(module)}


def _rules_in(module_name: str) -> Iterator[tuple[Callable[..., Any], type[Command]]]:
    for name, function in inspect.getmembers(importlib.import_module(module_name), inspect.isfunction):
        parameters = inspect.signature(function).parameters
        if function.__module__ == module_name and not name.startswith("_") and [*parameters] == ["d", "command"]:
            annotation = parameters["command"].annotation
            for command in get_args(annotation) or (annotation,):
                yield function, command


def _stated(rule: Callable[..., Any]) -> list[str]:
    _, _, raises = (inspect.getdoc(rule) or "").partition("RuleViolation:")
    return _CODE.findall(raises)
