"""Parts of a matter that go on as cases of their own: taken in as their parent's decision is recorded, exactly once."""

import secrets
from collections.abc import Sequence
from uuid import NAMESPACE_URL, uuid5

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from infra.case_rows import add_case
from infra.directory import UnknownRegionError
from infra.intake import new_tracking_code
from infra.subjects import Bearing, bearing_of
from infra.tables import Case, Intake, Wording
from workflows.contracts import events as e
from workflows.contracts.events import Recorded
from workflows.contracts.link_commands import Part
from workflows.contracts.state import CaseState
from workflows.rules.calendar import local_date

_ONLY_THE_PARENTS = frozenset({"group", "pending_procedure", "regions"})


async def take_in_children(session: AsyncSession, parent: CaseState, fresh: Sequence[Recorded]) -> None:
    """Intake and case for every part among these events of the parent; the relay starts them like any other.

    What was divided off keeps the parent's time of registration, requester and tracking code, whose PIN counts for it.
    A hazard that outlives a withdrawn matter is nobody's own: it begins when it was found, without a requester.
    """
    for record in fresh:
        match record.event:
            case e.CaseDivided(part=part):
                await _take_in(session, parent, record, part, is_hers=True)
            case e.HazardKept(part=part):
                await _take_in(session, parent, record, part, is_hers=False)
            case _:
                pass


async def _take_in(session: AsyncSession, parent: CaseState, record: Recorded, part: Part, *, is_hers: bool) -> None:
    of, case = (await session.execute(select(Intake, Case).join(Case).where(Case.case_no == parent.case_no))).one()
    words = dict(
        (
            await session.execute(
                select(Wording.text_id, Wording.body).where(Wording.text_id.in_([part.title, part.description]))
            )
        ).all()
    )
    title, description = words.get(part.title, ""), words.get(part.description, "")
    intake_id = uuid5(NAMESPACE_URL, f"{parent.case_no}/{record.seq}")
    registered_at = parent.registered_at if is_hers else record.at
    code = of.tracking_code if is_hers else new_tracking_code()
    kept = {name: value for name, value in of.details.items() if name not in _ONLY_THE_PARENTS}
    own = {
        "kind": part.case_kind.value,
        "category": part.category,
        "region_code": parent.region_code,
        "anonymous": not is_hers or of.details.get("anonymous"),
    }
    taken = (
        insert(Intake)
        .values(
            id=intake_id,
            case_no=part.case_no,
            source=of.source,
            tracking_code=code,
            pin_hash=of.pin_hash if is_hers else secrets.token_hex(),
            actor=record.actor.model_dump(mode="json"),
            received_at=record.recorded_at,
            registered_at=registered_at,
            details=kept | own,
            trace_parent=of.trace_parent,
            parent=parent.case_no,
            parent_seq=record.seq,
        )
        .on_conflict_do_nothing(index_elements=["parent", "parent_seq"])
        .returning(Intake.id)
    )
    if await session.scalar(taken) is None:
        return
    child = Case(
        case_no=part.case_no,
        intake_id=intake_id,
        tracking_code=code,
        title=title,
        description=description,
        location=case.location,
        requester_id=case.requester_id if is_hers else None,
        kind=part.case_kind.value,
        source=of.source,
        urgency=case.urgency,
        category=part.category,
        region_code=parent.region_code,
        registered_at=registered_at,
        hidden_from=case.hidden_from,
        concerned=case.concerned,
    )
    try:
        told = of.details.get("subjects", [])
        bearing = await bearing_of(session, part.case_kind, parent.region_code, told, local_date(record.recorded_at))
    except UnknownRegionError:
        # The city let go of that region meanwhile: whoever may carry the parent keeps the part until somebody looks.
        bearing = Bearing(parent.centres)
    await add_case(session, child, bearing)
