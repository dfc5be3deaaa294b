"""The row of a case as it begins, before anything happened to it."""

from sqlalchemy.ext.asyncio import AsyncSession

from infra.chinese_text import grams
from infra.subjects import Bearing
from infra.tables import Case, CaseWords
from workflows.contracts.vocabulary import CaseStatus, OwnerRole


async def add_case(session: AsyncSession, case: Case, bearing: Bearing) -> None:
    """Writes a registered case at the lowest centre that may carry it, and the words that it is found by.

    It is kept from those whom the row names already and from those who follow from its bearing.
    """
    case.status = CaseStatus.REGISTERED.value
    case.level = bearing.level.value
    case.owner_role, case.owner_unit = OwnerRole.DISPATCHER.value, bearing.centres[bearing.level]
    case.hidden_from = sorted({*(case.hidden_from or ()), *bearing.hidden_from})
    case.concerned = sorted({*(case.concerned or ()), *bearing.concerned})
    session.add(case)
    await session.flush()
    session.add(CaseWords(case_no=case.case_no, grams=grams(f"{case.title}\n{case.description}")))
    await session.flush()
