"""Which codes each command's rule can raise, found by walking the code of the rules: every call, every literal."""

import ast
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

RULES = Path(__file__).parents[2] / "workflows/rules"
_PACKAGE = "workflows.rules"

Name = tuple[str, str]
"""A function: its module's name inside the rules, and its own."""


class RuleCode:
    """The functions of the rules, with the codes that each names and the functions that each refers to."""

    def __init__(self) -> None:
        trees = {file.stem: ast.parse(file.read_text(encoding="utf-8")) for file in RULES.glob("*.py")}
        self._functions: dict[Name, ast.AST] = {
            (module, node.name): node
            for module, tree in trees.items()
            for node in tree.body
            if isinstance(node, ast.FunctionDef)
        }
        self._imports = {module: dict(_imports(tree)) for module, tree in trees.items()}
        self._trees = trees

    def codes(self, of: Name, *, but_not: Collection[Name] = ()) -> set[str]:
        """Every code that the function, or any that it comes to, can raise; what `but_not` names is not entered."""
        seen: set[Name] = set()
        ahead = [of]
        while ahead:
            name = ahead.pop()
            if name not in seen and name not in but_not:
                seen.add(name)
                ahead.extend(self._referred_to(name[0], self._functions[name]))
        return {code for name in seen for code in _literals(self._functions[name])}

    def all_codes(self) -> set[str]:
        """Every code that stands anywhere in the rules."""
        return {code for tree in self._trees.values() for code in _literals(tree)}

    def table_of_commands(self) -> Mapping[str, Name | None]:
        """The function that `decide` hands each command to, by the command's class; None for one without a rule."""
        return {
            command: next((found for node in case.body for found in self._referred_to("decide", node)), None)
            for case in ast.walk(self._trees["decide"])
            if isinstance(case, ast.match_case)
            for command in _classes(case.pattern)
        }

    def _referred_to(self, module: str, code: ast.AST) -> Iterator[Name]:
        for node in ast.walk(code):
            found: Name | None = None
            if isinstance(node, ast.Name):
                found = self._imports[module].get(node.id, (module, node.id))
            elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                of_package, other = self._imports[module].get(node.value.id, ("", ""))
                found = (other, node.attr) if of_package == _PACKAGE else None
            if found in self._functions:
                yield found


def _imports(tree: ast.Module) -> Iterator[tuple[str, Name]]:
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.module is not None and node.module.startswith(_PACKAGE):
            for alias in node.names:
                yield alias.asname or alias.name, (node.module.removeprefix(f"{_PACKAGE}."), alias.name)


def _literals(code: ast.AST) -> Iterator[str]:
    for node in ast.walk(code):
        if isinstance(node, ast.Call):
            is_violation = isinstance(node.func, ast.Name) and node.func.id == "RuleViolation"
            given = [
                *(node.args[:1] if is_violation else []),
                *(word.value for word in node.keywords if word.arg == "code"),
            ]
            yield from (one.value for one in given if isinstance(one, ast.Constant) and isinstance(one.value, str))


def _classes(pattern: ast.pattern) -> Iterator[str]:
    for node in ast.walk(pattern):
        if isinstance(node, ast.MatchClass) and isinstance(node.cls, ast.Attribute):
            yield node.cls.attr
