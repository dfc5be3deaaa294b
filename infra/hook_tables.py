"""The table of what other authorities' systems told: written by the API, carried on by the hook relay."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index, String, UniqueConstraint, and_, or_, text
from sqlalchemy.orm import Mapped, mapped_column

from infra.tables import Base


class Hook(Base):
    """One thing that a system told, once by its `webhook_id`; in the order of `hook_no`.

    `command` is what the mediation is to record; its words are texts. `happened_at` is when the system says that it
    was. `done_at` is null until the mediation has answered; `code` is then that of the rule that refused it, or null.
    `dismissed_at` is when an operator had dealt with a refusal.
    """

    __tablename__ = "hooks"
    __table_args__ = (
        UniqueConstraint("connector", "webhook_id"),
        Index("hooks_pending", "mediation_no", "hook_no", postgresql_where=text("done_at IS NULL")),
        Index("hooks_refused", "case_no", postgresql_where=text("code IS NOT NULL AND dismissed_at IS NULL")),
    )

    hook_no: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=True)
    connector: Mapped[str] = mapped_column(String(24))
    webhook_id: Mapped[str] = mapped_column(String(128))
    digest: Mapped[str] = mapped_column(String(64))
    unit_id: Mapped[str] = mapped_column(String(64))
    case_no: Mapped[str]
    mediation_no: Mapped[str] = mapped_column(String(32))
    kind: Mapped[str] = mapped_column(String(32))
    command: Mapped[dict[str, Any]]
    happened_at: Mapped[datetime]
    received_at: Mapped[datetime]
    failed_tries: Mapped[int] = mapped_column(server_default="0")
    try_after: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    code: Mapped[str | None] = mapped_column(String(64))
    dismissed_at: Mapped[datetime | None]


_TRIES_BEFORE_IT_SHOWS = 5
NEEDS_OPERATOR = or_(
    and_(Hook.code.is_not(None), Hook.dismissed_at.is_(None)),
    and_(Hook.done_at.is_(None), Hook.failed_tries >= _TRIES_BEFORE_IT_SHOWS),
)
"""A rule refused it and nobody has seen to that, or the mediation cannot be reached with it."""
