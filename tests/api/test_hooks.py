"""What other authorities' systems tell: only from whom it says, only once, and never lost once it is taken."""

import json
from base64 import b64encode
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import select, update
from standardwebhooks import Webhook

from cli.simulator.authority import AuthoritySystem
from cli.simulator.configuration import Authority
from infra.connectors import Connection, connect_units, disconnect_units
from infra.database import Sessions
from infra.hook_tables import Hook
from infra.tables import EffectRow, Wording
from tests.api.calling import Callers
from tests.driving import until
from workflows.contracts.effects import EffectStatus
from workflows.contracts.ids import case_of
from workflows.contracts.mediation.commands import RecordOutside
from workflows.contracts.mediation.vocabulary import Outside, OutsideAsk
from workflows.contracts.vocabulary import Role

COURT, POLICE = "court", "police-990102001"
_SECRETS = {unit_id: f"whsec_{b64encode(unit_id.encode() * 3).decode()}" for unit_id in (COURT, POLICE)}
_AGO = timedelta(minutes=6)


class Outsider:
    """A system that tells us something about one mediation."""

    def __init__(self, http: httpx.AsyncClient, mediation_no: str) -> None:
        self.http = http
        self.mediation_no = mediation_no

    async def tell(
        self,
        kind: str = "referral.received",
        *,
        connector: str = "court",
        signed_by: str = COURT,
        webhook_id: str = "a-1",
        age: timedelta = timedelta(0),
        **said: Any,
    ) -> httpx.Response:
        at = "2026-04-07T09:30:00+08:00"
        body = json.dumps({"type": kind, "mediation_no": self.mediation_no, "at": at, "number": "诉前调1号"} | said)
        signed_at = datetime.now(UTC) - age
        webhook_id = f"{self.mediation_no}/{webhook_id}"
        headers = {
            "webhook-id": webhook_id,
            "webhook-timestamp": str(int(signed_at.timestamp())),
            "webhook-signature": f"v1a,other {Webhook(_SECRETS[signed_by]).sign(webhook_id, signed_at, body)}",
        }
        return await self.http.post(f"/hooks/{connector}", content=body, headers=headers)


@pytest.fixture(scope="module")
async def outsider(callers: Callers, sessions: Sessions) -> AsyncIterator[Outsider]:
    connections = {unit_id: Connection("http://127.0.0.1:1/", secret) for unit_id, secret in _SECRETS.items()}
    async with sessions.begin() as session:
        await connect_units(session, connections)
    case_no = (await callers.dispatcher.report())["case_no"]
    async with sessions.begin() as session:
        for unit_id in (COURT, POLICE):
            session.add(_asked(f"{case_no}-M1", unit_id))
    yield Outsider(callers.nobody().http, f"{case_no}-M1")
    async with sessions.begin() as session:
        await disconnect_units(session, connections)


def _asked(mediation_no: str, unit_id: str) -> EffectRow:
    return EffectRow(
        effect_id=f"{mediation_no}-{unit_id}",
        case_no=case_of(mediation_no),
        mediation_no=mediation_no,
        kind="ask_outside",
        unit_id=unit_id,
        status=EffectStatus.DONE.value,
        requested_at=datetime.now(UTC),
    )


async def _kept(sessions: Sessions, outsider: Outsider, webhook_id: str) -> list[Hook]:
    async with sessions() as session:
        rows = select(Hook).where(Hook.webhook_id == f"{outsider.mediation_no}/{webhook_id}")
        return list(await session.scalars(rows))


async def test_what_a_court_decided_is_kept_once_for_the_mediation_with_its_words_put_away(
    outsider: Outsider, sessions: Sessions
) -> None:
    told: dict[str, Any] = {"kind": "confirmation.decided", "confirmed": False, "reason": "内容涉及身份关系"}
    answers = [await outsider.tell(webhook_id="decided", **told) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [202, 202]
    assert answers[0].json() == answers[1].json()
    (hook,) = await _kept(sessions, outsider, "decided")
    command = RecordOutside.model_validate(hook.command)
    assert (command.system, command.ask, command.confirmed) == (Outside.COURT, OutsideAsk.CONFIRMATION, False)
    assert (command.actor.unit_id, hook.happened_at) == (COURT, datetime(2026, 4, 7, 1, 30, tzinfo=UTC))
    assert command.received_at == hook.received_at
    async with sessions() as session:
        said = {text.text_id: text.body for text in await session.scalars(select(Wording))}
    assert (said[command.number or ""], said[command.outcome or ""]) == ("诉前调1号", "内容涉及身份关系")


async def test_a_station_answers_for_its_own_authority_alone(outsider: Outsider, sessions: Sessions) -> None:
    taken = await outsider.tell(connector="police", signed_by=POLICE, webhook_id="station")
    assert taken.status_code == 202
    (hook,) = await _kept(sessions, outsider, "station")
    assert (hook.connector, hook.unit_id) == ("police", POLICE)
    foreign = await outsider.tell(connector="court", signed_by=POLICE, webhook_id="station-2")
    assert foreign.status_code == 401
    confirmed = await outsider.tell(
        "confirmation.decided", connector="police", signed_by=POLICE, webhook_id="station-3", confirmed=True
    )
    assert [error["code"] for error in confirmed.json()["errors"]] == ["not_a_court"]
    assert await _kept(sessions, outsider, "station-3") == []


@pytest.mark.parametrize(
    "said", [{"connector": "tax"}, {"connector": "petition_office"}, {"age": _AGO}, {"age": -_AGO}], ids=str
)
async def test_a_stranger_and_a_signature_that_is_not_of_now_are_refused_alike(
    outsider: Outsider, sessions: Sessions, said: dict[str, Any]
) -> None:
    answer = await outsider.tell(webhook_id="stranger", **said)
    assert (answer.status_code, answer.json()["code"]) == (401, "bad_signature")
    assert await _kept(sessions, outsider, "stranger") == []


async def test_a_changed_body_and_a_missing_signature_are_refused(outsider: Outsider) -> None:
    sent = (await outsider.tell(webhook_id="changed")).request
    headers = {name: value for name, value in sent.headers.items() if name.startswith("webhook-")}
    changed = await outsider.http.post(sent.url, content=sent.content.replace(b"1", b"2"), headers=headers)
    unsigned = await outsider.http.post(sent.url, content=sent.content)
    assert (changed.status_code, unsigned.status_code) == (401, 401)


async def test_the_same_id_for_something_else_is_refused(outsider: Outsider) -> None:
    await outsider.tell(webhook_id="again")
    other = await outsider.tell(webhook_id="again", number="诉前调2号")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")


@pytest.mark.parametrize(
    ("said", "status", "code"),
    [
        ({"kind": "referral.lost"}, 422, "not_valid"),
        ({"kind": "referral.outcome", "outcome": "调解成功"}, 422, "not_valid"),
        ({"at": "2026-04-07T09:30:00"}, 422, "not_valid"),
        ({"mediation_no": "990102202601010001-M1"}, 422, "unknown_mediation"),
        ({"padding": "x" * 40_000}, 413, "too_large"),
    ],
    ids=str,
)
async def test_what_cannot_be_read_is_refused_with_its_place(
    outsider: Outsider, sessions: Sessions, said: dict[str, Any], status: int, code: str
) -> None:
    answer = await outsider.tell(webhook_id="unreadable", **said)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert "调解成功" not in answer.text
    assert await _kept(sessions, outsider, "unreadable") == []


async def test_an_answer_that_a_rule_refused_is_shown_to_operators_until_it_is_dealt_with(
    outsider: Outsider, callers: Callers, sessions: Sessions
) -> None:
    await outsider.tell(webhook_id="refused")
    async with sessions.begin() as session:
        refused = update(Hook).where(Hook.webhook_id == f"{outsider.mediation_no}/refused")
        await session.execute(refused.values(done_at=datetime.now(UTC), code="mediation_over"))
    operator, case_no = callers.role(Role.OPERATOR), case_of(outsider.mediation_no)

    async def causes() -> list[Any]:
        stuck = (await operator.get("/operations/stuck", limit=200))["items"]
        return [cause for item in stuck if item["case_no"] == case_no for cause in item["causes"]]

    (cause,) = await causes()
    assert (cause["kind"], cause["code"], cause["unit_id"]) == ("hook", "mediation_over", COURT)
    order = {"case_no": case_no, "hook_no": cause["hook_no"], "reason": "已电话告知法院"}
    assert (await operator.post("/operations/dismiss?dry_run=true", order))["code"] == "mediation_over"
    await operator.post("/operations/dismiss", order)
    assert await causes() == []
    await operator.post("/operations/dismiss", order, 404)


async def test_the_simulated_court_is_understood_and_what_it_tells_twice_is_kept_once(
    outsider: Outsider, sessions: Sessions
) -> None:
    told = Authority(unit_id=COURT, system=Outside.COURT, secret=_SECRETS[COURT], delay=0, times=2)
    court = AuthoritySystem(told, outsider.http, seed=1)
    asked = {
        "type": "mediation.confirmation_applied",
        "mediation_no": outsider.mediation_no,
        "agreement": {"terms": "双方同意离婚。"},
        "reply_to": "http://yingshao.test/api/v1/hooks/court",
    }
    body, now, effect_id = json.dumps(asked), datetime.now(UTC), f"{outsider.mediation_no}/effect"
    headers = {
        "webhook-id": effect_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(_SECRETS[COURT]).sign(effect_id, now, body),
    }
    assert (await court.receive(headers, body.encode()))[0] == 202

    async def decided() -> list[Hook]:
        return await _kept(sessions, outsider, "effect-A2")

    (hook,) = await until(decided, "the court has decided")
    assert RecordOutside.model_validate(hook.command).confirmed is False
    assert len(await _kept(sessions, outsider, "effect-A1")) == 1
