"""What other authorities' systems are sent of a mediation, and what goes on record about it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi import Response
from sqlalchemy import select
from standardwebhooks import Webhook
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.outside import OutsideSystems
from infra.mediation_tables import Mediation, MediationPerson
from infra.tables import AuditEntry, Wording
from tests.activities.fake_department import SECRET, Department, department
from tests.fixed_calendar import fixed_calendar
from tests.installation import Installation
from workflows.contracts.clocks import Limit
from workflows.contracts.effects import AskOutside
from workflows.contracts.ids import TextId
from workflows.contracts.mediation.people import Dispute, Host, Party
from workflows.contracts.mediation.policy import MediationPolicy
from workflows.contracts.mediation.state import Agreement, Item, MediationState, Track
from workflows.contracts.mediation.vocabulary import (
    AgreementForm,
    DisputeType,
    MediationForm,
    Outside,
    OutsideAsk,
    Side,
)
from workflows.contracts.start import EffectOrder
from workflows.contracts.vocabulary import Level

EFFECTIVE = datetime(2026, 9, 2, 2, 0, tzinfo=UTC)


@dataclass
class Sending:
    """A mediation on record and the activity that asks an authority about it."""

    place: Installation
    state: MediationState
    unit: Department

    async def ask(self, system: Outside = Outside.COURT, ask: OutsideAsk = OutsideAsk.REFERRAL) -> None:
        effect = AskOutside(
            id=f"{self.state.mediation_no}-E1",
            mediation_no=self.state.mediation_no,
            system=system,
            ask=ask,
            unit_id=self.unit.unit.unit_id,
        )
        async with httpx.AsyncClient(timeout=5) as http:
            outside = OutsideSystems(self.place.sessions, http, base_url="http://yingshao.test")
            order = EffectOrder(case_no=self.state.case_no, effect=effect)
            await ActivityEnvironment().run(outside.ask_outside, order)

    async def looks(self) -> list[AuditEntry]:
        rows = select(AuditEntry).where(AuditEntry.case_no == self.state.case_no)
        async with self.place.sessions() as session:
            return list(await session.scalars(rows))


@asynccontextmanager
async def _mediation(place: Installation, *answers: Response) -> AsyncIterator[Sending]:
    """A minor with her guardian against a neighbour, agreed in the people's channel, referred to a court before."""
    driver = place.driver()
    case_no = await driver.register()
    people = [
        MediationPerson(person_id=uuid4(), case_no=case_no, role=role, name=name, phone=phone, id_document="990102X")
        for role, name, phone in (
            ("party", "甲", "1390000"),
            ("guardian", "甲母", "1390001"),
            ("party", "乙", "1390002"),
        )
    ]
    child, mother, neighbour = (str(person.person_id) for person in people)
    texts = {name: TextId(f"{case_no}-{name}") for name in ("terms", "what")}
    promise = Item(item_no="I1", promisor="P2", to="P1", what=texts["what"], due=date(2026, 10, 9), amount=50_000)
    host = Host(unit_id="committee-1", kind="committee")
    state = MediationState(
        mediation_no=f"{case_no}-M1",
        case_no=case_no,
        dispute=Dispute(type=DisputeType.NEIGHBOUR),
        parties={
            "P1": Party(party_no="P1", side=Side.APPLICANT, person_id=child, guardian=mother),
            "P2": Party(party_no="P2", side=Side.RESPONDENT, person_id=neighbour),
        },
        region_code="990102001001",
        level=Level.TOWNSHIP,
        centres={Level.TOWNSHIP: "centre-t"},
        policy=MediationPolicy(name="t", version=1, channels={}, limits={}, reminder=Limit.parse("1 working_days")),
        calendar=fixed_calendar(2026),
        rules_version=4,
        opened_at=EFFECTIVE,
        last_at=EFFECTIVE,
        seq=1,
        tracks={
            1: Track(number=1, form=MediationForm.PEOPLE, host=host),
            2: Track(number=2, form=MediationForm.COURT_BEFORE_FILING, host=host, referred_to=Outside.COURT),
        },
        agreement=Agreement(
            track=1, form=AgreementForm.WRITTEN, terms=texts["terms"], items={"I1": promise}, effective_at=EFFECTIVE
        ),
    )
    async with department(place.sessions, *answers) as unit:
        async with place.sessions.begin() as session:
            session.add_all(people)
            for text_id, body in zip(texts.values(), ("修好楼上水管", "赔偿五百元"), strict=True):
                session.add(Wording(text_id=text_id, case_no=case_no, author="m", body=body, written_at=EFFECTIVE))
            session.add(
                Mediation(
                    mediation_no=state.mediation_no,
                    case_no=case_no,
                    dispute_type=state.dispute.type.value,
                    level=state.level.value,
                    status=state.status.value,
                    opened_at=EFFECTIVE,
                    snapshot=state.model_dump(mode="json"),
                )
            )
        yield Sending(place, state, unit)


async def test_a_referral_carries_what_the_court_needs_to_call_the_parties_and_the_look_is_on_record(
    apart: Installation,
) -> None:
    async with _mediation(apart, Response(None, 409)) as sending:
        await sending.ask()
        await sending.ask()
        (signal, _) = await sending.unit.signals(2)
        looks = await sending.looks()
    Webhook(SECRET).verify(signal.raw.decode(), signal.headers)
    state, body = sending.state, signal.body
    assert signal.id == f"{state.mediation_no}-E1"
    parties = body.pop("parties")
    assert body == {
        "type": "mediation.referred",
        "mediation_no": state.mediation_no,
        "case_no": state.case_no,
        "system": "court",
        "unit_id": sending.unit.unit.unit_id,
        "ask": "referral",
        "form": "court_before_filing",
        "dispute_type": "neighbour",
        "region_code": "990102001001",
        "summary": {"title": "路灯不亮", "description": "巷口的路灯坏了三天"},
        "reply_to": "http://yingshao.test/api/v1/hooks/court",
    }
    shared = {"kind": "person", "representatives": []}
    guardian = {"name": "甲母", "phone": "1390001"}
    assert parties == [
        {"party_no": "P1", "side": "applicant", "name": "甲", "phone": "1390000", "guardian": guardian, **shared},
        {"party_no": "P2", "side": "respondent", "name": "乙", "phone": "1390002", "guardian": None, **shared},
    ]
    assert [(look.actor, look.action, look.detail["parties"]) for look in looks] == [
        (sending.unit.unit.unit_id, "read_parties", ["P1", "P2"])
    ]


async def test_an_application_carries_the_agreement_and_not_what_led_to_it(apart: Installation) -> None:
    async with _mediation(apart) as sending:
        await sending.ask(ask=OutsideAsk.CONFIRMATION)
        (signal,) = await sending.unit.signals(1)
    assert (signal.body["type"], signal.body["form"]) == ("mediation.confirmation_applied", "people")
    assert signal.body["summary"] == {"title": "路灯不亮"}
    promise = {"promisor": "P2", "to": "P1", "what": "赔偿五百元", "due": "2026-10-09", "amount": 50_000}
    assert signal.body["agreement"] == {
        "effective_on": "2026-09-02",
        "terms": "修好楼上水管",
        "promises": [promise],
        "papers": [],
    }


async def test_a_procuratorate_gets_no_phone_numbers(apart: Installation) -> None:
    async with _mediation(apart) as sending:
        await sending.ask(Outside.PROCURATORATE)
        (signal,) = await sending.unit.signals(1)
    assert [party["name"] for party in signal.body["parties"]] == ["甲", "乙"]
    assert "139000" not in signal.raw.decode()


@pytest.mark.parametrize(("status", "expected"), [(503, ("unavailable", False)), (422, ("refused", True))])
async def test_one_in_trouble_is_tried_again_and_a_refusal_is_final(
    apart: Installation, status: int, expected: tuple[str, bool]
) -> None:
    async with _mediation(apart, Response(None, status)) as sending:
        with pytest.raises(ApplicationError) as failed:
            await sending.ask()
    assert (failed.value.type, failed.value.non_retryable) == expected


async def test_an_authority_without_a_system_is_asked_on_paper(apart: Installation) -> None:
    async with _mediation(apart) as sending:
        effect: dict[str, Any] = {"id": "e", "mediation_no": sending.state.mediation_no, "unit_id": "procuratorate"}
        order = EffectOrder(
            case_no=sending.state.case_no,
            effect=AskOutside(system=Outside.PROCURATORATE, ask=OutsideAsk.REFERRAL, **effect),
        )
        async with httpx.AsyncClient() as http:
            outside = OutsideSystems(apart.sessions, http, base_url="http://yingshao.test")
            await ActivityEnvironment().run(outside.ask_outside, order)
        assert (sending.unit.received, await sending.looks()) == ([], [])
