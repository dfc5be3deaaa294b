"""The table of what the city's own decisions taught."""

from datetime import datetime
from typing import Any

from sqlalchemy import ARRAY, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from infra.tables import Base


class RoutingModel(Base):
    """A linear model for one target; the newest training replaces it.

    `figures` are those of its training. `numbers` is an npz archive of plain float arrays: the weight of each gram, the
    weights of each class, and how sure scores are. Nothing in it is ever unpickled.
    """

    __tablename__ = "routing_models"

    target: Mapped[str] = mapped_column(String(16), primary_key=True)
    trained_at: Mapped[datetime]
    figures: Mapped[dict[str, Any]]
    classes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    grams: Mapped[list[str]] = mapped_column(ARRAY(Text))
    numbers: Mapped[bytes] = mapped_column(LargeBinary)
