"""What must hold in every standing that a case can come to, and what was walked in figures."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any, TypeAlias

from tests.explorer.moments import NOW
from tests.explorer.moves import EVERY_COMMAND, name_of
from tests.explorer.walk import Walk
from tests.rules.case_builder import OPERATOR
from workflows.contracts.commands import AnyCommand
from workflows.contracts.errors import RuleViolation
from workflows.contracts.state import CaseState
from workflows.contracts.vocabulary import CaseStatus
from workflows.rules.decide import decide
from workflows.rules.ladder import earliest
from workflows.rules.ownership import owner

TIME = "time"
"""What leads on without anybody's command."""
Transitions: TypeAlias = dict[tuple[CaseStatus, CaseStatus], set[str]]
"""From which status to which, the same one included, and by which commands or by time alone."""


def faults(walk: Walk) -> list[str]:
    """Each standing in which something does not hold, with the shortest way to it; none if the process is sound."""
    ends = {number for number, state in enumerate(walk.standings) if state.is_archived}
    reaching = _reaching(walk, ends)
    return [
        f"{fault}:\n    " + "\n    ".join(walk.path(number))
        for number in range(len(walk.standings))
        for fault in _faults_of(walk, number, reaching)
    ]


def _faults_of(walk: Walk, number: int, reaching: set[int]) -> Iterator[str]:
    state, steps = walk.standings[number], walk.steps[number]
    if state.is_archived:
        yield from (f"archived, and yet {step.name} leads on" for step in steps)
        yield from (
            f"archived, and yet it takes {name_of(kind)}" for kind in EVERY_COMMAND if not _refuses(state, kind)
        )
        if earliest(state) is not None or owner(state) is not None:
            yield "archived, and yet a clock runs or somebody owes a step"
        return
    if earliest(state) is None:
        yield f"{state.status} without a clock that is waited for"
    if owner(state) is None:
        yield f"{state.status} without an owner"
    if all(step.to == number for step in steps):
        yield f"{state.status} is final"
    if number not in reaching:
        yield f"{state.status} from which archived is not reached"


def _refuses(archived: CaseState, kind: type[AnyCommand]) -> bool:
    """Whatever it says, and in every world: nothing of such a command is looked at."""
    blank: Any = kind
    try:
        decide(archived, blank.model_construct(command_id="walked", actor=OPERATOR), NOW)
    except RuleViolation as refused:
        return refused.code == "case_archived"
    return False


def _reaching(walk: Walk, ends: set[int]) -> set[int]:
    """The standings from which some way leads to one of the ends."""
    before: dict[int, list[int]] = defaultdict(list)
    for number, steps in enumerate(walk.steps):
        for step in steps:
            before[step.to].append(number)
    reaching, waiting = set(ends), list(ends)
    while waiting:
        for number in before[waiting.pop()]:
            if number not in reaching:
                reaching.add(number)
                waiting.append(number)
    return reaching


def transitions(walk: Walk) -> Transitions:
    """What was walked, of all standings with the same status together."""
    found: Transitions = defaultdict(set)
    for number, steps in enumerate(walk.steps):
        for step in steps:
            ends = walk.standings[number].status, walk.standings[step.to].status
            found[ends].add(TIME if step.kind is None else name_of(step.kind))
    return found


def report(walk: Walk) -> str:
    """What was walked, for people."""
    steps = sum(map(len, walk.steps))
    bounds = f"{walk.refusals} commands refused, {walk.beyond} steps out of bounds"
    lines = [f"world {walk.world.name}: {len(walk.standings)} standings, {steps} steps, {bounds}"]
    many = Counter(state.status for state in walk.standings)
    lines += [
        f"  {before} ({many[before]}) -> {after} ({many[after]}): {', '.join(sorted(names))}"
        for (before, after), names in sorted(transitions(walk).items(), key=lambda known: known[0])
        if before is not after
    ]
    return "\n".join(lines)


def never_accepted(walk: Walk) -> list[str]:
    """The world's commands that the rules refused wherever they were tried."""
    accepted = {step.kind for steps in walk.steps for step in steps}
    return sorted(name_of(kind) for kind in walk.world.commands - accepted)
