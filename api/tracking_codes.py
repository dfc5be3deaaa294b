"""Tracking codes and PINs: the cases behind a code, and whether somebody may see and say more."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from api.errors import Problem, not_found
from infra.database import Sessions
from infra.intake import pin_matches
from infra.tables import Case, Intake

_FAILURES_ALLOWED = 5
_FAILURES_COUNT_FOR = timedelta(minutes=15)


class PinCheck:
    """Checks PINs; after five wrong ones the code rests until a quarter of an hour after the first of them."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    async def holds(self, tracking_code: str, pin: str, now: datetime) -> None:
        """Returns if the PIN is right; what was counted against it is on record before anything is answered.

        Raises:
            Problem: 404 without such a code, 403 `wrong_pin`, 429 `too_many_pins` with `Retry-After`.
        """
        async with self._sessions.begin() as session:
            # The cases that a matter was divided into share its code, and the PIN that was told with the report.
            first = select(Intake).where(Intake.tracking_code == tracking_code).order_by(Intake.parent.nulls_first())
            intake = await session.scalar(first.limit(1).with_for_update())
            if intake is None:
                raise not_found("tracking code")
            since = intake.pin_failed_at
            if since is None or now >= since + _FAILURES_COUNT_FOR:
                intake.pin_failures, since = 0, None
            elif intake.pin_failures >= _FAILURES_ALLOWED:
                rest = int((since + _FAILURES_COUNT_FOR - now).total_seconds()) + 1
                headers = {"Retry-After": str(rest)}
                raise Problem(429, "too_many_pins", "too many wrong PINs; wait a while", headers=headers)
            # Slow on purpose, so not on the loop that serves everybody.
            right = await asyncio.to_thread(pin_matches, pin, intake)
            intake.pin_failures = 0 if right else intake.pin_failures + 1
            intake.pin_failed_at = None if right else since or now
        if not right:
            raise Problem(403, "wrong_pin", "this is not the PIN that came with the tracking code")


async def cases_behind(session: AsyncSession, tracking_code: str) -> Sequence[Case]:
    """The cases of a tracking code, in order.

    Raises:
        Problem: 404 if there is none.
    """
    cases = (
        await session.scalars(select(Case).where(Case.tracking_code == tracking_code).order_by(Case.case_no))
    ).all()
    if not cases:
        raise not_found("tracking code")
    return cases


def chosen(cases: Sequence[Case], case_no: str | None) -> Case:
    """The case that is meant.

    Raises:
        Problem: 404 for another's case, 422 `case_no_needed` if the code has several and none is named.
    """
    if case_no is None and len(cases) > 1:
        raise Problem.of_field("case_no", "case_no_needed", "this tracking code has several cases; name one")
    for case in cases:
        if case_no in {None, case.case_no}:
            return case
    raise not_found("case")
