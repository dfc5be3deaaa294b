"""Every name in code that people can meet has its Chinese words."""

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import get_args

import pytest

from api.authorisation import Authorised
from api.pages import mediation_words as m
from api.pages import moments, resident_words, sentences
from api.pages import words as w
from api.pages.case_steps import CASE_STEPS
from api.pages.mediation_sentences import OF_MEDIATION
from api.pages.mediation_steps import MEDIATION_STEPS
from api.pages.refusals import SENTENCES
from api.pages.task_steps import TASK_STEPS
from api.party_bodies import Authority
from api.risk_views import EFFECTS
from api.routes import case_commands, case_dispatch, case_links, case_risks, mediation_talks, mediations, tasks
from infra.cities.load import YUNJIANG
from infra.cities.pack import Presence
from infra.cities.reader import read_city
from workflows.contracts import vocabulary as v
from workflows.contracts.clocks import CalendarWindow, Limit
from workflows.contracts.danger import DangerKind, ProtectionBody
from workflows.contracts.events import AnyEvent
from workflows.contracts.limitation import LimitationEffect, LimitationKind
from workflows.contracts.mediation import vocabulary as mv
from workflows.contracts.mediation.events import AnyMediationEvent
from workflows.contracts.mediation.policy import Entry, LimitStart
from workflows.contracts.risk import RiskReason
from workflows.rules.calendar import compile_calendar
from workflows.rules.day_strip import Reason, Verdict

ROOT = Path(__file__).parents[2]
CODE = re.compile(
    r"""(?:RuleViolation\(\s*|Problem\(\s*\d{3},\s*|of_field\([^,()]+,\s*|InvalidReport\(\s*|SweepRefused\(\s*|code=)"([a-z_]+)\""""
)
FLAG = re.compile(r"""^ {8}"([a-z_]+)": """, re.MULTILINE)
CALENDAR = compile_calendar(CalendarWindow(published_through=date(2026, 12, 31)))
MONDAY_MORNING = datetime(2026, 3, 9, 1, 0, tzinfo=UTC)


def test_every_code_of_rules_and_api_has_a_sentence() -> None:
    files = [*(ROOT / "workflows/rules").rglob("*.py"), *(ROOT / "api").rglob("*.py"), ROOT / "infra/intake.py"]
    files += (ROOT / "infra/sweeps").glob("*.py")
    codes = {code for file in files for code in CODE.findall(file.read_text(encoding="utf-8"))}
    assert len(codes) > 30
    assert codes - set(SENTENCES) == set()


def test_every_flag_and_mark_has_a_word() -> None:
    marks = set(FLAG.findall((ROOT / "api/pages/task_marks.py").read_text(encoding="utf-8")))
    assert len(marks) > 3
    assert marks | set(v.Flag) == set(w.FLAGS)


def test_every_preset_of_the_city_has_a_word() -> None:
    policies = read_city(YUNJIANG).policies.values()
    assert {preset for policy in policies for preset in policy.task_presets} <= set(w.PRESETS)


def test_every_kind_of_event_has_a_sentence() -> None:
    def kinds(events: object) -> set[str]:
        return {event.model_fields["kind"].default for event in get_args(events)}

    assert kinds(AnyEvent) == sentences.KINDS
    assert kinds(AnyMediationEvent) <= OF_MEDIATION.keys() | sentences.KINDS
    assert OF_MEDIATION.keys() <= kinds(AnyMediationEvent)


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (v.CaseStatus, w.STATUSES),
        (Presence, w.PRESENCES),
        (v.CaseStatus, resident_words.STATUSES),
        (v.TaskStatus, w.TASK_STATUSES),
        (v.TaskRole, w.TASK_ROLES),
        (v.CaseKind, w.KINDS),
        (v.Urgency, w.URGENCIES),
        (v.RiskLevel, w.RISKS),
        (v.Role, w.ROLES),
        (v.OwnerRole, w.OWNER_ROLES),
        (v.ClockName, w.CLOCKS),
        (v.Rung, w.RUNGS),
        (v.LimitUnit, w.LIMIT_UNITS),
        (v.DeclineGround, w.GROUNDS),
        (v.CallbackOutcome, w.OUTCOMES),
        (v.Solved, w.SOLVED),
        (v.PauseGround, w.PAUSE_GROUNDS),
        (v.News, resident_words.NEWS),
        (v.NoticeKind, w.NOTICES),
        (v.ServiceMethod, w.SERVICE_METHODS),
        (v.MoveCause, w.MOVE_CAUSES),
        (v.LegalRoute, w.LEGAL_ROUTES),
        (v.LegalRoute, resident_words.ROUTES),
        (v.SubjectType, w.SUBJECTS),
        (RiskReason, w.RISK_REASONS),
        (DangerKind, w.DANGERS),
        (ProtectionBody, w.PROTECTION_BODIES),
        (LimitationKind, w.LIMITATIONS),
        (LimitationEffect, EFFECTS),
        (Verdict, w.VERDICTS),
        (Reason, w.DAY_REASONS),
        (mv.Channel, m.CHANNELS),
        (mv.MediationForm, m.FORMS),
        (mv.DisputeType, m.DISPUTES),
        (mv.MediationStatus, m.STATUSES),
        (set(mv.MediationStatus) - mv.MEDIATION_ENDS, m.OWED),
        (mv.TrackStatus, m.TRACK_STATUSES),
        (mv.FailureCause, m.FAILURES),
        (mv.Side, m.SIDES),
        (mv.PartyKind, m.PARTY_KINDS),
        (mv.Capacity, m.CAPACITIES),
        (Authority, m.AUTHORITIES),
        (mv.Chosen, m.CHOSEN),
        (mv.Support, m.SUPPORTS),
        (mv.SessionForm, m.MEETINGS),
        (mv.SessionStatus, m.SESSION_STATUSES),
        (mv.AgreementForm, m.AGREEMENT_FORMS),
        (mv.AgreementEffect, m.EFFECTS),
        (mv.SignedBy, m.SIGNED_BY),
        (mv.SignatureMeans, m.SIGNATURE_MEANS),
        (mv.BarredClause, m.CLAUSES),
        (mv.FulfilmentStatus, m.FULFILMENTS),
        (mv.ConfirmationStatus, m.CONFIRMATIONS),
        (mv.Remedy, m.REMEDY_NAMES),
        (mv.Outside, m.OUTSIDE),
        (mv.OutsideAsk, m.ASKED),
        (mv.Paper, m.PAPERS),
        (v.UnitKind, m.UNIT_KINDS),
        (Entry, m.ENTRIES),
        (LimitStart, m.STARTS),
    ],
)
def test_every_value_has_a_word(names: type, words: dict[str, str]) -> None:
    assert set(names) == set(words)  # type: ignore[call-overload]


def test_pages_and_api_agree_on_what_a_step_is() -> None:
    # A body that may be left out is annotated as `Body | None`.
    def told(router: object) -> dict[str, tuple[object, object]]:
        found: dict[str, tuple[object, object]] = {}
        for route in router.routes:  # type: ignore[attr-defined]
            if "POST" in route.methods:
                notes = route.endpoint.__annotations__
                (guard,) = [note.dependency for note in notes["by"].__metadata__ if hasattr(note, "dependency")]
                assert isinstance(guard, Authorised)
                found[route.path.rpartition("/")[2]] = (guard.action, (get_args(notes["body"]) or (notes["body"],))[0])
        return found

    of_cases = (
        told(case_commands.router) | told(case_dispatch.router) | told(case_links.router) | told(case_risks.router)
    )
    of_cases |= told(mediations.opening)
    of_talks = told(mediations.router) | told(mediation_talks.router)
    for commands, steps in (
        (of_cases, CASE_STEPS),
        (told(tasks.router), TASK_STEPS),
        (of_talks, MEDIATION_STEPS),
    ):
        assert {name: (step.action, step.body) for name, step in steps.items()} == commands
    for step in (*CASE_STEPS.values(), *TASK_STEPS.values(), *MEDIATION_STEPS.values()):
        required = {field.name for field in step.fields if field.required}
        assert required == {name for name, field in step.body.model_fields.items() if field.is_required()}, step.name


@pytest.mark.parametrize(
    ("length", "told"),
    [
        (timedelta(days=3, hours=4, minutes=5), "3天4小时"),
        (timedelta(days=3), "3天"),
        (timedelta(hours=5, minutes=20), "5小时20分"),
        (timedelta(minutes=8, seconds=3), "8分3秒"),
        (timedelta(seconds=40), "40秒"),
        (timedelta(), "0秒"),
    ],
)
def test_a_span_is_told_by_its_two_largest_parts(length: timedelta, told: str) -> None:
    assert moments.span(length) == told


def test_a_limit_that_ends_at_midnight_ends_at_24_hours_of_its_last_day() -> None:
    assert moments.due(datetime(2026, 3, 9, 16, tzinfo=UTC), date(2026, 3, 9)) == "2026年3月9日（周一）24:00"
    assert moments.due_moment(datetime(2026, 3, 9, 16, tzinfo=UTC)) == "03-09 24:00"
    assert moments.due(datetime(2026, 3, 9, 9, 30, tzinfo=UTC), date(2026, 3, 9)) == "2026年3月9日（周一）17:30"


def test_working_limits_tell_how_much_office_time_is_left() -> None:
    due_at = datetime(2026, 3, 11, 9, 30, tzinfo=UTC)
    working = moments.office_time_left(Limit.parse("3 working_days"), due_at, MONDAY_MORNING, CALENDAR)
    assert working == "工作时间还剩2个工作日7小时"
    assert moments.office_time_left(Limit.parse("3 calendar_days"), due_at, MONDAY_MORNING, CALENDAR) is None
    assert moments.office_time_left(Limit.parse("3 working_days"), MONDAY_MORNING, due_at, CALENDAR) is None
