"""Whether the parts of a policy agree with each other, and whether a clock and an owner are there in every status."""

from collections.abc import Iterator

from infra.cities.located_yaml import Where
from infra.policies.written import Allowance, PolicyFile, SourcedLimit, WrittenLimit
from workflows.contracts.clocks import Limit
from workflows.contracts.vocabulary import TASK_CLOCKS, CaseStatus, ClockName, LimitUnit, OwnerRole

_OWED = {
    ClockName.CITIZEN: "the requester waits",
    ClockName.ACCEPT: "a case is registered",
    ClockName.DISPATCH: "a case is accepted",
    ClockName.VERIFY: "a case is finished",
    ClockName.CALLBACK: "a case is verified",
    ClockName.WITHDRAWAL: "a withdrawal is asked",
    ClockName.EXTENSION: "an extension is asked",
    ClockName.SEND_BACK: "a send-back is asked",
    ClockName.DISPUTE: "units dispute about a case",
    ClockName.LEVEL: "a case was escalated",
    ClockName.WHISTLE_REQUEST: "the whistle is asked for",
    ClockName.OBJECTION_DECISION: "a designated unit objects",
    ClockName.HOST: "a matter concerns several regions",
    ClockName.TRANSFER: "another city is asked to take a case",
    ClockName.LEGAL_OUTCOME: "a matter is before a court",
    ClockName.ARCHIVE_AFTER: "a case has ended",
}
"""While this lasts somebody owes the next step, so the clock of that step must run."""

_DATED = (ClockName.SUSPENSION, ClockName.COMMITMENT, ClockName.SUPERVISION, ClockName.LIMITATION)
"""These run until a date that is named when they begin; a limitation period for as long as the law says."""

_FROM_SERVED = (ClockName.REVIEW, ClockName.RE_REVIEW, ClockName.OBJECTION)

_AT_WORK = (CaseStatus.DISPATCHED, CaseStatus.IN_PROGRESS)
"""Only while units work on a case there is a lead unit that could owe anything."""

_OWNED_ANYWAY = (CaseStatus.ARCHIVED, CaseStatus.IN_MEDIATION, CaseStatus.AGREED)
"""Nobody owes an archived case anything; who owes one that is talked out the mediation says, and older files do not."""

_EVENTS = {"registered", "accepted", "dispatched", "served", "agreed"}
"""What a limit may count from; without one it counts from the moment its step is owed."""

_SHORTEST_REHEARSAL = 3
"""Seconds. A shorter step could not be told from the delay of the machinery itself."""

_EXTENDED_IN = {
    LimitUnit.WORKING_DAYS: LimitUnit.WORKING_DAYS,
    LimitUnit.CALENDAR_DAYS: LimitUnit.CALENDAR_DAYS,
    LimitUnit.MONTHS: LimitUnit.CALENDAR_DAYS,
    LimitUnit.YEARS: LimitUnit.CALENDAR_DAYS,
}
"""An extension is asked for until a date, so only limits that end with a day have one."""

_DAY = 24 * 3_600
_ROUGH_SECONDS = {
    LimitUnit.SECONDS: 1,
    LimitUnit.MINUTES: 60,
    LimitUnit.HOURS: 3_600,
    LimitUnit.WORKING_HOURS: 3 * 3_600 * 7 // 5,
    LimitUnit.WORKING_DAYS: _DAY * 7 // 5,
    LimitUnit.CALENDAR_DAYS: _DAY,
    LimitUnit.MONTHS: 365 * _DAY // 12,
    LimitUnit.YEARS: 365 * _DAY,
}
"""Good enough to see which of two amounts is the longer one; never used for a due time."""

_LONGEST = 3_653 * _DAY
"""Ten years. Counting a limit's days takes time that a running case does not have without end."""

_LONGEST_PAUSE = 366 * _DAY

_SHORTEST_REMINDER = 3_600
"""At the top a clock reminds until it is met: each time is an event of the case, for as long as the case is open."""

_RUNGS = ("supervise_after", "escalate_after", "top_urge_every")


def contradictions(policy: PolicyFile) -> Iterator[tuple[Where, str]]:
    """Everything that is wrong within the policy, with the way to it."""
    limits: dict[Where, Limit] = {}
    for where, text in _texts(policy):
        try:
            limits[where] = Limit.parse(text)
        except ValueError as error:
            yield where, str(error)
    yield from _wrong_limits(policy, limits)
    yield from _wrong_allowances(policy, limits)
    yield from _wrong_ladders(policy, limits)
    yield from _missing_clocks(policy)
    yield from _misplaced_clocks(policy)
    yield from _wrong_owners(policy)
    yield from _unknown_names(policy)


def _written(policy: PolicyFile) -> Iterator[tuple[Where, SourcedLimit]]:
    """Every limit of the policy that is a clock's, with the way to it."""
    groups: list[tuple[Where, dict[ClockName, WrittenLimit]]] = [
        (("case_limits",), policy.case_limits),
        *((("presets", name, "case_limits"), preset.case_limits) for name, preset in policy.presets.items()),
        *((("task_presets", name), limits) for name, limits in policy.task_presets.items()),
    ]
    for where, limits in groups:
        yield from (((*where, clock), written) for clock, written in limits.items())
    yield from ((("statutory", category), written) for category, written in policy.statutory.items())
    yield from ((("send_back_windows", name), written) for name, written in policy.send_back_windows.items())


def _allowances(policy: PolicyFile) -> Iterator[tuple[Where, Where, Allowance]]:
    """Every extension and pause: the way to its limit, the way to it, and what it says."""
    for where, written in _written(policy):
        if isinstance(written, WrittenLimit):
            if written.extension is not None:
                yield where, (*where, "extension"), written.extension
            for ground, pause in written.pauses.items():
                yield where, (*where, "pauses", ground), pause


def _texts(policy: PolicyFile) -> Iterator[tuple[Where, str]]:
    """Every amount of time in its written form, with the way to it."""
    yield from (((*where, "limit"), written.limit) for where, written in _written(policy))
    yield from (((*where, "at_most"), allowance.at_most) for _, where, allowance in _allowances(policy))
    for name, ladder in policy.ladders.items():
        yield from ((("ladders", name, rung), getattr(ladder, rung)) for rung in _RUNGS)


def _wrong_limits(policy: PolicyFile, limits: dict[Where, Limit]) -> Iterator[tuple[Where, str]]:
    for where, limit in limits.items():
        event = limit.from_event
        if limit.unit is LimitUnit.SECONDS and (policy.retry != "rehearsal" or limit.amount < _SHORTEST_REHEARSAL):
            yield where, f"seconds are for rehearsals (retry: rehearsal), {_SHORTEST_REHEARSAL} of them or more"
        if _rough(limit) > _LONGEST:
            yield where, f"{limit.amount} {limit.unit} are too long: ten years at most"
        if where[-1] == "limit":
            if event is not None and event not in _EVENTS:
                yield where, f"nothing is counted from {event}; known: {', '.join(sorted(_EVENTS))}"
            if "case_limits" in where and where[-2] in _FROM_SERVED and event != "served":
                yield where, f"{where[-2]} counts from the day the paper is served: write '… from served'"
        elif event is not None:
            yield where, f"is an amount alone: it does not count from {event}"
        elif limit.office_start or limit.next_hour:
            yield where, "is an amount alone: neither office_start nor next_hour goes with it"


def _wrong_allowances(policy: PolicyFile, limits: dict[Where, Limit]) -> Iterator[tuple[Where, str]]:
    for of, where, _ in _allowances(policy):
        limit, at_most = limits.get((*of, "limit")), limits.get((*where, "at_most"))
        if limit is None or at_most is None:
            continue
        if where[-1] == "extension":
            unit = _EXTENDED_IN.get(limit.unit)
            if unit is None:
                yield where, f"a limit in {limit.unit} cannot be extended"
            elif at_most.unit is not unit:
                yield (*where, "at_most"), f"a limit in {limit.unit} is extended by {unit}, not by {at_most.unit}"
        elif _rough(at_most) > _LONGEST_PAUSE:
            yield (*where, "at_most"), "a pause is a year long at most"


def _wrong_ladders(policy: PolicyFile, limits: dict[Where, Limit]) -> Iterator[tuple[Where, str]]:
    for name in policy.ladders:
        supervise, escalate = (limits.get(("ladders", name, rung)) for rung in ("supervise_after", "escalate_after"))
        if supervise is not None and escalate is not None and _rough(supervise) >= _rough(escalate):
            yield ("ladders", name, "escalate_after"), "ladder out of order: escalation must come after supervision"
        every = limits.get(("ladders", name, "top_urge_every"))
        if every is not None and policy.retry != "rehearsal" and _rough(every) < _SHORTEST_REMINDER:
            yield ("ladders", name, "top_urge_every"), "reminders at the top come an hour apart or more"


def _rough(limit: Limit) -> int:
    return limit.amount * _ROUGH_SECONDS[limit.unit]


def _missing_clocks(policy: PolicyFile) -> Iterator[tuple[Where, str]]:
    for name, preset in policy.presets.items():
        for clock, waiting in _OWED.items():
            if clock not in policy.case_limits | preset.case_limits:
                yield ("presets", name), f"no clock runs while {waiting}: {clock} is missing"
    for name, limits in policy.task_presets.items():
        if ClockName.FINISH not in limits:
            yield ("task_presets", name), "no clock runs while a unit has the task: finish is missing"


def _misplaced_clocks(policy: PolicyFile) -> Iterator[tuple[Where, str]]:
    for where, _ in _written(policy):
        clock = where[-1]
        if clock in _DATED:
            yield where, "runs until a date that is named when it begins: it has no limit in a file"
        elif "case_limits" in where and clock in TASK_CLOCKS:
            yield where, "is a clock of tasks: put it under task_presets"
        elif where[0] == "task_presets" and clock not in TASK_CLOCKS:
            yield where, "is a clock of the case: put it under case_limits"


def _wrong_owners(policy: PolicyFile) -> Iterator[tuple[Where, str]]:
    for status in CaseStatus:
        if status not in _OWNED_ANYWAY and status not in policy.owners:
            yield ("owners",), f"nobody owes the next step while a case is {status}: {status} is missing"
    for status, role in policy.owners.items():
        if status is CaseStatus.ARCHIVED:
            yield ("owners", status), "nobody owes anything on an archived case"
        elif role is OwnerRole.CO_UNIT or (role is OwnerRole.LEAD_UNIT and status not in _AT_WORK):
            yield ("owners", status), f"there may be no {role} while a case is {status}"


def _unknown_names(policy: PolicyFile) -> Iterator[tuple[Where, str]]:
    if policy.default_task_preset not in policy.task_presets:
        yield ("default_task_preset",), f"unknown task preset {policy.default_task_preset}"
    for name, preset in policy.presets.items():
        if preset.task_preset is not None and preset.task_preset not in policy.task_presets:
            yield ("presets", name, "task_preset"), f"unknown task preset {preset.task_preset}"
        if preset.ladder not in policy.ladders:
            yield ("presets", name, "ladder"), f"unknown ladder {preset.ladder}"
    for name in policy.send_back_windows:
        if name not in policy.task_presets:
            yield ("send_back_windows", name), f"unknown task preset {name}"
    for index, rule in enumerate(policy.selection):
        if rule.preset not in policy.presets:
            yield ("selection", index, "preset"), f"unknown preset {rule.preset}"
