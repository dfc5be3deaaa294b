"""Taking reports in: durable, numbered and trackable before anything else happens to them."""

import hashlib
import secrets
from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID, uuid4

from opentelemetry.propagate import inject
from pydantic import AwareDatetime, Field, StringConstraints
from sqlalchemy import ColumnElement, false, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from infra.case_rows import add_case
from infra.directory import UnknownRegionError
from infra.directory_tables import CityRow, Matter, Region
from infra.subjects import Bearing, bearing_of, first_unknown
from infra.tables import Case, CaseNumber, Intake, Requester
from workflows.contracts.actors import Actor
from workflows.contracts.model import Frozen
from workflows.contracts.vocabulary import CaseKind, CaseStatus, SubjectType, Urgency
from workflows.rules.calendar import LOCAL, local_date

_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_TRACKING_LENGTH = 18  # of 32 letters: 90 bits
_PIN_ROUNDS = 10_000
_UNKNOWN = {
    SubjectType.UNIT: ("unknown_unit", "the directory has no such unit"),
    SubjectType.STAFF: ("unknown_user", "the directory has no such member of staff"),
}


class Report(Frozen):
    """A matter as it was reported: the words, who it concerns, and what it is about.

    Where it lies is `region_code`; `regions` are those that it concerns as well.
    """

    source: Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]{1,32}$")]
    kind: CaseKind
    title: str
    description: str
    category: str | None = None
    urgency: Urgency = Urgency.ORDINARY
    region_code: str | None = None
    regions: tuple[str, ...] = ()
    location: dict[str, Any] | None = None
    requester: dict[str, Any] | None = None
    reported_by: dict[str, Any] | None = None
    subjects: tuple[dict[str, Any], ...] = ()
    group: dict[str, Any] | None = None
    pending_procedure: dict[str, Any] | None = None
    external_id: str | None = None
    submitted_at: AwareDatetime | None = None


class Registered(Frozen):
    """What the reporter gets back. The PIN is told once and kept only as a hash."""

    case_no: str
    tracking_code: str
    pin: str | None = Field(default=None, repr=False)
    status: CaseStatus = CaseStatus.REGISTERED


class InvalidReport(ValueError):  # noqa: N818 - the reporter's word for it
    """The report names something that the city does not have. `field` is the path in the report."""

    def __init__(self, code: str, message: str, field: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.field = field


class ExternalIdInUse(InvalidReport):
    """The source has this report from somebody else already, and this reporter may not know what became of it."""

    def __init__(self) -> None:
        super().__init__("external_id_in_use", "this source has another report under this id", "external_id")


def random_pin(_case_no: str) -> str:
    """A PIN that nothing tells again."""
    return f"{secrets.randbelow(1_000_000):06d}"


def new_tracking_code() -> str:
    """A code that nobody can guess and that tells nothing."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(_TRACKING_LENGTH))


class Intakes:
    """Registers reports within the caller's transaction.

    `now` is the clock that stamps them, `pin` makes the PIN of a case number: six digits.
    """

    def __init__(self, now: Callable[[], datetime], pin: Callable[[str], str] = random_pin) -> None:
        self._now = now
        self._pin = pin

    async def register(
        self, session: AsyncSession, report: Report, actor: Actor, *, sees: ColumnElement[bool] | None = None
    ) -> Registered:
        """Writes intake and case. The same `(source, external_id)` again answers the first number, without the PIN.

        That is told to whoever reported it first, and to those who see the case anyway: `sees` is the condition on
        `cases` under which the actor does.

        Raises:
            InvalidReport: `unknown_region`, `region_twice`, `unknown_category`, `unknown_unit`, `unknown_user`,
                `city_not_loaded` or `external_id_in_use`; nothing is written.
        """
        known = await self._known(session, report, actor, sees)
        if known is not None:
            return known
        received_at = self._now()
        bearing = await self._bearing(session, report, local_date(received_at))
        tracking_code = new_tracking_code()
        intake_id = uuid4()
        (case_no,) = await allot_numbers(session, report.region_code, received_at, 1)
        pin = self._pin(case_no)
        details = report.model_dump(
            mode="json",
            include={"kind", "category", "urgency", "region_code", "regions", "subjects", "group", "pending_procedure"},
        ) | {"anonymous": _is_anonymous(report)}
        inserted = await session.scalar(
            insert(Intake)
            .values(
                id=intake_id,
                case_no=case_no,
                source=report.source,
                external_id=report.external_id,
                tracking_code=tracking_code,
                pin_hash=pin_hash(pin, intake_id),
                actor=actor.model_dump(mode="json"),
                received_at=received_at,
                submitted_at=report.submitted_at,
                details=details,
                trace_parent=_trace_parent(),
            )
            .on_conflict_do_nothing(index_elements=["source", "external_id"])
            .returning(Intake.id)
        )
        if inserted is None:
            # Somebody else registered the same report at this very moment; the unused number stays unused.
            known = await self._known(session, report, actor, sees)
            return known or await self.register(session, report, actor, sees=sees)
        case = Case(
            case_no=case_no,
            intake_id=intake_id,
            tracking_code=tracking_code,
            title=report.title,
            description=report.description,
            location=report.location,
            requester_id=await self._requester(session, report),
            kind=report.kind.value,
            source=report.source,
            urgency=report.urgency.value,
            category=report.category,
            region_code=report.region_code,
            registered_at=received_at,
            regions=list(report.regions),
        )
        await add_case(session, case, bearing)
        return Registered(case_no=case_no, tracking_code=tracking_code, pin=pin)

    async def _known(
        self, session: AsyncSession, report: Report, actor: Actor, sees: ColumnElement[bool] | None
    ) -> Registered | None:
        if report.external_id is None:
            return None
        same = (
            select(Intake.case_no, Intake.tracking_code, Intake.actor, Case.status)
            .add_columns((false() if sees is None else sees).label("seen"))
            .join(Case)
            .where(Intake.source == report.source, Intake.external_id == report.external_id)
        )
        row = (await session.execute(same)).one_or_none()
        if row is None:
            return None
        first = Actor.model_validate(row.actor)
        if (first.id, first.unit_id) != (actor.id, actor.unit_id) and not row.seen:
            raise ExternalIdInUse
        return Registered(case_no=row.case_no, tracking_code=row.tracking_code, status=CaseStatus(row.status))

    async def _bearing(self, session: AsyncSession, report: Report, today: date) -> Bearing:
        if report.category is not None and await session.get(Matter, report.category) is None:
            raise InvalidReport("unknown_category", "the city's classification has no such class", "category")
        for place, code in enumerate(report.regions):
            if code in {report.region_code, *report.regions[:place]}:
                raise InvalidReport("region_twice", "name each region once", f"regions.{place}")
            if await session.get(Region, code) is None:
                raise InvalidReport("unknown_region", "the city has no such region", f"regions.{place}")
        unknown = await first_unknown(session, report.subjects)
        if unknown is not None:
            raise InvalidReport(*_UNKNOWN[unknown[1]], f"subjects.{unknown[0]}.id")
        try:
            return await bearing_of(session, report.kind, report.region_code, report.subjects, today)
        except UnknownRegionError:
            if await session.scalar(select(CityRow.code)) is None:
                raise InvalidReport("city_not_loaded", "load a city first: yingshao city load DIR", "city") from None
            raise InvalidReport("unknown_region", "the city has no such region", "region_code") from None

    async def _requester(self, session: AsyncSession, report: Report) -> UUID | None:
        who = report.requester
        if who is None and report.reported_by is None:
            return None
        who = who or {}
        # What was never written down can never be shown.
        anonymous = _is_anonymous(report)
        row = Requester(
            id=uuid4(),
            name=None if anonymous else who.get("name"),
            phone=None if anonymous else who.get("phone"),
            anonymous=anonymous,
            language=who.get("language"),
            safe_contact=who.get("safe_contact"),
            reported_by=None if anonymous else report.reported_by,
        )
        session.add(row)
        await session.flush()
        return row.id


async def allot_numbers(session: AsyncSession, region_code: str | None, at: datetime, count: int) -> tuple[str, ...]:
    """The next case numbers of the region, by default the city's, and of the local day of `at`; each is given out once.

    They follow each other; what is not used of them stays unused.
    """
    code = region_code or await session.scalar(select(CityRow.code)) or ""
    prefix = f"{code[:6]}{at.astimezone(LOCAL):%Y%m%d}"
    taken = (
        insert(CaseNumber)
        .values(prefix=prefix, last=count)
        .on_conflict_do_update(index_elements=["prefix"], set_={"last": CaseNumber.last + count})
        .returning(CaseNumber.last)
    )
    last = (await session.scalars(taken)).one()
    return tuple(f"{prefix}{number:05d}" for number in range(last - count + 1, last + 1))


def _is_anonymous(report: Report) -> bool:
    return bool((report.requester or {}).get("anonymous"))


def _trace_parent() -> str | None:
    """The trace of the request that brought the report; the case's workflow goes on with it."""
    carrier: dict[str, str] = {}
    inject(carrier)
    return carrier.get("traceparent")


def pin_hash(pin: str, intake_id: UUID) -> str:
    """What is kept of a PIN: slow to try out, and worth nothing for any other report."""
    return hashlib.pbkdf2_hmac("sha256", pin.encode(), intake_id.bytes, _PIN_ROUNDS).hex()


def pin_matches(pin: str, intake: Intake) -> bool:
    """Whether this is the PIN that the reporter was told."""
    return secrets.compare_digest(pin_hash(pin, intake.id), intake.pin_hash)
