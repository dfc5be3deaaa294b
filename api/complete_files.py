"""The monthly list of mediations by whose complete files committees are paid (以案定补)."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession

from api.errors import Problem
from api.mediation_list import staff_names
from api.mediation_pack import missing_parts
from api.scope import visible
from api.tokens import Caller
from infra.channel_tables import NoChannelTable, newest_channel_table
from infra.directory_tables import Region
from infra.mediation_tables import Mediation, MediationEvent
from infra.papers.contents import ListedMediation
from infra.papers.vocabulary_words import DISPUTES
from infra.rosters import unit_names
from infra.tables import Case, TimelineEvent
from workflows.contracts.events import CallbackMade
from workflows.contracts.ids import region_prefix
from workflows.contracts.mediation import events as e
from workflows.contracts.mediation.policy import CaseRates
from workflows.contracts.mediation.state import MediationState
from workflows.contracts.vocabulary import UnitKind
from workflows.rules.calendar import local_date, midnight


@dataclass(frozen=True)
class CompleteFiles:
    """What the list of a month rests on; it is worked out and written in a thread."""

    month: date
    rates: CaseRates
    rows: Sequence[Any]
    sessions: dict[str, list[e.SessionRecorded]]
    called_back: frozenset[str]
    staff: dict[str, str]
    units: dict[str, str]

    @classmethod
    async def read(cls, session: AsyncSession, caller: Caller, month: date, region: str | None) -> "CompleteFiles":
        """The mediations with an agreement that ended in the month whose first local day is given.

        Raises:
            Problem: 409 `no_case_rates` if no channel table of the city says what a file is worth.
        """
        rates = await _rates(session)
        following = (month + timedelta(days=31)).replace(day=1)
        concluded: list[ColumnElement[bool]] = [
            Mediation.agreed_at.is_not(None),
            Mediation.ended_at >= midnight(month),
            Mediation.ended_at < midnight(following),
            visible(caller),
        ]
        if region is not None:
            concluded.append(Mediation.region_code.startswith(region_prefix(region)))
        found = (
            select(Mediation.mediation_no, Mediation.snapshot, Mediation.host_unit, Mediation.mediator_ids)
            .add_columns(Mediation.taken_up_at, Mediation.agreed_at, Mediation.ended_at, Mediation.case_no, Region.name)
            .join(Case, Case.case_no == Mediation.case_no)
            .outerjoin(Region, Region.code == Mediation.region_code)
            .where(*concluded)
            .order_by(Mediation.region_code, Mediation.host_unit, Mediation.mediation_no)
        )
        rows = (await session.execute(found)).all()
        names = await unit_names(session, {row.host_unit for row in rows})
        return cls(
            month=month,
            rates=rates,
            rows=rows,
            sessions=await _sessions(session, [row.mediation_no for row in rows]),
            called_back=await _called_back(session, [row.case_no for row in rows]),
            staff=await staff_names(session, {who for row in rows for who in row.mediator_ids}),
            units={unit_id: name.unit for unit_id, name in names.items()},
        )

    def written(self) -> bytes:
        """The list as XLSX: of people's mediation committees, who alone are paid by the case."""
        listed = [self._listed(row, MediationState.model_validate(row.snapshot)) for row in self.rows]
        paid = [one for one in listed if one is not None]
        from infra.papers.monthly_list import write_monthly_list  # noqa: PLC0415 - as in `PaperWriter.write`

        return write_monthly_list(self.month.year, self.month.month, paid, self.rates)

    def _listed(self, row: Any, state: MediationState) -> ListedMediation | None:
        agreement = state.agreement
        if agreement is None or state.tracks[agreement.track].host.kind != UnitKind.COMMITTEE:
            return None
        records = self.sessions[row.mediation_no]
        return ListedMediation(
            mediation_no=row.mediation_no,
            region=row.name or "",
            committee=self.units[row.host_unit],
            mediator="、".join(self.staff.get(who, who) for who in row.mediator_ids),
            dispute_type=DISPUTES[state.dispute.type],
            taken_up_on=local_date(row.taken_up_at or state.opened_at),
            agreed_on=local_date(row.agreed_at),
            fulfilled_on=local_date(row.ended_at),
            form=agreement.form,
            missing=missing_parts(state, records, called_back=row.case_no in self.called_back),
        )


async def _rates(session: AsyncSession) -> CaseRates:
    try:
        rates = (await newest_channel_table(session)).paid_per_case
    except NoChannelTable:
        rates = None
    if rates is None:
        raise Problem(409, "no_case_rates", "the city's channel table has no paid_per_case; add it and load the city")
    return rates


async def _sessions(session: AsyncSession, numbers: Sequence[str]) -> dict[str, list[e.SessionRecorded]]:
    kind = e.SessionRecorded.model_fields["kind"].default
    found = (
        select(MediationEvent.mediation_no, MediationEvent.record["event"])
        .where(MediationEvent.mediation_no.in_(numbers), MediationEvent.kind == kind)
        .order_by(MediationEvent.mediation_no, MediationEvent.seq)
    )
    records: dict[str, list[e.SessionRecorded]] = defaultdict(list)
    for number, event in await session.execute(found):
        records[number].append(e.SessionRecorded.model_validate(event))
    return records


async def _called_back(session: AsyncSession, case_nos: Sequence[str]) -> frozenset[str]:
    kind = CallbackMade.model_fields["kind"].default
    found = select(TimelineEvent.case_no).where(TimelineEvent.case_no.in_(case_nos), TimelineEvent.kind == kind)
    return frozenset(await session.scalars(found.distinct()))
