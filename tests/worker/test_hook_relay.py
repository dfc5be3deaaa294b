"""The hook relay: nothing that was answered 2xx is lost, and each mediation learns of it in order."""

from datetime import UTC, datetime

from sqlalchemy import select, update

from infra.case_gateway import CaseUnavailable
from infra.database import Sessions
from infra.hook_tables import Hook
from tests.installation import Installation
from worker.hook_relay import HookRelay
from workflows.contracts.actors import Actor
from workflows.contracts.errors import RuleViolation
from workflows.contracts.mediation.commands import AnyMediationCommand, RecordOutside
from workflows.contracts.mediation.vocabulary import Outside, OutsideAsk
from workflows.contracts.start import Receipt
from workflows.contracts.vocabulary import Role

M1, M2 = "990102202603020001-M1", "990102202603020002-M1"


class Mediations:
    """Running mediations that answer as told, in `errors` by their numbers."""

    def __init__(self) -> None:
        self.errors: dict[str, Exception] = {}
        self.heard: list[tuple[str, str]] = []

    async def submit(self, mediation_no: str, command: AnyMediationCommand) -> Receipt:
        if error := self.errors.get(mediation_no):
            raise error
        self.heard.append((mediation_no, command.command_id))
        return Receipt(seq=1)


async def _told(sessions: Sessions, mediation_no: str, name: str) -> None:
    actor = Actor(id="court", role=Role.SYSTEM, unit_id="court")
    command = RecordOutside(command_id=name, actor=actor, system=Outside.COURT, ask=OutsideAsk.REFERRAL)
    now = datetime.now(UTC)
    async with sessions.begin() as session:
        session.add(
            Hook(
                connector="court",
                webhook_id=f"{mediation_no}/{name}",
                digest="",
                unit_id="court",
                case_no=mediation_no.partition("-")[0],
                mediation_no=mediation_no,
                kind="referral.received",
                command=command.model_dump(mode="json"),
                happened_at=now,
                received_at=now,
            )
        )


async def _rows(sessions: Sessions) -> dict[str, Hook]:
    async with sessions() as session:
        return {hook.command["command_id"]: hook for hook in await session.scalars(select(Hook))}


async def test_each_mediation_hears_what_was_told_in_its_order_and_one_that_is_away_hears_it_later(
    empty: Installation,
) -> None:
    mediations, sessions = Mediations(), empty.sessions
    relay = HookRelay(sessions, mediations)
    for mediation_no, name in ((M1, "first"), (M1, "second"), (M2, "third")):
        await _told(sessions, mediation_no, name)
    mediations.errors[M1] = CaseUnavailable("RPCError")
    assert [await relay.round() for _ in range(2)] == [2, 0]
    assert mediations.heard == [(M2, "third")]
    mediations.errors.clear()
    async with sessions.begin() as session:
        await session.execute(update(Hook).values(try_after=None))
    assert [await relay.round() for _ in range(3)] == [1, 1, 0]
    assert mediations.heard[1:] == [(M1, "first"), (M1, "second")]
    rows = await _rows(sessions)
    assert all(row.done_at is not None and row.code is None for row in rows.values())
    assert rows["first"].failed_tries == 1


async def test_what_a_rule_refuses_is_noted_with_its_code_and_holds_up_nothing(empty: Installation) -> None:
    mediations, sessions = Mediations(), empty.sessions
    for name in ("refused", "later"):
        await _told(sessions, M1, name)
    mediations.errors[M1] = RuleViolation("mediation_over", "it is over")
    relay = HookRelay(sessions, mediations)
    assert await relay.round() == 1
    mediations.errors.clear()
    assert [await relay.round() for _ in range(2)] == [1, 0]
    assert mediations.heard == [(M1, "later")]
    assert {name: row.code for name, row in (await _rows(sessions)).items()} == {
        "refused": "mediation_over",
        "later": None,
    }
