"""The ways of a dispute that is talked out: recorded with the histories of the mediations themselves."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from temporalio.testing import TimeSkipper

from tests.driving import Driver, until
from tests.installation import Installation
from tests.mediating import PLAN, WORDS, opened
from tests.rules.calendar_2026 import at
from workflows.contracts import commands as case
from workflows.contracts.mediation import commands as c
from workflows.contracts.mediation.vocabulary import MediationStatus, SignedBy

_REGISTERED_AT = at("2026-03-02T09:00")
_SESSION = (at("2026-03-05T09:00"), at("2026-03-05T11:00"))


async def mediated(place: Installation) -> Driver:
    """One session, an agreement with two promises, both kept."""
    talks = await opened(place, registered_at=_REGISTERED_AT)
    await talks.agree_to_talk()
    starts_at, ends_at = _SESSION
    await talks.give(c.ScheduleSession, starts_at=starts_at, ends_at=ends_at, parties=("P1", "P2"))
    await TimeSkipper(place.client).fast_forward(talks.handle, timedelta(days=3))
    await talks.give(c.RecordSession, session_no="S1", present=("P1", "P2"), facts=WORDS)
    at_once = c.Promise(promisor="P1", to="P2", what=WORDS)
    later = c.Promise(promisor="P2", to="P1", what=WORDS, due=at("2026-03-20T00:00").date(), amount=120_000)
    await talks.give(c.DraftAgreement, terms=WORDS, promises=(at_once, later))
    for party_no in ("P1", "P2"):
        await talks.give(c.Sign, by=SignedBy.PARTIES, party_no=party_no, scan="scan")
    for by in (SignedBy.MEDIATOR, SignedBy.SEAL):
        await talks.give(c.Sign, by=by, scan="scan")
    await talks.until_case_knows(MediationStatus.AGREED)
    await talks.give(c.ProveFulfilment, item_no="I2")
    await talks.give(c.CheckFulfilment, item_no="I2", kept=True)
    await talks.until_case_knows(MediationStatus.FULFILLED)
    return talks.case


async def mediation_lost_and_refused(place: Installation) -> Driver:
    """Its process is cancelled, and begins again where its records end; then a party does not want it."""
    talks = await opened(place, registered_at=_REGISTERED_AT)
    await talks.published(await talks.give(c.DecidePlan, tracks=PLAN, reason=WORDS))
    await talks.handle.cancel()
    await talks.until_lost()
    await talks.case.give(case.RebuildMediation, mediation_no=talks.number, reason=WORDS)
    await until(talks.runs, "it runs again")
    await talks.give(c.Consent, party_no="P1", agreed=False)
    await talks.until_case_knows(MediationStatus.REFUSED)
    return talks.case


MEDIATION_BRANCHES: tuple[Callable[[Installation], Awaitable[Driver]], ...] = (mediated, mediation_lost_and_refused)
