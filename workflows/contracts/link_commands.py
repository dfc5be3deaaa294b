"""What binds cases to each other, and what leads a matter out of the city's hands."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from workflows.contracts.clocks import Clock
from workflows.contracts.command import Command, Subject, UnitRef
from workflows.contracts.ids import TextId
from workflows.contracts.model import Frozen
from workflows.contracts.vocabulary import CaseKind, CaseStatus, LegalRoute, ServiceMethod

_MOST = 50
"""Cases or parts that one command names: what follows from it has to fit into one step of the workflow."""


class Part(Frozen):
    """A matter that goes on as a case of its own, under this number."""

    case_no: str
    title: TextId
    description: TextId
    case_kind: CaseKind
    category: str | None = None


class Merge(Command):
    """Another case is about the same matter: this one goes on in it (并案)."""

    kind: Literal["merge"] = "merge"
    into: str
    reason: TextId


class TakeIn(Command):
    """From a case that was merged into this one: its requester's own clock, and whom it is about."""

    kind: Literal["take_in"] = "take_in"
    case_no: str
    case_kind: CaseKind | None = None
    subjects: tuple[Subject, ...] = ()
    citizen: Clock | None = None


class FollowMain(Command):
    """From the case that this one was merged into: what the matter came to, and who handled and judged it."""

    kind: Literal["follow_main"] = "follow_main"
    main: str
    status: CaseStatus
    units: tuple[str, ...] = ()
    judges: tuple[str, ...] = ()


class GoAlone(Command):
    """From a case that was merged into this one: its reporter has it taken up by itself again, or takes it back."""

    kind: Literal["go_alone"] = "go_alone"
    case_no: str


class Split(Command):
    """Reports that turned out to be about something else become cases of their own again (拆分)."""

    kind: Literal["split"] = "split"
    case_nos: Annotated[tuple[str, ...], Field(min_length=1, max_length=_MOST)]
    reason: TextId


class SplitOff(Command):
    """From the case that this one was merged into: it is to go on by itself."""

    kind: Literal["split_off"] = "split_off"
    main: str


class Divide(Command):
    """The case is really several: these parts go on as cases of their own, this one with the rest (分案)."""

    kind: Literal["divide"] = "divide"
    parts: Annotated[tuple[Part, ...], Field(min_length=1, max_length=_MOST)]
    reason: TextId


class Gather(Command):
    """These cases have one issue in common with this one, and stay separate (共性诉求)."""

    kind: Literal["gather"] = "gather"
    case_nos: Annotated[tuple[str, ...], Field(min_length=1, max_length=_MOST)]
    reason: TextId


class JoinIssue(Command):
    """From the case that gathers those with a common issue."""

    kind: Literal["join_issue"] = "join_issue"
    main: str


class Agreed(Frozen):
    """What a consultation decided that one unit does."""

    unit: UnitRef
    what: TextId


class Consult(Command):
    """Units sat together (会商); what the minutes decide becomes tasks. The first unit leads, if none does yet."""

    kind: Literal["consult"] = "consult"
    minutes: TextId
    decisions: Annotated[tuple[Agreed, ...], Field(max_length=_MOST)] = ()
    power_holder: UnitRef | None = None


class Transfer(Command):
    """Another city is asked to take the matter over; it stays ours until that city's receipt (移交)."""

    kind: Literal["transfer"] = "transfer"
    city: TextId
    reason: TextId


class TransferReceipt(Command):
    """The other city's answer: its number for the matter, or that it does not take it."""

    kind: Literal["transfer_receipt"] = "transfer_receipt"
    taken: bool = True
    number: TextId | None = None


class TakeLegalRoute(Command):
    """The matter belongs before a court, an arbitration or a reconsideration body; the requester is told how."""

    kind: Literal["legal_route"] = "legal_route"
    route: LegalRoute
    reason: TextId


class RecordLegalOutcome(Command):
    """What the legal route came to, asked for after a while."""

    kind: Literal["legal_outcome"] = "legal_outcome"
    outcome: TextId


class ServeNotice(Command):
    """How and when (UTC) a formal notice reached its addressee (送达)."""

    kind: Literal["serve_notice"] = "serve_notice"
    notice_no: str
    how: ServiceMethod
    served_at: AwareDatetime
    note: TextId | None = None
