"""The register of mediators and the rooms, as they are read."""

from datetime import UTC, datetime, timedelta

from infra.database import Sessions
from infra.mediators.bookings import BookableKind, Resource, release, reserve
from tests.api.calling import Callers

ROOM = "990181201000-joint"
CENTRE = "centre-990181201000"


async def test_the_register_is_filtered_and_paged(callers: Callers) -> None:
    reader = callers.handler()
    asked = {"channel": "police", "region": "990123000000", "language": "mn", "speciality": "land"}
    first = await reader.get("/mediators", limit=2, **asked)
    rest = await reader.get("/mediators", limit=200, cursor=first["next_cursor"], **asked)
    found = first["items"] + rest["items"]
    assert len(found) == len({one["mediator_id"] for one in found}) == 12
    assert found[0] == {
        "mediator_id": "mediator-committee-990123100000",
        "name": found[0]["name"],
        "unit_id": "committee-990123100000",
        "unit": "都兰温都尔镇人民调解委员会",
        "channels": ["people", "police"],
        "region_code": "990123100000",
        "languages": ["mn"],
        "specialities": ["neighbour", "village", "land"],
        "studio": None,
        "full_time": True,
        "valid_from": "2025-01-01",
        "valid_to": "2029-12-31",
    }
    assert (await reader.get("/mediators", speciality="medical", language="ru"))["items"] == []
    assert (await reader.get("/mediators", 422, channel="village"))["errors"][0]["field"] == "channel"


async def test_a_booked_room_is_not_offered_for_that_time(callers: Callers, sessions: Sessions) -> None:
    reader, now = callers.handler(), datetime.now(UTC)
    starts_at = now + timedelta(days=1)
    ends_at = starts_at + timedelta(hours=2)
    room = Resource(BookableKind.ROOM, ROOM)
    async with sessions.begin() as session:
        await reserve(session, [room], starts_at, ends_at, mediation_no="M", command_id="rooms-api", now=now)

    async def offered(since: datetime, until: datetime) -> list[str]:
        times = {"free_from": since.isoformat(), "free_until": until.isoformat()}
        return [one["room_id"] for one in (await reader.get("/rooms", unit=CENTRE, **times))["items"]]

    everything = (await reader.get("/rooms", unit=CENTRE))["items"]
    assert everything[0] == {"room_id": ROOM, "unit_id": CENTRE, "name": "联合调解室", "seats": 16, "video": True}
    other = everything[1]["room_id"]
    assert await offered(starts_at, ends_at) == [other]
    assert await offered(ends_at, ends_at + timedelta(hours=1)) == [ROOM, other]
    async with sessions.begin() as session:
        await release(session, "rooms-api")
    assert await offered(starts_at, ends_at) == [ROOM, other]


async def test_times_for_rooms_are_given_both_and_in_order(callers: Callers) -> None:
    reader = callers.handler()
    alone = await reader.get("/rooms", 422, free_from="2026-03-09T10:00:00Z")
    assert (alone["code"], alone["errors"][0]["field"]) == ("not_a_time", "free_until")
    turned = await reader.get("/rooms", 422, free_from="2026-03-09T10:00:00Z", free_until="2026-03-09T10:00:00Z")
    assert turned["code"] == "not_after_its_beginning"
