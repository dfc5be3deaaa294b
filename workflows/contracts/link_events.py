"""What bound a case to others, or led its matter out of the city's hands; and the notices about it."""

from datetime import datetime
from typing import Literal

from workflows.contracts.command import Subject
from workflows.contracts.ids import TextId
from workflows.contracts.link_commands import Part
from workflows.contracts.model import Frozen
from workflows.contracts.vocabulary import CaseStatus, LegalRoute, NoticeKind, ServiceMethod


class CaseMerged(Frozen):
    """The matter goes on in another case; the reporter keeps her tracking code, her callback and her rating."""

    kind: Literal["case_merged"] = "case_merged"
    into: str
    reason: TextId


class CaseTakenIn(Frozen):
    """Another report of the same matter is part of this case, which is about `subjects` from here on as well."""

    kind: Literal["case_taken_in"] = "case_taken_in"
    case_no: str
    subjects: tuple[Subject, ...] = ()


class TakeInRefused(Frozen):
    """This case is over: the other one goes on by itself."""

    kind: Literal["take_in_refused"] = "take_in_refused"
    case_no: str


class MainConcluded(Frozen):
    """What the case that this one was merged into came to, or that it is at work again.

    `units` handled it, or whoever settled it, and `judges` verified it.
    """

    kind: Literal["main_concluded"] = "main_concluded"
    status: CaseStatus
    units: tuple[str, ...] = ()
    judges: tuple[str, ...] = ()


class CasesSplitOff(Frozen):
    """Without a reason because this case ended before the matter of those was settled."""

    kind: Literal["cases_split_off"] = "cases_split_off"
    case_nos: tuple[str, ...]
    reason: TextId | None = None


class SplitFromMain(Frozen):
    """A case of its own again, with its own dates."""

    kind: Literal["split_from_main"] = "split_from_main"
    main: str


class CaseDivided(Frozen):
    """A part is taken in as a case, with this one's time of registration and tracking code, as this is recorded."""

    kind: Literal["case_divided"] = "case_divided"
    part: Part
    reason: TextId


class HazardKept(Frozen):
    """The matter was withdrawn; the danger to others in it goes on as a case of its own."""

    kind: Literal["hazard_kept"] = "hazard_kept"
    part: Part


class CasesGathered(Frozen):
    """Those cases have one issue in common, which this case carries; each goes on by itself (共性诉求)."""

    kind: Literal["cases_gathered"] = "cases_gathered"
    case_nos: tuple[str, ...]
    reason: TextId


class IssueJoined(Frozen):
    """This case is one of several with the issue that `main` carries; it goes on by itself all the same."""

    kind: Literal["issue_joined"] = "issue_joined"
    main: str


class Decided(Frozen):
    """A unit's part of what a consultation decided."""

    unit_id: str
    what: TextId


class Consulted(Frozen):
    """Units sat together (会商): the minutes, and what each one does; whoever had no task is given one with it."""

    kind: Literal["consulted"] = "consulted"
    minutes: TextId
    decisions: tuple[Decided, ...] = ()


class TransferAsked(Frozen):
    """Another city is asked to take the matter; until it answers, nothing changes here."""

    kind: Literal["transfer_asked"] = "transfer_asked"
    city: TextId
    reason: TextId


class TransferRefused(Frozen):
    """The other city does not take it: the case goes on here."""

    kind: Literal["transfer_refused"] = "transfer_refused"


class CaseTransferred(Frozen):
    """The other city has the matter under its own `number`, and this case is over."""

    kind: Literal["case_transferred"] = "case_transferred"
    number: TextId


class LegalRouteTaken(Frozen):
    """The case is over here: only a court or another body can decide the matter."""

    kind: Literal["legal_route_taken"] = "legal_route_taken"
    route: LegalRoute
    reason: TextId | None = None


class LegalOutcomeRecorded(Frozen):
    """What the legal route came to, as the centre learnt afterwards."""

    kind: Literal["legal_outcome_recorded"] = "legal_outcome_recorded"
    outcome: TextId


class NoticeIssued(Frozen):
    """A formal writing is due to the requester; `about_seq` is the event that it tells of.

    `record_events` writes it from its template in the transaction that records this.
    """

    kind: Literal["notice_issued"] = "notice_issued"
    notice_no: str
    notice: NoticeKind
    about_seq: int


class NoticeServed(Frozen):
    """The requester has the writing since `served_at` (UTC); a time limit that her notice starts counts from then."""

    kind: Literal["notice_served"] = "notice_served"
    notice_no: str
    how: ServiceMethod
    served_at: datetime
    note: TextId | None = None
