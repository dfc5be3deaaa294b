"""What each paper of a mediation tells, its file and its line on a list, put together before anything is written.

Names and words are as people gave them; days are local, moments know their time zone, money is in fen.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from workflows.contracts.mediation.vocabulary import (
    AgreementForm,
    MediationStatus,
    PartyKind,
    Remedy,
    SessionForm,
    Side,
    SignedBy,
)


@dataclass(frozen=True, kw_only=True)
class PartyLines:
    """A party as a paper shows it; what is not on record is left blank there, for writing in by hand.

    `document_no` is the number of its paper of identity or its credit code, `language` what an interpreter is needed
    for. `contact` (address, phone) is given only where the paper goes no further than the file.
    """

    side: Side
    name: str
    kind: PartyKind = PartyKind.PERSON
    document_no: str | None = None
    contact: str | None = None
    guardian: str | None = None
    representatives: Sequence[str] = ()
    language: str | None = None


@dataclass(frozen=True, kw_only=True)
class Matter:
    """What stands on every paper of a mediation: its number, who hosts and mediates, the parties and the dispute."""

    mediation_no: str
    host: str
    mediators: Sequence[str]
    parties: Sequence[PartyLines]
    dispute: str
    invited: Sequence[str] = ()
    issued_on: date


@dataclass(frozen=True, kw_only=True)
class Application:
    """调解申请书. `requests` are what the applicants ask for; an oral application was `taken_down_by` somebody."""

    matter: Matter
    requests: Sequence[str]
    handled_before: str | None = None
    taken_down_by: str | None = None


@dataclass(frozen=True, kw_only=True)
class RightsNotice:
    """权利义务告知书. `disclosed` are the ties of a mediator to a party; `conclude_by` is the day of the limit."""

    matter: Matter
    disclosed: Sequence[str] = ()
    conclude_by: date | None = None


@dataclass(frozen=True, kw_only=True)
class Invitation:
    """调解通知书, to a party or to a unit that is invited."""

    matter: Matter
    to: str
    session: int
    begins: datetime
    place: str
    form: SessionForm = SessionForm.ON_SITE
    bring: Sequence[str] = ()
    contact: str | None = None


@dataclass(frozen=True, kw_only=True)
class Attendant:
    """Who was there, and as what (申请人, 第三人的代理人, 翻译…); `why_absent` if not."""

    name: str
    role: str
    why_absent: str | None = None


@dataclass(frozen=True, kw_only=True)
class SessionRecord:
    """调解笔录 of one session. `recorder` wrote it, `course` is what was said; `next_at` if it goes on."""

    matter: Matter
    session: int
    began: datetime
    ended: datetime
    place: str
    form: SessionForm = SessionForm.ON_SITE
    recorder: str | None = None
    present: Sequence[Attendant]
    absent: Sequence[Attendant] = ()
    course: str
    facts_agreed: Sequence[str] = ()
    open_points: Sequence[str] = ()
    outcome: str
    next_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Promise:
    """A promise of the agreement: who does what for whom until when; `amount` in fen where it is money."""

    by: str
    to: str
    what: str
    due: date | None = None
    amount: int | None = None


@dataclass(frozen=True, kw_only=True)
class Confirmation:
    """Until when the parties may ask a court together for confirmation (司法确认), and which, if that is known.

    `until` is the last day, `days` the length of the period in days from the effect on.
    """

    until: date
    days: int
    court: str | None = None


@dataclass(frozen=True, kw_only=True)
class AgreementText:
    """调解协议书, or the register entry of an oral one.

    `signed_by` are the marks that make it effective, from the channel table. `confirmation` if the channel's agreements
    are confirmed by courts.
    """

    matter: Matter
    form: AgreementForm
    facts: Sequence[str]
    terms: Sequence[str]
    promises: Sequence[Promise] = ()
    signed_by: Sequence[SignedBy]
    agreed_on: date
    place: str | None = None
    confirmation: Confirmation | None = None

    @property
    def sum(self) -> int:
        """All promised money, in fen."""
        return sum(promise.amount or 0 for promise in self.promises)

    @property
    def copies(self) -> int:
        """One for each party and one for the file."""
        return len(self.matter.parties) + 1


@dataclass(frozen=True, kw_only=True)
class Termination:
    """调解终止通知书: how it ended, on which day, and why."""

    matter: Matter
    ended: MediationStatus
    ended_on: date
    reason: str | None = None


@dataclass(frozen=True, kw_only=True)
class Route:
    """Where a party can go: the remedy, the body that takes it, the last day, and what is to be known besides."""

    remedy: Remedy
    where: str | None = None
    until: date | None = None
    note: str | None = None


@dataclass(frozen=True, kw_only=True)
class RunningPeriod:
    """A period of the law (时效、期限) that runs beside mediation, its last day, and what mediation did to it."""

    name: str
    until: date | None
    effect: str


@dataclass(frozen=True, kw_only=True)
class RouteNotice:
    """救济途径告知书: nothing ends without the parties being told where they can go."""

    matter: Matter
    to: Sequence[str]
    reason: str
    routes: Sequence[Route]
    periods: Sequence[RunningPeriod] = ()


@dataclass(frozen=True, kw_only=True)
class Cover:
    """The cover of a file (卷宗); `ended_on` is None while promises are still open, `result` says how it went."""

    mediation_no: str
    case_no: str
    host: str
    mediators: Sequence[str]
    parties: Sequence[str]
    dispute_type: str
    taken_up_on: date
    ended_on: date | None
    result: str
    bound_on: date


@dataclass(frozen=True, kw_only=True)
class Enclosure:
    """A document of the file: a paper (DOCX) or an attachment (PDF, PNG, JPEG) with its title and day."""

    title: str
    on: date
    content: bytes


class CannotBind(Exception):  # noqa: N818 - says what it is
    """The `enclosure` cannot be bound; the message names its title, for those who may read the file."""

    def __init__(self, enclosure: Enclosure, why: str) -> None:
        super().__init__(f"{enclosure.title}: {why}")
        self.enclosure = enclosure


@dataclass(frozen=True, kw_only=True)
class ListedMediation:
    """A row of the list by which committees are paid (以案定补); `missing` names what its file lacks."""

    mediation_no: str
    region: str
    committee: str
    mediator: str
    dispute_type: str
    taken_up_on: date
    agreed_on: date
    fulfilled_on: date | None
    form: AgreementForm
    missing: Sequence[str] = ()


Contents = Application | RightsNotice | Invitation | SessionRecord | AgreementText | Termination | RouteNotice
