"""Walks every standing that a case can come to, one step at a time, and remembers the shortest way to each."""

from collections import deque
from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from tests.explorer.moments import IN_TIME, NOW, RAN_OUT_SINCE
from tests.explorer.moves import moves
from tests.explorer.standings import key, standing
from tests.explorer.worlds import World
from workflows.contracts import commands as c
from workflows.contracts.clocks import Clock
from workflows.contracts.commands import AnyCommand
from workflows.contracts.errors import RuleViolation
from workflows.contracts.state import CaseState
from workflows.contracts.vocabulary import END_STATUSES, Rung
from workflows.rules.decide import clocks_run_out, decide

_ALMOST_TOO_OFTEN = 2
"""One rework more is the third, which raises the case."""
_REFUSED_WHEN_LATE = frozenset({c.DecideSendBack, c.RequestExtension, c.SendBack, c.Suspend})
"""Refused now, they may have been in time when they were received; no other refusal asks when that was."""


class Step(NamedTuple):
    """One way on: what happened, by which command if it was one, and the number of the standing it leads to."""

    name: str
    kind: type[AnyCommand] | None
    to: int


@dataclass
class Walk:
    """Every standing by its number, the steps from each, and from where it was reached first (-1: the beginning).

    `refusals` counts commands that the rules refused, `beyond` steps that lead out of the world's bounds.
    """

    world: World
    standings: list[CaseState] = field(default_factory=list)
    steps: list[list[Step]] = field(default_factory=list)
    reached_from: list[tuple[int, str]] = field(default_factory=list)
    refusals: int = 0
    beyond: int = 0
    _numbers: dict[Hashable, int] = field(default_factory=dict)

    def path(self, number: int) -> list[str]:
        """What happened on the shortest way there, in order."""
        before, name = self.reached_from[number]
        return [*self.path(before), name] if before >= 0 else []

    def number_of(self, state: CaseState) -> int | None:
        """The number of the standing that the state has; None if no way led there."""
        return self._numbers.get(key(self._standing(state)))

    def enter(self, state: CaseState, before: int, name: str) -> int:
        """The number of the state's standing, a new one if nothing led there before."""
        stands = self._standing(state)
        number = self._numbers.setdefault(key(stands), len(self.standings))
        if number == len(self.standings):
            self.standings.append(stands)
            self.steps.append([])
            self.reached_from.append((before, name))
        return number

    def _standing(self, state: CaseState) -> CaseState:
        return standing(state, self.world.origin, self.world.forgotten)


def explore(world: World) -> Walk:
    """Every standing of the world; breadth first, so that the way to each is a shortest one."""
    walk = Walk(world)
    waiting = deque([walk.enter(world.origin, -1, "register")])
    while waiting:
        number = waiting.popleft()
        found: dict[Step, None] = {}
        for name, kind, after in _ways_on(walk, walk.standings[number]):
            if not world.holds(after):
                walk.beyond += 1
                continue
            known = len(walk.standings)
            to = walk.enter(after, number, name)
            found[Step(name, kind, to)] = None
            if to == known:
                waiting.append(to)
        walk.steps[number].extend(found)
    return walk


def _ways_on(walk: Walk, state: CaseState) -> Iterator[tuple[str, type[AnyCommand] | None, CaseState]]:
    for clock in state.clocks.values():
        if clock.next_at is not None:
            runs_out = {} if clock.breached_at else {"due_at": NOW}
            due = _with(state, clock, next_at=NOW, **runs_out)
            rung = "escalates" if clock.next_rung is Rung.ESCALATE else "runs out"
            yield f"clock {clock.id} {rung}", None, clocks_run_out(due, NOW).state
    for kind in sorted(walk.world.commands, key=lambda known: known.__name__):
        for move in moves(kind, state, NOW):
            for when, seen in _as_received(state):
                command = move.command(IN_TIME if when else None)
                try:
                    after = decide(seen, command, NOW).state
                except RuleViolation:
                    walk.refusals += 1
                    if not when and kind not in _REFUSED_WHEN_LATE:
                        break
                    continue
                name = move.name + when
                yield name, kind, after
                if after.rework > seen.rework:
                    often = seen.model_copy(update={"rework": _ALMOST_TOO_OFTEN})
                    yield f"{name}, for the third time", kind, decide(often, command, NOW).state


def _as_received(state: CaseState) -> Iterator[tuple[str, CaseState]]:
    """A command may have been received just now, or before some or all of the overdue clocks ran out."""
    yield "", state
    if state.status in END_STATUSES:
        return
    every, late = state, [clock for clock in state.clocks.values() if clock.breached_at and not clock.met_at]
    for clock in late:
        yield f", received before {clock.id} ran out", _since(state, clock)
        every = _since(every, clock)
    if len(late) > 1:
        yield ", received before any clock ran out", every


def _since(state: CaseState, clock: Clock) -> CaseState:
    return _with(state, clock, due_at=RAN_OUT_SINCE, breached_at=RAN_OUT_SINCE)


def _with(state: CaseState, clock: Clock, **changes: Any) -> CaseState:
    return state.model_copy(update={"clocks": {**state.clocks, clock.id: clock.model_copy(update=changes)}})
