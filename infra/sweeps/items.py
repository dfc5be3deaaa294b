"""What is done in a sweep: each step moves the item and goes on the sweep's record in the caller's transaction."""

from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from infra.intake import Intakes, Report
from infra.sweeps import standing as stand
from infra.sweeps.levels import highest
from infra.sweeps.standing import Standing, SweepRefused
from infra.sweeps.tables import Sweep, SweepEntry, SweepItem
from infra.sweeps.vocabulary import ItemStatus, Owed, SweepAct, VisitOutcome
from workflows.contracts.actors import Actor
from workflows.contracts.vocabulary import CaseKind, Level

SOURCE = "sweep"
"""The source of the cases that sweeps find."""


class SweepSteps:
    """The steps of one sweep by one person; `now` is the moment (UTC) that the record gets."""

    def __init__(self, session: AsyncSession, sweep: Sweep, by: Actor, now: datetime) -> None:
        self._session = session
        self._sweep = sweep
        self._by = by
        self._now = now
        self._top = highest(Level(sweep.level))

    async def visit(
        self, item: SweepItem, outcome: VisitOutcome, note: str | None, *, title: str | None, kind: CaseKind
    ) -> None:
        """Records a visit; a finding becomes a case of this kind and title, unless the item has made one already.

        Raises:
            SweepRefused: `sweep_closed`, `no_visit_owed`, or `finding_untold` without title and note.
        """
        after = stand.visited(self._standing(item), outcome, top=self._top, sampled=item.sampled)
        if outcome is VisitOutcome.FINDING and (title is None or note is None):
            missing = "title" if title is None else "note"
            raise SweepRefused("finding_untold", "say in a title and a note what was found", missing)
        self._note(item, SweepAct.VISITED, note, outcome)
        if outcome is VisitOutcome.FINDING and item.finding is None:
            report = Report(
                source=SOURCE,
                kind=kind,
                title=title or "",
                description=note or "",
                region_code=item.region_code,
                external_id=f"{item.sweep_no}/{item.item_no}",
            )
            registered = await Intakes(lambda: self._now).register(self._session, report, self._by)
            item.finding = registered.case_no
        if outcome is not VisitOutcome.UNREACHABLE:
            item.visit = outcome.value
        _move(item, after)

    async def pass_up(self, item: SweepItem, reason: str) -> None:
        """Hands the visit to the next level.

        Raises:
            SweepRefused: `sweep_closed`, `no_visit_owed` or `highest_level_of_sweep`.
        """
        after = stand.passed_up(self._standing(item), top=self._top)
        self._note(item, SweepAct.PASSED_UP, reason)
        _move(item, after)

    async def check(self, item: SweepItem, note: str | None, *, agrees: bool) -> None:
        """Records whether the level that checks agrees with the visit.

        Raises:
            SweepRefused: `sweep_closed` or `no_check_owed`; `disagreement_untold` without a note.
        """
        after = stand.checked(self._standing(item), agrees=agrees)
        if not agrees and note is None:
            raise SweepRefused("disagreement_untold", "say what is not right", "note")
        self._note(item, SweepAct.AGREED if agrees else SweepAct.DISAGREED, note)
        _move(item, after)

    async def close(self, reason: str | None) -> None:
        """Ends the sweep; what is still owed stays as it is, and wants a reason.

        Raises:
            SweepRefused: `sweep_closed`, or `work_left` without a reason.
        """
        self._require_open()
        left = exists().where(SweepItem.sweep_no == self._sweep.sweep_no, SweepItem.owed.is_not(None))
        if reason is None and await self._session.scalar(select(left)):
            raise SweepRefused("work_left", "some items are still owed: finish them, or give the reason", "reason")
        self._sweep.closed_at = self._now
        self._note(None, SweepAct.CLOSED, reason)

    def _standing(self, item: SweepItem) -> Standing:
        self._require_open()
        return Standing(Level(item.level), ItemStatus(item.status), Owed(item.owed) if item.owed else None)

    def _require_open(self) -> None:
        if self._sweep.closed_at is not None:
            raise SweepRefused("sweep_closed", "this sweep is closed: nothing more is recorded in it")

    def _note(
        self, item: SweepItem | None, act: SweepAct, words: str | None, outcome: VisitOutcome | None = None
    ) -> None:
        self._session.add(
            SweepEntry(
                sweep_no=self._sweep.sweep_no,
                item_no=item.item_no if item else None,
                at=self._now,
                actor=self._by.id,
                act=act.value,
                level=item.level if item else self._sweep.level,
                visit=outcome.value if outcome else None,
                words=words,
            )
        )


def _move(item: SweepItem, after: Standing) -> None:
    item.level, item.status = after.level.value, after.status.value
    item.owed = after.owed.value if after.owed else None
