"""Policy files: every limit of the process as data, each with its source, and which of them a case gets.

A file may build on others beside it (`extends`): named entries of `case_limits`, `presets`, `task_presets`, `ladders`
and `statutory` are taken over and may be replaced one by one; any other key that is given replaces the inherited one.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from infra.cities.faults import CityPackFault
from infra.cities.located_yaml import LocatedYaml, Place, Where, read_yaml
from workflows.contracts.clocks import Limit
from workflows.contracts.policy import CasePolicy, ClockPolicy, Ladder
from workflows.contracts.vocabulary import TASK_CLOCKS, CaseKind, ClockName, LimitUnit, Urgency

_NAME = re.compile(r"[a-z0-9_]{1,64}")
Name = Annotated[str, StringConstraints(pattern=f"^{_NAME.pattern}$")]
Source = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]

_OWED = {
    ClockName.CITIZEN: "the requester waits",
    ClockName.ACCEPT: "a case is registered",
    ClockName.DISPATCH: "a case is accepted",
    ClockName.VERIFY: "a case is finished",
    ClockName.CALLBACK: "a case is verified",
    ClockName.WITHDRAWAL: "a withdrawal is asked",
    ClockName.LEVEL: "a case was escalated",
    ClockName.ARCHIVE_AFTER: "a case has ended",
}
"""While this lasts somebody owes the next step, so the clock of that step must run."""

_EVENTS = {"registered", "accepted", "dispatched", "served", "agreed"}
"""What a limit may count from; without one it counts from the moment its step is owed."""

_SHORTEST_REHEARSAL = 3
"""Seconds. A shorter step could not be told from the delay of the machinery itself."""

_OWN = {"name", "version", "title"}
"""What a file says of itself alone."""

_ROUGH_SECONDS = {
    LimitUnit.SECONDS: 1,
    LimitUnit.MINUTES: 60,
    LimitUnit.HOURS: 3_600,
    LimitUnit.WORKING_HOURS: 3 * 3_600,
    LimitUnit.WORKING_DAYS: 24 * 3_600,
    LimitUnit.CALENDAR_DAYS: 24 * 3_600,
    LimitUnit.MONTHS: 30 * 24 * 3_600,
    LimitUnit.YEARS: 365 * 24 * 3_600,
}
"""Good enough to see that two rungs are in the wrong order; never used for a due time."""


class _Written(BaseModel):
    """Something an author wrote: a key that nobody knows is a mistake, not an addition."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class WrittenLimit(_Written):
    """A limit in its written form and the article, practice or default it comes from."""

    limit: str
    source: Source

    def clock(self) -> ClockPolicy:
        """What a running case carries of it."""
        return ClockPolicy(limit=Limit.parse(self.limit), source=self.source)


class WrittenLadder(_Written):
    """Warning before the due time (fraction of the limit), then steps after it."""

    warn_fraction: float = Field(default=0.8, gt=0, lt=1)
    supervise_after: str
    escalate_after: str
    top_urge_every: str
    source: Source


class Preset(_Written):
    """A named part of a policy: limits that replace the general ones, the usual task preset and the ladder.

    `statutory: false` keeps the task limits of the preset where a class has a longer limit by law.
    """

    case_limits: dict[ClockName, WrittenLimit] = Field(default_factory=dict)
    task_preset: Name | None = None
    ladder: Name = "default"
    statutory: bool = True


class When(_Written):
    """The cases a rule is for; what is not given matches all. `category` matches the class and all below it."""

    source: str | None = None
    kind: CaseKind | None = None
    urgency: Urgency | None = None
    category: str | None = None

    def matches(self, source: str, kind: CaseKind, urgency: Urgency, category: str | None) -> bool:
        """Whether every given condition holds."""
        return (
            self.source in {None, source}
            and self.kind in {None, kind}
            and self.urgency in {None, urgency}
            and (self.category is None or _lies_in(category, self.category))
        )


class SelectionRule(_Written):
    """The first rule that matches names the preset."""

    when: When = When()
    preset: Name


class PolicyFile(_Written):
    """A policy as written, complete with what it extends."""

    name: Name
    version: int = Field(ge=1)
    title: Annotated[str, StringConstraints(min_length=1)]
    case_limits: dict[ClockName, WrittenLimit]
    presets: dict[Name, Preset]
    selection: tuple[SelectionRule, ...] = Field(min_length=1)
    task_presets: dict[Name, dict[ClockName, WrittenLimit]]
    default_task_preset: Name
    ladders: dict[Name, WrittenLadder]
    statutory: dict[str, WrittenLimit] = Field(default_factory=dict)
    evidence_required: bool = False
    rating_scale: tuple[Name, ...] = CasePolicy.model_fields["rating_scale"].default
    retry: Literal["default", "rehearsal"] = "default"

    def resolve(self, source: str, kind: CaseKind, urgency: Urgency, category: str | None) -> CasePolicy:
        """What a case of this sort carries for its life.

        A limit that the law sets for the class replaces the task presets' `finish`, the deepest class winning.
        """
        preset = self.presets[
            next(rule.preset for rule in self.selection if rule.when.matches(source, kind, urgency, category))
        ]
        by_law = [named for named in self.statutory if preset.statutory and _lies_in(category, named)]
        finish = {ClockName.FINISH: self.statutory[max(by_law, key=len)]} if by_law else {}
        ladder = self.ladders[preset.ladder]
        return CasePolicy(
            name=self.name,
            version=self.version,
            case_limits={name: one.clock() for name, one in (self.case_limits | preset.case_limits).items()},
            task_presets={
                named: {name: one.clock() for name, one in (limits | finish).items()}
                for named, limits in self.task_presets.items()
            },
            default_task_preset=preset.task_preset or self.default_task_preset,
            ladder=Ladder.model_validate(ladder.model_dump(exclude={"source"})),
            evidence_required=self.evidence_required,
            rating_scale=self.rating_scale,
            retry=self.retry,
        )


def read_policy(path: Path) -> PolicyFile:
    """Reads a policy file with what it extends, and checks it.

    Raises:
        CityPackFault: whatever makes it unusable, each by file and line.
    """
    written = _merged(path)
    try:
        policy = PolicyFile.model_validate(written.value)
    except ValidationError as error:
        raise CityPackFault(written.faults(error)) from None
    faults = [written.fault(where, reason) for where, reason in _contradictions(policy)]
    if faults:
        raise CityPackFault(faults)
    return policy


def named_categories(policy: PolicyFile) -> Iterator[str]:
    """Every class that the policy names, for whoever knows the classification."""
    yield from policy.statutory
    yield from (rule.when.category for rule in policy.selection if rule.when.category is not None)


def _lies_in(category: str | None, prefix: str) -> bool:
    return category is not None and (category == prefix or category.startswith(f"{prefix}/"))


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
        if _NAME.fullmatch(str(name)) is None:
            raise CityPackFault([own.fault(("extends", index), f"{name} is not the name of a policy file")])
        base = path.with_name(f"{name}.yaml")
        if base in {*below, path}:
            raise CityPackFault([own.fault(("extends", index), f"{name} extends this file in turn")])
        if not base.is_file():
            raise CityPackFault([own.fault(("extends", index), f"there is no {base.name} beside this file")])
        layers |= {at: layer for at, layer in _layers(base, (*below, path)).items() if at not in layers}
    return layers | {path: own}


def _contradictions(policy: PolicyFile) -> Iterator[tuple[Where, str]]:
    yield from _wrong_limits(policy)
    yield from _missing_clocks(policy)
    yield from _unknown_names(policy)
    for index, rule in enumerate(policy.selection):
        if (rule.when == When()) != (index == len(policy.selection) - 1):
            yield ("selection", index), "exactly the last rule must match every case (no `when`)"


def _limits(policy: PolicyFile) -> Iterator[tuple[Where, str]]:
    """Every limit of the policy in its written form, with the way to it."""
    groups: list[tuple[Where, dict[ClockName, WrittenLimit]]] = [
        (("case_limits",), policy.case_limits),
        *((("presets", name, "case_limits"), preset.case_limits) for name, preset in policy.presets.items()),
        *((("task_presets", name), limits) for name, limits in policy.task_presets.items()),
    ]
    for where, limits in groups:
        yield from (((*where, clock, "limit"), written.limit) for clock, written in limits.items())
    yield from ((("statutory", category, "limit"), written.limit) for category, written in policy.statutory.items())
    for name, ladder in policy.ladders.items():
        for rung in ("supervise_after", "escalate_after", "top_urge_every"):
            yield ("ladders", name, rung), getattr(ladder, rung)


def _wrong_limits(policy: PolicyFile) -> Iterator[tuple[Where, str]]:
    rough: dict[Where, int] = {}
    for where, text in _limits(policy):
        try:
            limit = Limit.parse(text)
        except ValueError as error:
            yield where, str(error)
            continue
        rough[where] = limit.amount * _ROUGH_SECONDS[limit.unit]
        if limit.unit is LimitUnit.SECONDS and (policy.retry != "rehearsal" or limit.amount < _SHORTEST_REHEARSAL):
            yield where, f"seconds are for rehearsals (retry: rehearsal), {_SHORTEST_REHEARSAL} of them or more"
        if limit.from_event is not None and limit.from_event not in _EVENTS:
            yield where, f"nothing is counted from {limit.from_event}; known: {', '.join(sorted(_EVENTS))}"
    for name in policy.ladders:
        supervise, escalate = ("ladders", name, "supervise_after"), ("ladders", name, "escalate_after")
        if rough.get(supervise, 0) >= rough.get(escalate, 1 << 62):
            yield escalate, "ladder out of order: escalation must come after supervision"


def _missing_clocks(policy: PolicyFile) -> Iterator[tuple[Where, str]]:
    for name, preset in policy.presets.items():
        for clock, waiting in _OWED.items():
            if clock not in policy.case_limits | preset.case_limits:
                yield ("presets", name), f"no clock runs while {waiting}: {clock} is missing"
        for clock in preset.case_limits:
            if clock in TASK_CLOCKS:
                yield ("presets", name, "case_limits", clock), "is a clock of tasks: put it under task_presets"
    for clock in policy.case_limits:
        if clock in TASK_CLOCKS:
            yield ("case_limits", clock), "is a clock of tasks: put it under task_presets"
    for name, limits in policy.task_presets.items():
        if ClockName.FINISH not in limits:
            yield ("task_presets", name), "no clock runs while a unit has the task: finish is missing"
        for clock in limits:
            if clock not in TASK_CLOCKS:
                yield ("task_presets", name, clock), "is a clock of the case: put it under case_limits"


def _unknown_names(policy: PolicyFile) -> Iterator[tuple[Where, str]]:
    if policy.default_task_preset not in policy.task_presets:
        yield ("default_task_preset",), f"unknown task preset {policy.default_task_preset}"
    for name, preset in policy.presets.items():
        if preset.task_preset is not None and preset.task_preset not in policy.task_presets:
            yield ("presets", name, "task_preset"), f"unknown task preset {preset.task_preset}"
        if preset.ladder not in policy.ladders:
            yield ("presets", name, "ladder"), f"unknown ladder {preset.ladder}"
    for index, rule in enumerate(policy.selection):
        if rule.preset not in policy.presets:
            yield ("selection", index, "preset"), f"unknown preset {rule.preset}"
