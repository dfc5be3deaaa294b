"""What the API shows of a case's ties: to other cases, to bodies that were asked, to those it is about."""

from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum

from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from api.scope import SEALED, WITHOUT_CONTENTS, reads_wording, visible
from api.tokens import AT_A_CENTRE, Caller
from infra.rosters import unit_names
from infra.tables import Case, Intake
from workflows.contracts.state import CaseState
from workflows.contracts.vocabulary import CaseStatus, Flag, Role, SubjectType
from workflows.rules.closing import wants_explanation
from workflows.rules.flags import flags

_SEES_SUBJECTS = AT_A_CENTRE | {Role.AUDITOR}


class LinkedCase(BaseModel):
    """Another case that the viewer may see; `tracking_code` is null for systems."""

    case_no: str
    title: str
    status: CaseStatus
    tracking_code: str | None


class ReferralView(BaseModel):
    """A unit that was asked without a date (移送、商请): `received` once it has it, `ended` with the outcome."""

    referral_no: str
    unit_id: str
    unit_name: str
    received: bool
    ended: bool


class SubjectView(BaseModel):
    """Whom the matter is about; `id` of units and staff for the centre and auditors only."""

    type: SubjectType
    id: str | None


class Explanation(StrEnum):
    """How far the explanation is that nothing more is done for a requester who is not content; two persons sign it."""

    WANTED = "wanted"
    SIGNED_ONCE = "signed_once"
    SIGNED = "signed"


class Ties(BaseModel):
    """What binds a case to others and to those around it. Of other cases only those that the viewer may see are here.

    `merged` go on in this case, of which `reports` counts all and the case's own; `main_status` is what the case that
    this one was merged into came to. `gathered` have an issue in common, which `common_issue` carries. `children` were
    divided off, or are hazards that outlived a withdrawal; `parent` is the case that this one came from.
    """

    merged: list[LinkedCase] = []
    reports: int = 1
    merged_into: LinkedCase | None = None
    main_status: CaseStatus | None = None
    gathered: list[LinkedCase] = []
    common_issue: LinkedCase | None = None
    children: list[LinkedCase] = []
    parent: LinkedCase | None = None
    referrals: list[ReferralView] = []
    subjects: list[SubjectView] = []
    headcount: int | None = None
    pending_procedure: bool = False
    regions: list[str] = []
    host_wanted: bool = False
    whistle_asked: bool = False
    transfer_asked: bool = False
    explanation: Explanation | None = None


async def read_ties(session: AsyncSession, state: CaseState | None, by: Caller) -> Ties:
    """The ties of a case in this state, for this viewer; none before it was started."""
    if state is None:
        return Ties()
    parent = await session.scalar(select(Intake.parent).where(Intake.case_no == state.case_no))
    others = {*state.merged, *state.gathered, *state.children, parent, state.merged_into, state.common_issue} - {None}
    seen = await _linked(session, [case_no for case_no in others if case_no is not None], by)
    raised = flags(state)
    return Ties(
        merged=_of(seen, state.merged),
        reports=1 + len(state.merged),
        merged_into=seen.get(state.merged_into or ""),
        main_status=state.main_status,
        gathered=_of(seen, state.gathered),
        common_issue=seen.get(state.common_issue or ""),
        children=_of(seen, state.children),
        parent=seen.get(parent or ""),
        referrals=await _referrals(session, state),
        subjects=[
            SubjectView(type=subject.type, id=subject.id if by.role in _SEES_SUBJECTS else None)
            for subject in state.subjects
        ],
        headcount=state.headcount,
        pending_procedure=state.pending_procedure,
        regions=list(state.regions),
        host_wanted=Flag.HOST_WANTED in raised,
        whistle_asked=Flag.WHISTLE_ASKED in raised,
        transfer_asked=Flag.TRANSFER_ASKED in raised,
        explanation=_explanation(state),
    )


def _of(seen: Mapping[str, LinkedCase], case_nos: Sequence[str]) -> list[LinkedCase]:
    return [seen[case_no] for case_no in case_nos if case_no in seen]


async def _linked(session: AsyncSession, case_nos: Collection[str], by: Caller) -> dict[str, LinkedCase]:
    if not case_nos:
        return {}
    found = select(Case).where(Case.case_no.in_(case_nos), visible(by)).options(*WITHOUT_CONTENTS)
    return {
        case.case_no: LinkedCase(
            case_no=case.case_no,
            title=case.title if reads_wording(by, case) else SEALED,
            status=CaseStatus(case.status),
            tracking_code=case.tracking_code if by.role is not Role.SYSTEM else None,
        )
        for case in await session.scalars(found)
    }


async def _referrals(session: AsyncSession, state: CaseState) -> list[ReferralView]:
    names = await unit_names(session, {referral.unit.unit_id for referral in state.referrals.values()})
    return [
        ReferralView(
            referral_no=number,
            unit_id=referral.unit.unit_id,
            unit_name=names[referral.unit.unit_id].unit,
            received=referral.received,
            ended=referral.ended,
        )
        for number, referral in state.referrals.items()
    ]


def _explanation(state: CaseState) -> Explanation | None:
    if state.explained:
        return Explanation.SIGNED
    if not wants_explanation(state):
        return None
    return Explanation.WANTED if state.explanation_signed_by is None else Explanation.SIGNED_ONCE
