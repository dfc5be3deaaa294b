"""Which codes each command's rule can raise, found by walking the code of the rules: every call, every literal."""

import ast
import re
from collections.abc import Collection, Iterator, Mapping
from itertools import pairwise
from pathlib import Path

RULES = Path(__file__).parents[2] / "workflows/rules"
_PACKAGE = "workflows.rules"
_CODE = re.compile(r"[a-z]+(_[a-z]+)*")

Name = tuple[str, str]
"""A function or a table: its module's dotted name inside the rules, and its own; methods go by `d.` and theirs."""


class RuleCode:
    """The functions of the rules, with the codes that each names and the functions that each refers to."""

    def __init__(self) -> None:
        trees = {_module(file): ast.parse(file.read_text(encoding="utf-8")) for file in RULES.rglob("*.py")}
        self._named = {(module, name): node for module, tree in trees.items() for name, node in _definitions(tree)}
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
                ahead.extend(self._referred_to(name[0], self._named[name]))
        return {code for name in seen for code in _literals(self._named[name])}

    def all_codes(self) -> set[str]:
        """Every code that stands anywhere in the rules."""
        return {code for tree in self._trees.values() for code in _literals(tree)}

    def table_of_commands(self, decide: str = "decide") -> Mapping[str, Name | None]:
        """The function that this module hands each command to, by the command's class; None for one without a rule."""
        return {
            command: next((found for node in case.body for found in self._referred_to(decide, node)), None)
            for case in ast.walk(self._named[decide, "_apply"])
            if isinstance(case, ast.match_case)
            for command in _classes(case.pattern)
        }

    def _referred_to(self, module: str, code: ast.AST) -> Iterator[Name]:
        imports = self._imports[module]
        for node in ast.walk(code):
            found: Name | None = None
            if isinstance(node, ast.Name):
                found = imports.get(node.id, (module, node.id))
            elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                if node.value.id == "d":
                    # The decision in the making, whose own methods may refuse as well.
                    found = (".".join((*module.split(".")[:-1], "decision")), f"d.{node.attr}")
                elif node.value.id in imports:
                    found = (".".join(part for part in imports[node.value.id] if part), node.attr)
            if found in self._named:
                yield found


def _module(file: Path) -> str:
    return ".".join(file.relative_to(RULES).with_suffix("").parts)


def _definitions(tree: ast.Module) -> Iterator[tuple[str, ast.AST]]:
    """What a module names: its functions, the methods of its classes, and its tables."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            yield node.name, node
        elif isinstance(node, ast.ClassDef):
            yield from ((f"d.{method.name}", method) for method in node.body if isinstance(method, ast.FunctionDef))
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            yield node.target.id, node


def _imports(tree: ast.Module) -> Iterator[tuple[str, Name]]:
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.module is not None and node.module.startswith(_PACKAGE):
            for alias in node.names:
                yield alias.asname or alias.name, (node.module.removeprefix(_PACKAGE).removeprefix("."), alias.name)


def _literals(code: ast.AST) -> Iterator[str]:
    for node in ast.walk(code):
        if isinstance(node, ast.Call):
            is_violation = isinstance(node.func, ast.Name) and node.func.id == "RuleViolation"
            given = [
                *(node.args[:1] if is_violation else []),
                *(word.value for word in node.keywords if word.arg == "code"),
            ]
            yield from (one.value for one in given if isinstance(one, ast.Constant) and isinstance(one.value, str))
        elif isinstance(node, ast.Tuple):
            # A rule that answers why not gives its code with a sentence.
            yield from (str(_text(one)) for one, other in pairwise(node.elts) if _is_code(one) and _is_sentence(other))


def _text(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _is_code(node: ast.expr) -> bool:
    return _CODE.fullmatch(_text(node) or "") is not None


def _is_sentence(node: ast.expr) -> bool:
    return isinstance(node, ast.JoinedStr) or " " in (_text(node) or "")


def _classes(pattern: ast.pattern) -> Iterator[str]:
    for node in ast.walk(pattern):
        if isinstance(node, ast.MatchClass) and isinstance(node.cls, ast.Attribute):
            yield node.cls.attr
        elif isinstance(node, ast.MatchClass) and isinstance(node.cls, ast.Name):
            yield node.cls.id
