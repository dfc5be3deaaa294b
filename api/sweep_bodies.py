"""The bodies of requests about sweeps and trouble spots."""

from typing import Annotated, Literal

from pydantic import Field

from api.fields import Body, Flag, LocalDate, Name, Title, Words
from infra.sweeps.vocabulary import SpotKind, VisitOutcome
from workflows.contracts.ids import RegionCode
from workflows.contracts.vocabulary import CaseKind

Remark = Annotated[Words, Field(max_length=500)]


class SweepBody(Body):
    """A sweep of a region; `theme` says what it looks for, as before the harvest. Local dates, both included."""

    title: Title
    theme: Title
    region_code: RegionCode
    starts_on: LocalDate
    ends_on: LocalDate


class VisitBody(Body):
    """What a visit came to. A finding needs title and note, and becomes a case of this kind."""

    outcome: VisitOutcome
    note: Remark | None = None
    title: Title | None = None
    kind: Literal[CaseKind.DISPUTE, CaseKind.HAZARD, CaseKind.HELP] = CaseKind.DISPUTE


class PassUpBody(Body):
    """Why the level cannot settle it."""

    reason: Remark


class CheckBody(Body):
    """Whether what was found or settled below is right; who does not agree says why."""

    agrees: Flag
    note: Remark | None = None


class CloseSweepBody(Body):
    """Why a sweep ends though something is still owed in it."""

    reason: Remark | None = None


class SpotBody(Body):
    """A place or an issue, never a person. `since` is today unless it is given."""

    region_code: RegionCode
    kind: SpotKind
    name: Name
    note: Remark | None = None
    since: LocalDate | None = None


class EndSpotBody(Body):
    """The last day of a spot; today unless it is given."""

    until: LocalDate | None = None
