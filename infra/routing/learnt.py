"""What was learnt from the city's decisions, as it is kept: no more than numbers is needed to ask it."""

from enum import StrEnum

from sqlalchemy.ext.asyncio import AsyncSession

from infra.routing.text_model import TextModel
from infra.routing_tables import RoutingModel


class Target(StrEnum):
    """What is learnt: the top class, the class in full, the unit in the lead."""

    TOP_CLASS = "top_class"
    CLASS = "class"
    LEAD_UNIT = "lead_unit"


async def learnt(session: AsyncSession, target: Target) -> RoutingModel | None:
    """The newest that was learnt for the target; None if nothing was."""
    return await session.get(RoutingModel, target.value)


def read_model(row: RoutingModel) -> TextModel:
    """The model that the row keeps."""
    return TextModel.from_bytes(row.classes, row.grams, row.numbers)
