"""What the templates show of clocks, tasks and steps, worked out beforehand so that templates stay plain."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from starlette.datastructures import FormData

from api.pages import moments
from api.pages import words as w
from api.pages.choices import Choice, City, Suggested, choices_of
from api.pages.refusals import Refusal
from api.pages.sentences import clock_name
from api.pages.steps import Control, Field, Step
from api.snapshots import ClockView
from workflows.contracts.clocks import CalendarWindow, Limit
from workflows.contracts.state import CaseState
from workflows.contracts.vocabulary import TASK_CLOCKS, ClockName, LimitUnit, TaskStatus

_REACHED: Mapping[TaskStatus, int] = {
    TaskStatus.SIGNED: 1,
    TaskStatus.CONTACTED: 2,
    TaskStatus.REPORTED_IN: 3,
    TaskStatus.FINISHED: 4,
}
"""How many of the four timed steps a task of that status has behind it."""


@dataclass(frozen=True)
class ClockLine:
    """A clock in words. `ticks` while it runs; `badge` is 即将超期 or 超期, also of one that was met too late."""

    label: str
    due: str
    due_at: datetime
    ticks: bool
    left: str
    office: str | None
    done: str | None
    badge: str | None
    provisional: bool
    limit: str


def clock_line(clock: ClockView, now: datetime, window: CalendarWindow) -> ClockLine:
    """The clock as of `now`; `window` is the calendar that its case carries."""
    ticks = clock.met_at is None and clock.stopped_at is None
    return ClockLine(
        label=clock_name(clock.id).rpartition("·")[2],
        due=moments.due(clock.due_at, clock.due_date, to_the_second=clock.limit.unit is LimitUnit.SECONDS),
        due_at=clock.due_at,
        ticks=ticks,
        left=moments.left(clock.due_at, now) if ticks else "",
        office=moments.office_time_left(clock.limit, clock.due_at, now, window) if ticks else None,
        done=_done(clock),
        badge=_badge(clock, now, ticks=ticks),
        provisional=clock.provisional,
        limit=f"{_limit(clock.limit)}（{_source(clock.source)}）",
    )


@dataclass(frozen=True)
class TaskStep:
    """One of a task's four timed steps: whether it is done, and its clock if the preset has one."""

    label: str
    done: bool
    clock: ClockLine | None


def task_progress(
    status: TaskStatus, clocks: Sequence[ClockView], now: datetime, window: CalendarWindow
) -> list[TaskStep]:
    """The four steps in their order; a later step that came first counts for those before it."""
    newest: dict[ClockName, ClockView] = {clock.name: clock for clock in clocks}
    reached = _REACHED.get(status, 0)
    return [
        TaskStep(
            label=w.word(w.CLOCKS, name),
            done=place < reached or (name in newest and newest[name].met_at is not None),
            clock=clock_line(newest[name], now, window) if name in newest else None,
        )
        for place, name in enumerate(TASK_CLOCKS)
    ]


@dataclass(frozen=True)
class Refused:
    """A step that was just refused, with everything that was typed; `target` is its case or task."""

    step: str
    target: str
    typed: FormData
    refusal: Refusal


@dataclass(frozen=True)
class FormField:
    """A field with what stands in it."""

    field: Field
    choices: Sequence[Choice]
    values: Sequence[str]
    error: str | None


@dataclass(frozen=True)
class StepForm:
    """A step's button and form. `key` makes sending it twice harmless; `back` names the page to come back to."""

    step: Step
    target: str
    address: str
    key: str
    back: str
    fields: Sequence[FormField]
    reasons: Sequence[str]
    refusal: Refusal | None


@dataclass(frozen=True)
class Forms:
    """Makes the forms of one page for one case. `key` is new on every page; `back` is `case` or a unit's inbox."""

    state: CaseState
    city: City
    unit_names: Mapping[str, str]
    key: str
    back: str
    suggested: Suggested | None = None
    refused: Refused | None = None

    def of(self, step: Step, target: str, address: str) -> StepForm:
        """The step's form, filled with what was typed if it was just refused."""
        refused = self.refused
        if refused is not None and (refused.step, refused.target) != (step.name, target):
            refused = None
        choices = choices_of(step, self.state, self.city, self.unit_names, self.suggested)
        calls_units = self.suggested is not None and any(field.control is Control.UNIT for field in step.fields)
        # Whether the case did it is not known yet: under the same key it is done once.
        again = refused is not None and refused.refusal.undecided
        return StepForm(
            step=step,
            target=target,
            address=address,
            key=str(refused.typed.get("key")) if refused is not None and again else f"{self.key}-{step.name}-{target}",
            back=self.back,
            fields=[
                FormField(
                    field=field,
                    choices=choices.get(field.name, ()),
                    values=self._values(field, refused),
                    error=refused.refusal.fields.get(field.name) if refused else None,
                )
                for field in step.fields
            ],
            reasons=self.suggested.reasons if self.suggested is not None and calls_units else (),
            refusal=refused.refusal if refused else None,
        )

    def _values(self, field: Field, refused: Refused | None) -> list[str]:
        if refused is not None:
            return [text for text in refused.typed.getlist(field.name) if isinstance(text, str)]
        match field.control:
            case Control.UNIT if self.suggested is not None and self.suggested.lead is not None:
                return [self.suggested.lead]
            case Control.UNITS if self.suggested is not None:
                return list(self.suggested.co_units)
            case Control.PRESET:
                return [self.state.policy.default_task_preset]
            case _:
                return []


def _done(clock: ClockView) -> str | None:
    if clock.met_at is not None:
        return f"{moments.moment(clock.met_at)} 完成"
    return f"{moments.moment(clock.stopped_at)} 停止" if clock.stopped_at is not None else None


def _badge(clock: ClockView, now: datetime, *, ticks: bool) -> str | None:
    if clock.breached_at is not None or (ticks and clock.due_at < now):
        return "超期" if ticks else "曾超期"
    return "即将超期" if ticks and clock.warned_at is not None else None


def _limit(limit: Limit) -> str:
    start = "，非办公时间顺延" if limit.office_start else ""
    return f"{limit.amount}{w.word(w.LIMIT_UNITS, limit.unit)}{start}"


def _source(written: str) -> str:
    sort, _, name = written.partition(" ")
    return f"{w.SOURCES[sort]}：{name}" if sort in w.SOURCES else written
