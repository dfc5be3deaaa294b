"""Which cases a run of the demo takes for its own."""

from uuid import uuid4

from cli.demo.filing import Filing, sample
from infra.database import Sessions
from infra.intake import Intakes
from workflows.contracts.actors import Actor
from workflows.contracts.vocabulary import Role

DESK = Actor(id="desk", role=Role.SYSTEM)


async def test_a_run_takes_over_what_an_earlier_one_left_open_and_nothing_else(
    sessions: Sessions, intakes: Intakes
) -> None:
    report, source = sample(1)[0], f"s{uuid4().hex[:12]}"
    left_open = report.model_copy(update={"source": source, "external_id": "demo-20260302/1"})
    imported = report.model_copy(update={"source": source, "external_id": "2026-1"})
    async with sessions.begin() as session:
        case_no = (await intakes.register(session, left_open, DESK)).case_no
        other = (await intakes.register(session, imported, DESK)).case_no
    filing = Filing("now", ())
    async with sessions() as session:
        await filing.take_over(session)
    taken = filing.find(case_no)
    assert taken is not None
    assert (taken.report.title, taken.report.requester, taken.pin) == (
        report.title,
        {"phone": (report.requester or {})["phone"]},
        None,
    )
    assert filing.find(other) is None
    assert filing.total == filing.left_over == len(filing.case_nos)
