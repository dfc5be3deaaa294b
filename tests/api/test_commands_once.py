"""A command acts once, and its answer shows what it did, or says that it may not."""

import asyncio
from datetime import UTC, datetime

from sqlalchemy import select
from temporalio.client import Client

from api.app import create_app
from api.server import TemporalProbe
from infra.case_gateway import CaseUnavailable
from infra.database import Sessions
from infra.mediation_gateway import MediationGateway
from infra.settings import Settings
from infra.tables import Idempotency, Wording
from tests.api.calling import Callers
from workflows.contracts.commands import AnyCommand
from workflows.contracts.start import Receipt
from workflows.contracts.state import CaseState
from workflows.contracts.vocabulary import Role


class AheadOfItsRecords:
    """A way to cases that took a command, whose records do not come, and that do not answer."""

    async def submit(self, case_no: str, command: AnyCommand) -> Receipt:
        return Receipt(seq=99)

    async def live(self, case_no: str) -> CaseState:
        raise CaseUnavailable


class OutOfReach(AheadOfItsRecords):
    """A way to cases that do not answer at all."""

    async def submit(self, case_no: str, command: AnyCommand) -> Receipt:
        raise CaseUnavailable


async def _words(sessions: Sessions, case_no: str) -> list[str]:
    async with sessions() as session:
        return list(await session.scalars(select(Wording.body).where(Wording.case_no == case_no)))


async def test_one_key_acts_once_and_answers_the_same(at_work: Callers, sessions: Sessions) -> None:
    dispatcher = at_work.role(Role.DISPATCHER, user="one-key")
    case_no = (await dispatcher.report())["case_no"]
    path, body = f"/cases/{case_no}/accept", {"note": "马上办"}
    twins = await asyncio.gather(*(dispatcher.post(path, body, Idempotency_Key="a") for _ in range(4)))
    assert {twin["status"] for twin in twins} == {"accepted"}
    await dispatcher.post(f"/cases/{case_no}/urge", {"note": "快点"})
    again = await dispatcher.post(path, body, Idempotency_Key="a")
    assert again in twins
    reused = await dispatcher.post(path, {"note": "别的话"}, 422, Idempotency_Key="a")
    assert reused["code"] == "idempotency_key_reused"
    async with sessions() as session:
        remembered = await session.scalar(select(Idempotency.answer).where(Idempotency.actor == "one-key"))
    assert remembered == {"seq": again["seq"]}
    kinds = [item["kind"] for item in (await dispatcher.get(f"/cases/{case_no}/timeline", limit=200))["items"]]
    assert kinds.count("case_accepted") == 1
    assert sorted(await _words(sessions, case_no)) == sorted(["马上办", "快点"])


async def test_a_refused_command_leaves_no_words_and_gives_its_key_free(at_work: Callers, sessions: Sessions) -> None:
    dispatcher = at_work.dispatcher
    case_no = (await dispatcher.report())["case_no"]
    path = f"/cases/{case_no}/escalate"
    await dispatcher.post(f"/cases/{case_no}/verify", {"passed": True, "note": "看过"}, 409, Idempotency_Key="v")
    assert await _words(sessions, case_no) == []
    await dispatcher.post(path, {"reason": "村里办不了"}, Idempotency_Key="v")


async def test_an_answer_that_may_be_old_says_so(settings: Settings, sessions: Sessions, client: Client) -> None:
    probe = TemporalProbe(client).answers
    app = create_app(
        settings,
        sessions,
        AheadOfItsRecords(),
        MediationGateway(client, sessions),
        temporal_answers=probe,
        now=lambda: datetime.now(UTC),
    )
    dispatcher = Callers(app).dispatcher
    case_no = (await dispatcher.report())["case_no"]
    accepted = await dispatcher.post(f"/cases/{case_no}/accept")
    assert accepted["stale"] is True


async def test_words_stay_while_the_outcome_is_unknown(settings: Settings, sessions: Sessions, client: Client) -> None:
    probe = TemporalProbe(client).answers
    app = create_app(
        settings,
        sessions,
        OutOfReach(),
        MediationGateway(client, sessions),
        temporal_answers=probe,
        now=lambda: datetime.now(UTC),
    )
    dispatcher = Callers(app).dispatcher
    case_no = (await dispatcher.report())["case_no"]
    path = f"/cases/{case_no}/accept"
    await dispatcher.post(path, {"note": "马上办"}, 503, Idempotency_Key="a")
    assert await _words(sessions, case_no) == ["马上办"]
    reused = await dispatcher.post(path, {"note": "别的话"}, 422, Idempotency_Key="a")
    assert reused["code"] == "idempotency_key_reused"
