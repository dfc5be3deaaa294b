"""Referrals to other authorities' systems and applications to courts, in the form of Standard Webhooks."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import httpx
from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.webhooks import deliver
from infra.database import Sessions
from infra.directory_tables import Unit
from infra.mediation_tables import Mediation, MediationPerson
from infra.tables import AuditEntry, Case, Wording
from workflows.contracts.effects import AskOutside
from workflows.contracts.mediation.people import Party
from workflows.contracts.mediation.state import Agreement, MediationState
from workflows.contracts.mediation.vocabulary import MediationForm, Outside, OutsideAsk
from workflows.contracts.start import EffectOrder
from workflows.rules.calendar import local_date

_TYPES = {OutsideAsk.REFERRAL: "mediation.referred", OutsideAsk.CONFIRMATION: "mediation.confirmation_applied"}
_CALLS_THE_PARTIES = frozenset({Outside.COURT, Outside.PETITION_OFFICE, Outside.POLICE})
"""A procuratorate reviews what others mediate: it gets no phone numbers."""


class OutsideSystems:
    """Asks other authorities. `base_url` is the root of our own API, which they answer to."""

    def __init__(self, sessions: Sessions, http: httpx.AsyncClient, *, base_url: str) -> None:
        self._sessions = sessions
        self._http = http
        self._base_url = base_url

    @activity.defn
    async def ask_outside(self, order: EffectOrder) -> None:
        """Posts what is asked, with as much of the parties as the receiver needs, which goes on record as a look.

        A unit without an endpoint gets it on paper, and somebody records what it answers.

        Raises:
            ApplicationError: `refused` and `unavailable` as `deliver` has them.
        """
        effect = order.effect
        if not isinstance(effect, AskOutside):
            raise ApplicationError("wrong_effect", type="wrong_effect", non_retryable=True)
        async with self._sessions.begin() as session:
            unit = await session.get(Unit, effect.unit_id)
            if unit is None or unit.endpoint is None:
                return
            body = await self._body(session, effect)
        await deliver(self._http, unit.endpoint, effect.id, body, unit.secret)

    async def _body(self, session: AsyncSession, effect: AskOutside) -> bytes:
        row = await session.get_one(Mediation, effect.mediation_no)
        state = MediationState.model_validate(row.snapshot)
        phones = effect.system in _CALLS_THE_PARTIES
        case = await session.get_one(Case, state.case_no)
        takes_over = effect.ask is OutsideAsk.REFERRAL
        asked: dict[str, Any] = {
            "type": _TYPES[effect.ask],
            "mediation_no": effect.mediation_no,
            "case_no": state.case_no,
            "system": effect.system.value,
            "unit_id": effect.unit_id,
            "ask": effect.ask.value,
            "form": _form(state, effect),
            "dispute_type": state.dispute.type.value,
            "region_code": state.region_code,
            "summary": {"title": case.title} | ({"description": case.description} if takes_over else {}),
            "parties": await _parties(session, state.parties.values(), phones=phones),
            "reply_to": f"{self._base_url}/api/v1/hooks/{effect.system.value}",
        }
        if effect.ask is OutsideAsk.CONFIRMATION and state.agreement is not None:
            asked["agreement"] = await _agreement(session, state.agreement, state)
        await _note_look(session, effect, state, phones=phones)
        return json.dumps(asked, ensure_ascii=False).encode()


def _form(state: MediationState, effect: AskOutside) -> MediationForm | None:
    """That of the track which was referred last, or which the agreement came out of."""
    if effect.ask is OutsideAsk.CONFIRMATION:
        return state.tracks[state.agreement.track].form if state.agreement else None
    referred = [track.form for track in state.tracks.values() if track.referred_to is effect.system]
    return referred[-1] if referred else None


async def _parties(session: AsyncSession, parties: Iterable[Party], *, phones: bool) -> list[dict[str, Any]]:
    named = list(parties)
    ids = [UUID(one) for party in named for one in _people_of(party)]
    rows = await session.scalars(select(MediationPerson).where(MediationPerson.person_id.in_(ids)))
    people = {str(row.person_id): row for row in rows}

    def contact(person_id: str) -> dict[str, str | None]:
        person = people.get(person_id)
        shown = {"name": person.name if person else None}
        return shown | ({"phone": person.phone if person else None} if phones else {})

    return [
        {
            "party_no": party.party_no,
            "side": party.side.value,
            "kind": party.kind.value,
            **contact(party.person_id),
            "guardian": contact(party.guardian) if party.guardian else None,
            "representatives": [contact(one) for one in party.representatives],
        }
        for party in named
    ]


def _people_of(party: Party) -> list[str]:
    return [party.person_id, *([party.guardian] if party.guardian else []), *party.representatives]


async def _agreement(session: AsyncSession, agreement: Agreement, state: MediationState) -> dict[str, Any]:
    items = agreement.items.values()
    ids = [agreement.terms, *(item.what for item in items)]
    found = await session.execute(select(Wording.text_id, Wording.body).where(Wording.text_id.in_(filter(None, ids))))
    words = {row.text_id: row.body for row in found}
    effective = agreement.effective_at
    return {
        "effective_on": local_date(effective).isoformat() if effective else None,
        "terms": words.get(agreement.terms or ""),
        "promises": [
            {
                "promisor": item.promisor,
                "to": item.to,
                "what": words.get(item.what),
                "due": item.due.isoformat() if item.due else None,
                "amount": item.amount,
            }
            for item in items
        ],
        "papers": [{"paper_no": number, "paper": paper.paper.value} for number, paper in state.papers.items()],
    }


async def _note_look(session: AsyncSession, effect: AskOutside, state: MediationState, *, phones: bool) -> None:
    """Once for all tries: it is the same unit that gets to know the same."""
    look = insert(AuditEntry).values(
        at=datetime.now(UTC),
        actor=effect.unit_id,
        action="read_parties",
        case_no=state.case_no,
        command_id=effect.id,
        outcome="told",
        detail={
            "mediation_no": effect.mediation_no,
            "system": effect.system.value,
            "ask": effect.ask.value,
            "parties": sorted(state.parties),
            "phones": phones,
        },
    )
    # Written out, since the server finds the partial index by its condition.
    unrefused = text("outcome <> 'refused'")
    await session.execute(look.on_conflict_do_nothing(index_elements=["command_id"], index_where=unrefused))
