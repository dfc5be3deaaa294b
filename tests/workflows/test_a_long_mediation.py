"""Twelve sessions and forty promises: more than one run carries, and nothing of it is lost on the way."""

from datetime import UTC, datetime, timedelta

from tests.driving import until
from tests.installation import Installation
from tests.mediating import PARTIES, WORDS, Talks, opened
from workflows.contracts.mediation import commands as c
from workflows.contracts.mediation.state import Item, MediationState
from workflows.contracts.mediation.vocabulary import FulfilmentStatus, MediationStatus, SessionStatus, SignedBy
from workflows.rules.calendar import local_date

_SESSIONS, _PROMISES = 12, 40
_EVERYBODY = tuple(party.party_no for party in PARTIES)


async def test_twelve_sessions_and_forty_promises_go_through_several_runs(apart: Installation) -> None:
    talks = await opened(apart)
    await talks.agree_to_talk()
    await _sit(talks)
    await _new_run(talks)
    await _agree(talks)
    await _new_run(talks)
    before = await talks.live()
    assert [session.status for session in before.sessions.values()] == [SessionStatus.HELD] * _SESSIONS
    assert len(_items(before)) == _PROMISES
    assert len([clock for clock in before.clocks.values() if clock.is_open]) == _PROMISES
    for item_no in list(_items(before))[:-1]:
        await talks.give(c.ProveFulfilment, item_no=item_no)
        await talks.give(c.CheckFulfilment, item_no=item_no, kept=True)
    await _new_run(talks)
    kept = [item.status for item in _items(await talks.live()).values()]
    assert kept == [FulfilmentStatus.KEPT] * (_PROMISES - 1) + [FulfilmentStatus.OPEN]
    await talks.give(c.CheckFulfilment, item_no=f"I{_PROMISES}", kept=True)
    await talks.until_case_knows(MediationStatus.FULFILLED)


async def _sit(talks: Talks) -> None:
    """All are set, one right after the other, then held and put on record."""
    begin = datetime.now(UTC) + timedelta(seconds=3)
    length = timedelta(milliseconds=10)
    for number in range(_SESSIONS):
        times = {"starts_at": begin + number * length, "ends_at": begin + (number + 1) * length}
        await talks.give(c.ScheduleSession, parties=_EVERYBODY, **times)

    async def begun() -> bool:
        return datetime.now(UTC) > begin + _SESSIONS * length

    await until(begun, "the last session has begun")
    for number in range(1, _SESSIONS + 1):
        await talks.give(c.RecordSession, session_no=f"S{number}", present=_EVERYBODY, facts=WORDS)


async def _agree(talks: Talks) -> None:
    tomorrow = local_date(datetime.now(UTC)) + timedelta(days=1)
    owed = tuple(
        c.Promise(promisor="P2", to="P1", what=WORDS, due=tomorrow + timedelta(days=number), amount=100)
        for number in range(_PROMISES)
    )
    await talks.give(c.DraftAgreement, terms=WORDS, promises=owed)
    marks = [(SignedBy.PARTIES, party_no) for party_no in _EVERYBODY]
    for by, party_no in [*marks, (SignedBy.MEDIATOR, None), (SignedBy.SEAL, None)]:
        await talks.give(c.Sign, by=by, party_no=party_no, scan="scan-1")


async def _new_run(talks: Talks) -> None:
    described = await talks.handle.describe()
    await talks.give(c.RenewMediation)

    async def renewed() -> bool:
        return (await talks.handle.describe()).run_id != described.run_id

    await until(renewed, "a new run has begun")


def _items(state: MediationState) -> dict[str, Item]:
    assert state.agreement is not None
    return state.agreement.items
