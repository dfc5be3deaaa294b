"""The body of `POST /cases`: a matter as somebody reports it."""

from typing import Annotated

from pydantic import Field

from api.fields import (
    Body,
    Count,
    Description,
    Flag,
    Identifier,
    Language,
    Latitude,
    Longitude,
    Moment,
    Name,
    Phone,
    SourceName,
    Title,
    Words,
)
from infra.intake import Report
from workflows.contracts.ids import RegionCode
from workflows.contracts.vocabulary import CaseKind, SubjectType, Urgency


class LocationBody(Body):
    """Where it is; coordinates in WGS-84."""

    text: Annotated[Words, Field(max_length=500)] | None = None
    lat: Latitude | None = None
    lng: Longitude | None = None


class SafeContactBody(Body):
    """How and when this person may be reached, and what must never be done."""

    how: Title | None = None
    when: Title | None = None
    never: Title | None = None


class RequesterBody(Body):
    """Whom it concerns (诉求人)."""

    name: Name | None = None
    phone: Phone | None = None
    anonymous: Flag = False
    language: Language | None = None
    safe_contact: SafeContactBody | None = None


class ReportedByBody(Body):
    """Who reported it in another's place (代为反映)."""

    name: Name | None = None
    phone: Phone | None = None
    relation: Name | None = None


class SubjectBody(Body):
    """Whom the matter is about (被反映对象): `id` is a unit's or a member of staff's in the directory."""

    type: SubjectType
    id: Identifier | None = None
    name: Name | None = None


class GroupBody(Body):
    """Many people with one matter, who send at most five representatives [law: 信访工作条例, of visits]."""

    headcount: Count
    representatives: Annotated[tuple[Name, ...], Field(max_length=5)] = ()


class PendingProcedureBody(Body):
    """A legal procedure that already runs."""

    kind: Name
    number: Name | None = None


class ReportBody(Body):
    """What is reported, by whom and about what; `submitted_at` is when it was first said, and starts no clock.

    `regions` are those that it concerns beside `region_code`, each once. Of an anonymous requester neither name nor
    phone is kept, nor who reported in that person's place.
    """

    source: SourceName
    kind: CaseKind
    title: Title
    description: Description
    category: Title | None = None
    urgency: Urgency = Urgency.ORDINARY
    region_code: RegionCode | None = None
    regions: Annotated[tuple[RegionCode, ...], Field(max_length=10)] = ()
    location: LocationBody | None = None
    requester: RequesterBody | None = None
    reported_by: ReportedByBody | None = None
    subjects: Annotated[tuple[SubjectBody, ...], Field(max_length=50)] = ()
    group: GroupBody | None = None
    pending_procedure: PendingProcedureBody | None = None
    external_id: Identifier | None = None
    submitted_at: Moment | None = None

    def report(self) -> Report:
        """As the intake takes it."""
        return Report.model_validate(self.model_dump(exclude_none=True))
