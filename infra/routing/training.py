"""Learning from the city's own decided cases, and keeping what was learnt."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import delete, or_, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from infra.directory_tables import Matter
from infra.routing.learning import FOLDS, Figures, Lesson, evaluate, learn, words_of_classes
from infra.routing.learnt import Target
from infra.routing.text_model import TextModel, document
from infra.routing_tables import RoutingModel
from infra.tables import Case, Task
from workflows.contracts.vocabulary import CaseKind, CaseStatus, TaskRole, TaskStatus

_FEWEST_DECISIONS = 50
"""Below that a share of held-out decisions says nothing."""
_MOST_DECISIONS = 20_000
_RESULT_STANDS = (CaseStatus.FINISHED, CaseStatus.VERIFIED, CaseStatus.CLOSED)


class TooFewDecisionsError(Exception):
    """There are not enough decided cases to learn anything that could be checked."""


@dataclass(frozen=True, slots=True)
class Decision:
    """A case that people have decided: its text, its class, and who led it to its result (None: settled at once)."""

    text: str
    category: str
    lead_unit: str | None


async def decided_cases(session: AsyncSession) -> list[Decision]:
    """The latest cases with a class whose lead unit finished, or which ended well without one.

    By then a dispatcher has taken the case on as it was classed, and no unit has sent it away. Tip-offs stay out: their
    wording is sealed. So do classes that the city no longer has.
    """
    led = (
        select(Task.case_no, Task.unit_id)
        .where(Task.role == TaskRole.LEAD.value, Task.status == TaskStatus.FINISHED.value)
        .ext(distinct_on(Task.case_no))
        .order_by(Task.case_no, Task.dispatched_at.desc())
        .subquery()
    )
    rows = await session.execute(
        select(Case.title, Case.description, Case.category, led.c.unit_id)
        .join(Matter, Matter.path == Case.category)
        .outerjoin(led, led.c.case_no == Case.case_no)
        .where(
            Case.kind != CaseKind.TIP_OFF.value,
            or_(led.c.unit_id.is_not(None), Case.status.in_(status.value for status in _RESULT_STANDS)),
        )
        .order_by(Case.registered_at.desc(), Case.case_no.desc())
        .limit(_MOST_DECISIONS)
    )
    return [Decision(document(title, text), category, unit) for title, text, category, unit in rows]


async def train(session: AsyncSession, now: datetime) -> dict[Target, Figures]:
    """Learns each target that has enough decisions, and puts it in the place of what was learnt before.

    Raises:
        TooFewDecisionsError: and nothing is changed.
    """
    decisions = await decided_cases(session)
    matters = (await session.scalars(select(Matter.path).order_by(Matter.path))).all()
    found = f"{len(decisions)} decided cases"
    if len(decisions) < _FEWEST_DECISIONS:
        raise TooFewDecisionsError(f"{found} with a class are too few; train when there are {_FEWEST_DECISIONS}")
    if len({_top(one.category) for one in decisions}) < 2:
        raise TooFewDecisionsError(f"{found}, all of one class; train when a second one has been decided")
    await session.execute(delete(RoutingModel))
    in_full = _frequent([Lesson(one.text, one.category) for one in decisions])
    led = _frequent([Lesson(one.text, one.lead_unit) for one in decisions if one.lead_unit])
    known = {lesson.name for lesson in in_full}
    figures = {}
    for target, lessons, words in (
        (Target.TOP_CLASS, [Lesson(one.text, _top(one.category)) for one in decisions], words_of_classes(matters, 1)),
        (Target.CLASS, in_full, [word for word in words_of_classes(matters, 3) if word.name in known]),
        (Target.LEAD_UNIT, led, []),
    ):
        if len(lessons) < _FEWEST_DECISIONS or len({lesson.name for lesson in lessons}) < 2:
            continue
        figures[target] = evaluate(lessons, words)
        model = learn(lessons, words, figures[target].sharpness)
        session.add(_row(target, model, figures[target], now))
    return figures


def _top(category: str) -> str:
    return category.partition("/")[0]


def _frequent(lessons: Sequence[Lesson]) -> list[Lesson]:
    """Those of classes that can be held back and still be learnt."""
    times = Counter(lesson.name for lesson in lessons)
    return [lesson for lesson in lessons if times[lesson.name] >= FOLDS]


def _row(target: Target, model: TextModel, figures: Figures, now: datetime) -> RoutingModel:
    return RoutingModel(
        target=target.value,
        trained_at=now,
        figures=asdict(figures),
        classes=list(model.classes),
        grams=list(model.grams),
        numbers=model.to_bytes(),
    )
