"""Folds what happened between centres and units, and between cases, into the state of a case. Decides nothing."""

from typing import Any

from workflows.contracts import events as e
from workflows.contracts.events import Recorded
from workflows.contracts.mediation.of_case import MediationOfCase
from workflows.contracts.mediation.vocabulary import MEDIATION_ENDS, MediationStatus
from workflows.contracts.state import CaseState, Notice, Referral
from workflows.contracts.vocabulary import END_STATUSES, CaseStatus, TaskStatus

ANSWERED = frozenset({CaseStatus.VERIFIED, CaseStatus.CLOSED})
"""A main case came to a result about which every reporter is asked."""


def between(state: CaseState, record: Recorded) -> dict[str, Any]:  # noqa: C901, PLR0911, PLR0912 - one case an event, no logic
    """What changes with an event between centres and units; nothing for any other."""
    match record.event:
        case e.WhistleRequested():
            return {"whistle_asked_by": record.actor.id}
        case e.WhistleRequestDecided():
            return {"whistle_asked_by": None}
        case e.Whistled(power_holder=holder):
            return {"power_holder": holder}
        case e.Referred(referral_no=number, unit=unit):
            return {"referrals": {**state.referrals, number: Referral(unit=unit)}}
        case e.ReferralRecorded(referral_no=number, outcome=outcome):
            now = state.referrals[number].model_copy(update={"received": True, "ended": outcome is not None})
            return {"referrals": {**state.referrals, number: now}}
        case e.AssignedDown(to_level=level):
            return {"level": level, "escalated_by": None}
        case e.HostNamed() as event:
            all_of_them = (*([state.region_code] if state.region_code else []), *state.regions)
            others = tuple(code for code in all_of_them if code != event.region_code)
            named = {"region_code": event.region_code, "centres": event.centres, "level": event.level}
            return {**named, "regions": others, "host_level": None, "escalated_by": None}
        case e.UnitSucceeded() as event:
            return _succeeded(state, event)
        case e.ReportInRated(task_no=task_no):
            return _task(state, task_no, report_in_rated=True)
        case e.WhistleRated(task_no=task_no):
            return _task(state, task_no, whistle_rated=True)
        case e.NoticeIssued(notice_no=number, notice=kind):
            return {"notices": {**state.notices, number: Notice(notice=kind, issued_at=record.at)}}
        case e.MediationBegun(mediation_no=number):
            begun = {**state.mediations, number: MediationOfCase()}
            return {"mediations": begun, "status": CaseStatus.IN_MEDIATION}
        case e.MediationFollowed() as event:
            return _followed(state, event)
        case e.MediationLost(mediation_no=number):
            return _mediation(state, number, lost=True)
        case e.MediationRebuilt(mediation_no=number):
            return _mediation(state, number, lost=False)
        case e.NoticeServed(notice_no=number, served_at=served_at):
            served = state.notices[number].model_copy(update={"served_at": served_at})
            return {"notices": {**state.notices, number: served}}
        case _:
            return {}


def linked(state: CaseState, record: Recorded) -> dict[str, Any]:  # noqa: C901, PLR0911, PLR0912 - one case an event
    """What changes with an event that binds the case to others or leads it away; nothing for any other."""
    match record.event:
        case e.CaseMerged(into=into):
            return {**ENDED, "status": CaseStatus.MERGED, "merged_into": into}
        case e.CaseTakenIn(case_no=case_no, subjects=subjects):
            new = tuple(subject for subject in subjects if subject not in state.subjects)
            return {"merged": (*state.merged, case_no), "subjects": (*state.subjects, *new)}
        case e.CasesSplitOff(case_nos=case_nos):
            return {"merged": tuple(case_no for case_no in state.merged if case_no not in case_nos)}
        case e.MainConcluded(status=status, units=units, judges=judges):
            concluded = status if status in {CaseStatus.VERIFIED, *END_STATUSES} else None
            asked_anew: dict[str, Any] = {"rating": None, "solved": None, "failed_callbacks": ()}
            return {
                **(asked_anew if status in ANSWERED else {}),
                "main_status": concluded,
                "main_units": units,
                "main_judges": judges,
            }
        case e.SplitFromMain():
            own = {"merged_into": None, "main_status": None, "main_units": (), "main_judges": ()}
            accepted_at = state.accepted_at or record.at
            return {**own, "status": CaseStatus.ACCEPTED, "accepted_at": accepted_at, "alone_since": record.at}
        case e.CaseDivided(part=part) | e.HazardKept(part=part):
            return {"children": (*state.children, part.case_no)}
        case e.CasesGathered(case_nos=case_nos):
            return {"gathered": (*state.gathered, *case_nos)}
        case e.IssueJoined(main=main):
            return {"common_issue": main}
        case e.TransferAsked():
            return {"transfer_asked": True}
        case e.TransferRefused():
            return {"transfer_asked": False}
        case e.CaseTransferred():
            return {**ENDED, "status": CaseStatus.TRANSFERRED}
        case e.LegalRouteTaken():
            return {**ENDED, "status": CaseStatus.LEGAL_ROUTE}
        case _:
            return {}


ENDED: dict[str, Any] = {"withdrawal_asked": False, "transfer_asked": False, "whistle_asked_by": None}
"""What nobody has to decide any more."""


def _task(state: CaseState, task_no: str, **changes: Any) -> dict[str, Any]:
    return {"tasks": {**state.tasks, task_no: state.tasks[task_no].model_copy(update=changes)}}


def _succeeded(state: CaseState, event: e.UnitSucceeded) -> dict[str, Any]:
    new = event.new.unit_id
    tasks = {
        number: task.model_copy(update={"unit": event.new}) if number in event.task_nos else task
        for number, task in state.tasks.items()
    }
    centres = {level: new if centre == event.old else centre for level, centre in state.centres.items()}
    subjects = tuple(
        subject.model_copy(update={"id": new}) if subject.id == event.old else subject for subject in state.subjects
    )
    referrals = {
        number: referral.model_copy(update={"unit": event.new})
        if referral.unit.unit_id == event.old and not referral.ended
        else referral
        for number, referral in state.referrals.items()
    }
    return {"tasks": tasks, "centres": centres, "subjects": subjects, "referrals": referrals}


def _mediation(state: CaseState, number: str, **changes: Any) -> dict[str, Any]:
    changed = state.mediations[number].model_copy(update=changes)
    return {"mediations": {**state.mediations, number: changed}}


def _followed(state: CaseState, event: e.MediationFollowed) -> dict[str, Any]:
    told = event.model_dump(include={"owner_role", "owner_unit", "due", "applied"})
    changes = _mediation(state, event.mediation_no, seq=event.mediation_seq, status=event.status, **told)
    if not state.is_talked_out:
        return changes
    if event.status in MEDIATION_ENDS:
        return {**changes, "status": _as_before(state)}
    agreed = event.status is MediationStatus.AGREED
    return {**changes, "status": CaseStatus.AGREED if agreed else CaseStatus.IN_MEDIATION}


def _as_before(state: CaseState) -> CaseStatus:
    """Where the case is without its mediation: with the units, or with the centre."""
    at_it = {TaskStatus.REPORTED_IN, TaskStatus.FINISHED}
    if state.lead_task is None and not state.open_tasks:
        return CaseStatus.ACCEPTED
    began = any(task.status in at_it for task in state.tasks.values() if task.round == state.round)
    return CaseStatus.IN_PROGRESS if began else CaseStatus.DISPATCHED
