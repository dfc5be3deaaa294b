"""The tables of sweeps: what was ordered, what is on the list, what was done, and the spots that staff know."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from infra.tables import Base


class Sweep(Base):
    """A campaign through a region. Its days are local dates, both included; so are the last days of the levels."""

    __tablename__ = "sweeps"
    __table_args__ = (Index("sweeps_by_order", "ordered_at", "sweep_no"),)

    sweep_no: Mapped[str] = mapped_column(String(20), primary_key=True)
    title: Mapped[str]
    theme: Mapped[str]
    region_code: Mapped[str] = mapped_column(String(15), index=True)
    level: Mapped[str] = mapped_column(String(16))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    village_until: Mapped[date]
    township_until: Mapped[date]
    county_until: Mapped[date]
    ordered_by: Mapped[str] = mapped_column(String(64))
    ordered_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class TroubleSpot(Base):
    """A place or an issue that staff know, never a person; `until` is its last day, null while it lasts."""

    __tablename__ = "trouble_spots"
    __table_args__ = (
        Index("trouble_spots_by_region", "region_code", "spot_id", postgresql_ops={"region_code": "text_pattern_ops"}),
    )

    spot_id: Mapped[UUID] = mapped_column(primary_key=True)
    region_code: Mapped[str] = mapped_column(String(15))
    kind: Mapped[str] = mapped_column(String(24))
    name: Mapped[str]
    note: Mapped[str | None]
    since: Mapped[date]
    until: Mapped[date | None]
    listed_by: Mapped[str] = mapped_column(String(64))
    listed_at: Mapped[datetime]
    ended_by: Mapped[str | None] = mapped_column(String(64))


class SweepItem(Base):
    """One thing to go and see: a case, a spot, or a class of matters that a village had `cases` of.

    It stands at `level`, which owes `owed`; null once nobody owes anything. `visit` is the outcome of the last one.
    """

    __tablename__ = "sweep_items"
    __table_args__ = (CheckConstraint("num_nonnulls(case_no, spot_id, category) = 1"),)

    sweep_no: Mapped[str] = mapped_column(ForeignKey("sweeps.sweep_no"), primary_key=True)
    item_no: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(8))
    region_code: Mapped[str] = mapped_column(String(15))
    case_no: Mapped[str | None] = mapped_column(ForeignKey("cases.case_no"))
    spot_id: Mapped[UUID | None] = mapped_column(ForeignKey("trouble_spots.spot_id"))
    category: Mapped[str | None]
    cases: Mapped[int | None]
    sampled: Mapped[bool]
    level: Mapped[str] = mapped_column(String(16))
    status: Mapped[str] = mapped_column(String(16))
    owed: Mapped[str | None] = mapped_column(String(8))
    visit: Mapped[str | None] = mapped_column(String(16))
    finding: Mapped[str | None] = mapped_column(ForeignKey("cases.case_no"))


class SweepEntry(Base):
    """Append-only: who did what in a sweep, and when; without an item it is about the sweep itself.

    `level` is where the item stood then, `words` what was written, null once erased.
    """

    __tablename__ = "sweep_log"
    __table_args__ = (Index("sweep_log_by_item", "sweep_no", "item_no", "id"),)

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=True)
    sweep_no: Mapped[str] = mapped_column(ForeignKey("sweeps.sweep_no"))
    item_no: Mapped[int | None]
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(64))
    act: Mapped[str] = mapped_column(String(16))
    level: Mapped[str] = mapped_column(String(16))
    visit: Mapped[str | None] = mapped_column(String(16))
    words: Mapped[str | None]
