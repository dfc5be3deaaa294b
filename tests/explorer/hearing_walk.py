"""Walks every standing that a mediation can come to, and says what does not hold in any of them."""

from collections import defaultdict, deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.explorer.hearings import Hearing, due_now, is_within, key, moves, standing
from tests.explorer.moments import NOW
from workflows.contracts.errors import RuleViolation
from workflows.contracts.mediation import events as e
from workflows.contracts.mediation.state import MediationState
from workflows.contracts.mediation.vocabulary import MediationStatus, Paper
from workflows.contracts.vocabulary import ClockName
from workflows.rules.mediation import decision
from workflows.rules.mediation.decide import clocks_run_out, decide
from workflows.rules.mediation.ownership import due_date, owner

TIME = "time"
MediationTransitions = dict[tuple[MediationStatus, MediationStatus], set[str]]


@dataclass
class HearingWalk:
    """Every standing, the numbers that each leads to, and how it was reached first; `wrong` is what did not hold."""

    hearing: Hearing
    standings: list[MediationState] = field(default_factory=list)
    steps: list[set[int]] = field(default_factory=list)
    reached_from: list[tuple[int, str]] = field(default_factory=list)
    found: MediationTransitions = field(default_factory=lambda: defaultdict(set))
    accepted: set[str] = field(default_factory=set)
    wrong: list[str] = field(default_factory=list)
    _known: dict[str, int] = field(default_factory=dict)

    def path(self, number: int) -> list[str]:
        """What happened on the shortest way there, in order."""
        before, name = self.reached_from[number]
        return [*self.path(before), name] if before >= 0 else []

    def enter(self, state: MediationState, before: int, name: str) -> int:
        """The number of the state's standing, a new one if nothing led there before."""
        stands = standing(state, self.hearing.origin)
        number = self._known.setdefault(key(stands), len(self.standings))
        if number == len(self.standings):
            self.standings.append(stands)
            self.steps.append(set())
            self.reached_from.append((before, name))
        return number


def walk(hearing: Hearing) -> HearingWalk:
    """Every standing of the hearing, breadth first."""
    found = HearingWalk(hearing)
    waiting = deque([found.enter(hearing.origin, -1, "open")])
    while waiting:
        number = waiting.popleft()
        before = found.standings[number]
        for name, kind, d in _ways_on(hearing, before):
            if not is_within(hearing, d.state):
                continue
            known = len(found.standings)
            to = found.enter(d.state, number, name)
            found.steps[number].add(to)
            found.found[before.status, d.state.status].add(kind)
            found.accepted.add(kind)
            found.wrong += [
                f"{fault}:\n    " + "\n    ".join([*found.path(number), name]) for fault in _faults(before, d)
            ]
            if to == known:
                waiting.append(to)
    found.wrong += list(_dead_ends(found))
    return found


def _ways_on(hearing: Hearing, state: MediationState) -> Iterator[tuple[str, str, decision.Hearing]]:
    for clock in state.clocks.values():
        if clock.next_at is not None:
            yield f"clock {clock.id} runs out", TIME, clocks_run_out(due_now(state, clock), NOW)
    for name, command in moves(hearing, state):
        try:
            yield name, command.kind, decide(state, command, NOW)
        except RuleViolation:
            continue


def _faults(before: MediationState, d: decision.Hearing) -> Iterator[str]:
    """What has to hold wherever a step leads."""
    state = d.state
    still_open = {clock.name for clock in state.clocks.values() if clock.is_open}
    if (state.told is None or state.told.status is not state.status) and not before.is_over:
        yield f"{state.status}, and the case does not know"
    if state.is_over:
        if still_open - {ClockName.ARCHIVE_AFTER}:
            yield f"{state.status}, and yet {sorted(still_open)} run"
        papers = [record.event for record in d.events if isinstance(record.event, e.PaperIssued)]
        notices = [one for one in papers if one.paper is Paper.ROUTE_NOTICE and set(one.to) == set(state.parties)]
        if not before.is_over and state.status is not MediationStatus.FULFILLED and not notices:
            yield f"{state.status}, and nobody was told where to go"
        return
    if owner(state) is None or due_date(state) is None or not still_open:
        yield f"{state.status} without an owner, a day or a clock"


def _dead_ends(found: HearingWalk) -> Iterator[str]:
    """Standings from which no way leads to an end."""
    before: dict[int, set[int]] = defaultdict(set)
    for number, ways in enumerate(found.steps):
        for to in ways:
            before[to].add(number)
    reaching = {number for number, state in enumerate(found.standings) if state.is_over}
    waiting = list(reaching)
    while waiting:
        for number in before[waiting.pop()] - reaching:
            reaching.add(number)
            waiting.append(number)
    for number, state in enumerate(found.standings):
        if number not in reaching:
            yield f"{state.status} from which no end is reached:\n    " + "\n    ".join(found.path(number))
