"""The events of a case as the rules decide them, without a workflow around it."""

from datetime import timedelta
from typing import Any

from tests.driving import DISPATCHER
from tests.fixed_calendar import fixed_calendar
from tests.rules.calendar_2026 import at
from workflows.contracts import commands as c
from workflows.contracts.actors import Actor
from workflows.contracts.clocks import Limit
from workflows.contracts.events import CaseRegistered, Recorded
from workflows.contracts.policy import CasePolicy, ClockPolicy, ExtensionPolicy
from workflows.contracts.start import Registration
from workflows.contracts.state import CaseState
from workflows.contracts.vocabulary import CaseKind, ClockName, Level, Role, Urgency
from workflows.rules.decide import clocks_run_out, decide, register
from workflows.rules.decision import Decision
from workflows.rules.version import RULES_VERSION

BEGIN = at("2026-03-02T09:00")
"""A Monday; the case of every story is registered then."""


class Story:
    """What has happened so far, in `events`, and the `state` it has led to."""

    def __init__(self, case_no: str) -> None:
        self.case_no = case_no
        self.task_no = f"{case_no}-T1"
        self.events: list[Recorded] = []
        self.state = self._note(register(_registration(case_no), BEGIN))

    def does(self, kind: type[c.AnyCommand], by: Actor = DISPATCHER, *, after: timedelta, **fields: Any) -> "Story":
        """A command, so long after the registration."""
        command = kind(command_id=f"c{len(self.events)}", actor=by, **fields)
        self.state = self._note(decide(self.state, command, BEGIN + after))
        return self

    def waits(self, after: timedelta) -> "Story":
        """What happens by itself until then."""
        self.state = self._note(clocks_run_out(self.state, BEGIN + after))
        return self

    def _note(self, decision: Decision) -> CaseState:
        self.events += decision.events
        return decision.state


def _registration(case_no: str) -> Registration:
    def limit(text: str) -> ClockPolicy:
        return ClockPolicy(limit=Limit.parse(text), source="[default] test")

    more_time = ExtensionPolicy(
        at_most=Limit.parse("10 working_days"), approver=Role.SUPERVISOR, source="[law] 信访工作条例34"
    )
    finish = limit("3 working_days").model_copy(update={"extension": more_time})
    policy = CasePolicy(
        name="test",
        version=1,
        case_limits={
            ClockName.CITIZEN: limit("5 working_days from registered"),
            ClockName.ACCEPT: limit("4 working_hours from registered"),
            ClockName.DISPATCH: limit("4 working_hours"),
            ClockName.VERIFY: limit("2 working_days"),
            ClockName.CALLBACK: limit("3 working_days"),
            ClockName.LEVEL: limit("3 working_days"),
            ClockName.ARCHIVE_AFTER: limit("180 calendar_days"),
        },
        task_presets={
            "test": {ClockName.SIGN: limit("2 working_hours"), ClockName.FINISH: finish},
        },
        default_task_preset="test",
    )
    return Registration(
        at=BEGIN,
        actor=DISPATCHER,
        event=CaseRegistered(
            case_no=case_no,
            intake_id="intake",
            case_kind=CaseKind.HELP,
            source="test",
            urgency=Urgency.ORDINARY,
            category=None,
            region_code=None,
            level=Level.TOWNSHIP,
            centres={Level.TOWNSHIP: "centre-t", Level.COUNTY: "centre-c", Level.CITY: "centre"},
            policy=policy,
            calendar=fixed_calendar(2026),
            rules_version=RULES_VERSION,
        ),
    )
