import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random
from typing import Any

import httpx
import pytest
from pydantic import ValidationError
from standardwebhooks import Webhook

from cli.simulator.answers import to_an_application
from cli.simulator.authority import AuthoritySystem
from cli.simulator.configuration import Authority, Configuration
from infra.embedded.waiting import becomes_true
from tests.simulator.public_side import PATIENCE, SECRET
from workflows.contracts.mediation.vocabulary import Outside

MEDIATION = "990102202604070001-M1"


@dataclass
class Hooks:
    """Notes what is told, as `(webhook-id, body)`; answers `statuses` first, then 202."""

    statuses: list[int] = field(default_factory=list)
    told: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def answer(self, request: httpx.Request) -> httpx.Response:
        body = Webhook(SECRET).verify(request.content, dict(request.headers))
        self.told.append((request.headers["webhook-id"], body))
        return httpx.Response(self.statuses.pop(0) if self.statuses else 202)

    def system(self, system: Outside = Outside.COURT, **behaviour: Any) -> AuthoritySystem:
        told = Authority(unit_id="u", system=system, secret=SECRET, **{"delay": 0.0, **behaviour})
        return AuthoritySystem(told, httpx.AsyncClient(transport=httpx.MockTransport(self.answer)), seed=1)

    async def until(self, condition: Callable[[], bool]) -> None:
        assert await becomes_true(condition, within=PATIENCE)


def message(kind: str = "mediation.referred", **fields: Any) -> tuple[dict[str, str], bytes]:
    """Headers and body of what an authority is sent."""
    now, message_id = datetime.now(UTC), f"{MEDIATION}-E1"
    reply_to = "http://yingshao.test/api/v1/hooks/court"
    body = json.dumps({"type": kind, "mediation_no": MEDIATION, "reply_to": reply_to, **fields})
    headers = {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(SECRET).sign(message_id, now, body),
    }
    return headers, body.encode()


async def test_a_court_signs_for_a_referral_and_registers_what_its_mediator_cannot_settle_as_a_suit() -> None:
    hooks = Hooks()
    assert await hooks.system(agree=0.0).receive(*message()) == (202, {})
    await hooks.until(lambda: len(hooks.told) == 2)
    (first_id, received), (second_id, outcome) = hooks.told
    assert (received["type"], outcome["type"]) == ("referral.received", "referral.outcome")
    assert "诉前调" in received["number"]
    assert (outcome["agreed"], "民初" in outcome["number"]) == (False, True)
    assert first_id != second_id
    assert received["mediation_no"] == MEDIATION


@pytest.mark.parametrize("system", list(Outside))
async def test_every_authority_answers_a_referral_with_receipt_and_outcome(system: Outside) -> None:
    hooks = Hooks()
    await hooks.system(system, agree=1.0).receive(*message())
    await hooks.until(lambda: len(hooks.told) == 2)
    assert [(told["type"], told.get("agreed")) for _, told in hooks.told] == [
        ("referral.received", None),
        ("referral.outcome", True),
    ]


@pytest.mark.parametrize(
    ("clauses", "confirmed"),
    [(["七日内付清货款。"], True), (["双方同意离婚。"], False), (["付清货款。", "房屋所有权归乙方。"], False)],
)
def test_a_court_refuses_clauses_about_status_and_title_with_its_reason(clauses: list[str], confirmed: bool) -> None:
    accepted, decided = to_an_application(clauses, year=2026, chance=Random(1))  # noqa: S311 - to be repeated exactly
    assert "诉前调确" in accepted["number"]
    assert (decided["confirmed"], "reason" in decided) == (confirmed, not confirmed)


async def test_one_that_fails_first_takes_the_same_message_later_and_only_once() -> None:
    system = Hooks().system(first_answers=(503, 503), delay=60.0)
    again = message()
    answers = [await system.receive(*again) for _ in range(4)]
    assert answers == [(503, {"retry-after": "1"}), (503, {"retry-after": "1"}), (202, {}), (409, {})]
    await system.stop()


async def test_an_answer_that_is_not_taken_is_told_again_and_one_may_be_told_twice_under_one_id() -> None:
    hooks = Hooks(statuses=[503])
    await hooks.system(times=2).receive(*message())
    await hooks.until(lambda: len(hooks.told) == 5)
    ids = [told_id for told_id, _ in hooks.told]
    assert ids == [f"{MEDIATION}-E1-A1"] * 3 + [f"{MEDIATION}-E1-A2"] * 2


async def test_only_a_court_takes_an_application_and_a_task_signal_is_left_to_people() -> None:
    application = message("mediation.confirmation_applied", agreement={"terms": "付清货款。"})
    police = Hooks().system(Outside.POLICE)
    assert (await police.receive(*application))[0] == 422
    assert (await police.receive(*message("task.dispatched")))[0] == 202
    await police.stop()
    hooks = Hooks()
    await hooks.system().receive(*application)
    await hooks.until(lambda: len(hooks.told) == 2)
    assert hooks.told[1][1]["confirmed"] is True


def test_a_unit_is_played_once() -> None:
    authority = Authority(unit_id="court", system=Outside.COURT, secret=SECRET)
    with pytest.raises(ValidationError, match="played twice"):
        Configuration(authorities=(authority, authority))
