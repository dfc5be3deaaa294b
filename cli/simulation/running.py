"""One past matter under one policy: the same rules as a running case's, without the machinery that carries one."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from cli.simulation.policies import TrialPolicy
from cli.simulation.reading import Matter
from workflows.contracts.actors import CLOCKWORK
from workflows.contracts.clocks import CalendarWindow
from workflows.contracts.events import CaseRegistered, Escalated, RungReached
from workflows.contracts.start import Registration
from workflows.contracts.vocabulary import CaseKind, ClockName, Level, Rung, Urgency
from workflows.rules.clocks import meet
from workflows.rules.decide import clocks_run_out, register
from workflows.rules.version import RULES_VERSION

_CENTRES = {level: level.value for level in Level}
_CASE_NO = "0" * 18


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a policy would have done while a matter waited; times are UTC, None where it did not come to that.

    `limit` in its written form; `climbed` each level that it was escalated to, and when; `reminders` how often it was
    urged again once it was at the top.
    """

    limit: str
    allowed: timedelta
    due_at: datetime
    due_date: date
    provisional: bool
    due_soon_at: datetime | None
    overdue_since: datetime | None
    climbed: tuple[tuple[Level, datetime], ...]
    reminders: int


def play(matter: Matter, policy: TrialPolicy, calendar: CalendarWindow) -> Outcome:
    """Registers the matter, lets time pass until it was answered, and reads what happened from its events."""
    resolved = policy.for_class(matter.category)
    registered = CaseRegistered(
        case_no=_CASE_NO,
        intake_id="",
        case_kind=CaseKind.HELP,
        source="import",
        urgency=Urgency.ORDINARY,
        category=matter.category,
        region_code=None,
        level=matter.level,
        centres=_CENTRES,
        policy=resolved,
        calendar=calendar,
        rules_version=RULES_VERSION,
    )
    begin = Registration(at=matter.submitted_at, actor=CLOCKWORK, event=registered)
    waited = clocks_run_out(register(begin, matter.submitted_at).state, matter.ended_at)
    if matter.answered:
        # An answer at the very moment of the due time is in time: this takes the breach back.
        meet(waited, ClockName.CITIZEN)
    citizen = waited.state.clocks[ClockName.CITIZEN]
    happened = [(record.at, record.event) for record in waited.events]
    return Outcome(
        limit=str(citizen.limit),
        allowed=citizen.due_at - citizen.started_at,
        due_at=citizen.due_at,
        due_date=citizen.due_date,
        provisional=citizen.provisional,
        due_soon_at=citizen.warned_at,
        overdue_since=citizen.breached_at,
        climbed=tuple((event.to_level, at) for at, event in happened if isinstance(event, Escalated)),
        reminders=sum(
            event.times for _, event in happened if isinstance(event, RungReached) and event.rung is Rung.URGE_AGAIN
        ),
    )
