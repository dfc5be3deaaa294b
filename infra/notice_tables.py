"""The table of formal notices: written once each by the worker, read by the API."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from infra.tables import Base


class Notice(Base):
    """A formal notice as it was written: the whole letter as HTML without a page around it, never written anew.

    Whether and how it was served is on the case's own record.
    """

    __tablename__ = "notices"

    notice_no: Mapped[str] = mapped_column(String(32), primary_key=True)
    case_no: Mapped[str] = mapped_column(ForeignKey("cases.case_no"), index=True)
    kind: Mapped[str] = mapped_column(String(16))
    body: Mapped[str]
    issued_at: Mapped[datetime]
