"""Who is proposed as a mediator, in which order and why."""

from datetime import UTC, date, datetime
from typing import Any

from infra.database import Sessions
from infra.intake import Intakes, Report
from infra.mediation_tables import Mediation
from infra.mediators.choice import Proposal, proposals
from tests.driving import DISPATCHER
from tests.installation import Installation
from workflows.contracts.mediation.vocabulary import Channel, DisputeType
from workflows.contracts.vocabulary import CaseKind

VILLAGE = "990102001001"
TOWNSHIP = "committee-990102001000"
TODAY = date(2026, 3, 2)
MOMENT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


async def proposed(sessions: Sessions, **asked: Any) -> list[Proposal]:
    wanted: dict[str, Any] = {"channel": Channel.PEOPLE, "region_code": VILLAGE, "day": TODAY, "limit": 10}
    async with sessions() as session:
        return await proposals(session, **wanted | {"dispute_type": DisputeType.PROPERTY_SERVICE} | asked)


async def test_the_nearest_comes_first_then_who_knows_such_disputes(empty: Installation) -> None:
    sessions = empty.sessions
    found = await proposed(sessions)
    village, knows, heads = found[:3]
    assert [one.mediator_id for one in found[:3]] == [
        f"leader-committee-{VILLAGE}",
        f"mediator-{TOWNSHIP}",
        f"leader-{TOWNSHIP}",
    ]
    assert village.reasons == ("负责本村（社区）", "在办调解0件")
    assert knows.reasons == ("负责本乡镇（街道）", "擅长此类纠纷", "在办调解0件")
    assert heads.reasons == ("负责本乡镇（街道）", "在办调解0件")
    assert [one.reasons[0] for one in found[3:6]] == ["负责本县（区、旗）", "负责本市", "在同一乡镇（街道）"]
    again = await proposed(sessions, dispute_type=DisputeType.FAMILY, barred=[village.mediator_id], limit=1)
    assert [(one.mediator_id, one.reasons[1]) for one in again] == [(f"leader-{TOWNSHIP}", "擅长此类纠纷")]


async def test_a_host_names_its_own_and_a_language_decides_between_them(sessions: Sessions) -> None:
    asked = {"channel": Channel.PROFESSIONAL, "host": "committee-labour", "dispute_type": DisputeType.WAGES}
    first, second = await proposed(sessions, languages=["mn"], **asked)
    assert (first.mediator_id, first.reasons[1:3]) == (
        "mediator-2-committee-labour",
        ("擅长此类纠纷", "会说当事人的语言"),
    )
    assert "会说当事人的语言" not in second.reasons
    assert (await proposed(sessions, **asked))[0].mediator_id == "mediator-1-committee-labour"


async def test_of_equals_the_one_with_fewer_open_mediations_comes_first(sessions: Sessions, intakes: Intakes) -> None:
    report = Report(source="test", kind=CaseKind.DISPUTE, title="讨薪", description="三个月未发工资")
    ended = {"mediator-1-committee-labour": None, "mediator-2-committee-labour": MOMENT}
    async with sessions() as session:
        case_no = (await intakes.register(session, report, DISPATCHER)).case_no
        known = {"case_no": case_no, "dispute_type": "wages", "level": "city", "status": "under_way"}
        for n, (mediator_id, ended_at) in enumerate(ended.items(), start=1):
            times = {"opened_at": MOMENT, "ended_at": ended_at}
            whose = {"mediation_no": f"{case_no}-M{n}", "mediator_ids": [mediator_id]}
            session.add(Mediation(**known, **times, **whose))
        await session.flush()
        found = await proposals(
            session,
            channel=Channel.PROFESSIONAL,
            host="committee-labour",
            region_code=VILLAGE,
            dispute_type=DisputeType.WAGES,
            day=TODAY,
            limit=2,
        )
    assert [(one.mediator_id, one.reasons[-1]) for one in found] == [
        ("mediator-2-committee-labour", "在办调解0件"),
        ("mediator-1-committee-labour", "在办调解1件"),
    ]


async def test_nobody_is_proposed_outside_her_term(sessions: Sessions) -> None:
    later = await proposed(sessions, day=date(2030, 1, 1))
    assert [one.mediator_id for one in later] == ["mediator-990102", "mediator-9901"]
