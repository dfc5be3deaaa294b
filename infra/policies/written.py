"""A policy as its author wrote it, and what a case gets of it."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from workflows.contracts.clocks import Limit
from workflows.contracts.policy import (
    EVERY_OWNER,
    OWNERS,
    USUAL_LIMITS,
    CasePolicy,
    ClockPolicy,
    ExtensionPolicy,
    Ladder,
    PausePolicy,
)
from workflows.contracts.vocabulary import (
    CaseKind,
    CaseStatus,
    ClockName,
    OwnerRole,
    PauseGround,
    RiskLevel,
    Urgency,
)

NAME = r"[a-z0-9_]{1,64}"
Name = Annotated[str, StringConstraints(pattern=f"^{NAME}$")]
Source = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class _Written(BaseModel):
    """Something an author wrote: a key that nobody knows is a mistake, not an addition."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class SourcedLimit(_Written):
    """A limit in its written form and the article, practice or default it comes from."""

    limit: str
    source: Source

    def clock(self) -> ClockPolicy:
        """What a running case carries of it."""
        return ClockPolicy(limit=Limit.parse(self.limit), source=self.source)


class Allowance(_Written):
    """How much longer a clock may run, or how long it may stand still; who allows it, and where that comes from."""

    at_most: str
    approver: Literal["dispatcher", "supervisor"]
    source: Source


class WrittenLimit(SourcedLimit):
    """A limit that may be extended once, and may stand still on the named grounds."""

    extension: Allowance | None = None
    pauses: dict[PauseGround, Allowance] = Field(default_factory=dict)

    def clock(self) -> ClockPolicy:
        """What a running case carries of it."""
        extension = ExtensionPolicy.model_validate(self.extension.model_dump()) if self.extension else None
        pauses = {ground: PausePolicy.model_validate(one.model_dump()) for ground, one in self.pauses.items()}
        return super().clock().model_copy(update={"extension": extension, "pauses": pauses})


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

    source: Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]{1,32}$")] | None = None
    kind: CaseKind | None = None
    urgency: Urgency | None = None
    risk: RiskLevel | None = None
    category: str | None = None

    def matches(
        self, source: str, kind: CaseKind, urgency: Urgency, risk: RiskLevel | None, category: str | None
    ) -> bool:
        """Whether every given condition holds."""
        return (
            self.source in {None, source}
            and self.kind in {None, kind}
            and self.urgency in {None, urgency}
            and self.risk in {None, risk}
            and (self.category is None or _lies_in(category, self.category))
        )


class SelectionRule(_Written):
    """The first rule that matches names the preset."""

    when: When = When()
    preset: Name


class Percentage(_Written):
    """How many matters of a hundred, and where that comes from."""

    percent: int = Field(ge=0, le=100)
    source: Source


class Headcount(_Written):
    """From how many people on, and where that comes from."""

    people: int = Field(ge=2)
    source: Source


class PolicyFile(_Written):
    """A policy as written, complete with what it extends.

    `owners` says who owes the next step in each status, and nothing in a version from before files had to say so;
    `send_back_windows` goes by the task preset. `settled_sample` is how many of the matters settled where they were
    raised are verified (all, if nothing is said), `group_threshold` from how many people on a matter is a group's.
    """

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
    owners: dict[CaseStatus, OwnerRole] = Field(default_factory=dict)
    send_back_windows: dict[Name, SourcedLimit] = Field(default_factory=dict)
    evidence_required: bool = False
    rating_scale: tuple[Name, ...] = Field(default=CasePolicy.model_fields["rating_scale"].default, min_length=1)
    retry: Literal["default", "rehearsal"] = "default"
    settled_sample: Percentage | None = None
    group_threshold: Headcount | None = None

    def resolve(
        self,
        source: str,
        kind: CaseKind,
        urgency: Urgency,
        category: str | None,
        risk: RiskLevel | None = None,
    ) -> CasePolicy:
        """What a case of this sort carries for its life.

        A limit that the law sets for the class replaces the task presets' `finish`, the deepest class winning.
        """
        sort = (source, kind, urgency, risk, category)
        preset = self.presets[next(rule.preset for rule in self.selection if rule.when.matches(*sort))]
        ladder = self.ladders[preset.ladder]
        finish = self._finish_by_law(category) if preset.statutory else {}
        limits = {name: one.clock() for name, one in (self.case_limits | preset.case_limits).items()}
        return CasePolicy(
            name=self.name,
            version=self.version,
            case_limits={name: one for name, one in limits.items() if USUAL_LIMITS.get(name) != one},
            task_presets={
                named: {name: one.clock() for name, one in limits.items()} | finish
                for named, limits in self.task_presets.items()
            },
            default_task_preset=preset.task_preset or self.default_task_preset,
            ladder=Ladder.model_validate(ladder.model_dump(exclude={"source"})),
            evidence_required=self.evidence_required,
            rating_scale=self.rating_scale,
            retry=self.retry,
            owners=OWNERS if EVERY_OWNER | self.owners == EVERY_OWNER else self.owners,
            send_back_windows={named: one.clock() for named, one in self.send_back_windows.items()},
            settled_sample=100 if self.settled_sample is None else self.settled_sample.percent,
            group_threshold=self.group_threshold.people if self.group_threshold else None,
        )

    def _finish_by_law(self, category: str | None) -> dict[ClockName, ClockPolicy]:
        by_law = [named for named in self.statutory if _lies_in(category, named)]
        if not by_law:
            return {}
        deepest = self.statutory[max(by_law, key=len)].clock()
        return {ClockName.FINISH: deepest.model_copy(update={"statutory": True})}


def _lies_in(category: str | None, prefix: str) -> bool:
    return category is not None and (category == prefix or category.startswith(f"{prefix}/"))
