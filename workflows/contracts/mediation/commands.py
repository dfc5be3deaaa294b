"""What people and systems may ask of a mediation: one frozen model each. Wording travels as text ids, people as ids."""

from datetime import date, datetime
from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from workflows.contracts.command import Command
from workflows.contracts.ids import TextId
from workflows.contracts.mediation.people import Party, TrackPlan
from workflows.contracts.mediation.vocabulary import (
    AgreementForm,
    BarredClause,
    Chosen,
    Outside,
    OutsideAsk,
    Remedy,
    SessionForm,
    SignatureMeans,
    SignedBy,
    Support,
)
from workflows.contracts.model import Frozen
from workflows.contracts.time_commands import AdoptCalendar
from workflows.contracts.vocabulary import PauseGround, ServiceMethod


class TrackCommand(Command):
    """A command about one track of the plan, by its number; without one the track that seeks the agreement."""

    track: int | None = None


class DecidePlan(Command):
    """The plan is decided, or revised: what is under way goes on unless it is dropped (调解方案)."""

    kind: Literal["decide_plan"] = "decide_plan"
    tracks: tuple[TrackPlan, ...]
    drop_current: bool = False
    reason: TextId


class AddParty(Command):
    """One more party is drawn in (追加当事人)."""

    kind: Literal["add_party"] = "add_party"
    party: Party


class ChangeParty(Command):
    """Who acts for a party: guardian and representatives as they are from now on."""

    kind: Literal["change_party"] = "change_party"
    party_no: str
    guardian: str | None = None
    representatives: tuple[str, ...] = ()


class Consent(TrackCommand):
    """A party agrees to this channel, or refuses, which ends the mediation (同意调解) [人民调解法 3, 17]."""

    kind: Literal["consent"] = "consent"
    party_no: str
    agreed: bool
    note: TextId | None = None


class LeaveMediation(Command):
    """A party will not go on, any time before it signs (退出调解) [人民调解法 23]."""

    kind: Literal["leave_mediation"] = "leave_mediation"
    party_no: str
    reason: TextId


class NameMediator(TrackCommand):
    """Who mediates, chosen by the parties or proposed by the host [人民调解法 19]; `ties` to a party are disclosed."""

    kind: Literal["name_mediator"] = "name_mediator"
    mediator_id: str
    chosen: Chosen = Chosen.BY_THE_HOST
    ties: TextId | None = None


class Disclose(TrackCommand):
    """A mediator tells the parties of ties that came up later (披露)."""

    kind: Literal["disclose"] = "disclose"
    mediator_id: str
    ties: TextId


class ObjectToPerson(TrackCommand):
    """One party will not have this mediator or interpreter: another takes the place (回避)."""

    kind: Literal["object_to_person"] = "object_to_person"
    party_no: str
    person_id: str
    reason: TextId


class AppointInterpreter(Command):
    """Somebody interprets for those who speak this language (翻译)."""

    kind: Literal["appoint_interpreter"] = "appoint_interpreter"
    interpreter_id: str
    language: str


class ReferSupport(Command):
    """A party is led to help that is no mediation, if it agrees (转介)."""

    kind: Literal["refer_support"] = "refer_support"
    party_no: str
    support: Support
    unit_id: str
    consented: bool


class RecordSupport(Command):
    """What became of such a referral."""

    kind: Literal["record_support"] = "record_support"
    support_no: str
    outcome: TextId


class Apply(TrackCommand):
    """A party applies to the host for mediation (申请调解), on paper or by word of mouth."""

    kind: Literal["apply"] = "apply"
    party_no: str
    paper: str | None = None


class TakeUp(TrackCommand):
    """The host takes the dispute on, or does not (受理); before a court the mediator signs for it."""

    kind: Literal["take_up"] = "take_up"
    accepted: bool = True
    reason: TextId | None = None


class ScheduleSession(TrackCommand):
    """A session is set: where and when, in UTC, and who comes (调解安排)."""

    kind: Literal["schedule_session"] = "schedule_session"
    form: SessionForm = SessionForm.ON_SITE
    room: str | None = None
    starts_at: datetime
    ends_at: datetime
    parties: tuple[str, ...]
    invited: tuple[str, ...] = ()


class CallOffSession(Command):
    """A session that was set does not take place, or is broken off to go on another day (延期, 取消)."""

    kind: Literal["call_off_session"] = "call_off_session"
    session_no: str
    adjourned: bool
    reason: TextId


class Concession(Frozen):
    """What one party would give, said in confidence: for host, mediator and that party's own side only."""

    party_no: str
    text: TextId


class RecordSession(Command):
    """What a session brought (调解笔录). Without `present` nobody came."""

    kind: Literal["record_session"] = "record_session"
    session_no: str
    present: tuple[str, ...]
    facts: TextId | None = None
    open_points: TextId | None = None
    concessions: tuple[Concession, ...] = ()
    attachments: tuple[str, ...] = ()


class Promise(Frozen):
    """One thing that one party does for another by a local day; `due` is None if it was done on the spot.

    `amount` is in fen.
    """

    promisor: str
    to: str
    what: TextId
    due: date | None = None
    amount: int | None = None


class DraftAgreement(TrackCommand):
    """What the parties agreed on (调解协议); by word of mouth it binds at once.

    `clauses` names what no court would confirm; `fee` is in fen.
    """

    kind: Literal["draft_agreement"] = "draft_agreement"
    form: AgreementForm = AgreementForm.WRITTEN
    terms: TextId
    promises: tuple[Promise, ...] = ()
    clauses: tuple[BarredClause, ...] = ()
    fee: int = 0


class Sign(Command):
    """A mark on the agreement: a party's, the mediator's, the seal, or a party's receipt of the statement.

    On paper it comes with its scan.
    """

    kind: Literal["sign"] = "sign"
    by: SignedBy
    party_no: str | None = None
    means: SignatureMeans = SignatureMeans.WET_INK
    scan: str | None = None


class ProveFulfilment(Command):
    """The promisor shows that it was done (履行证明)."""

    kind: Literal["prove_fulfilment"] = "prove_fulfilment"
    item_no: str
    evidence: tuple[str, ...] = ()
    note: TextId | None = None


class CheckFulfilment(Command):
    """Asked by the host, the other side says whether it was done."""

    kind: Literal["check_fulfilment"] = "check_fulfilment"
    item_no: str
    kept: bool
    note: TextId | None = None


class ForgoPromise(Command):
    """Whoever it was promised to does without it."""

    kind: Literal["forgo_promise"] = "forgo_promise"
    item_no: str
    reason: TextId


class PostponePromise(Command):
    """Both sides agree on a later day for it."""

    kind: Literal["postpone_promise"] = "postpone_promise"
    item_no: str
    due: date
    reason: TextId


class TakeRemedy(Command):
    """What is done about a broken promise (违约救济)."""

    kind: Literal["take_remedy"] = "take_remedy"
    item_no: str
    remedy: Remedy
    reason: TextId


class ApplyConfirmation(Command):
    """All parties ask a court to confirm the agreement (申请司法确认) [人民调解法 33; 民诉法 205]."""

    kind: Literal["apply_confirmation"] = "apply_confirmation"
    court: str
    parties: tuple[str, ...]


class ReferOutside(TrackCommand):
    """The dispute goes to the system of another authority, which answers with its receipt and its outcome."""

    kind: Literal["refer_outside"] = "refer_outside"
    system: Outside
    unit_id: str


class RecordOutside(Command):
    """What another authority answered, through its system or on paper.

    `number` is what it has there; `agreed` how its mediation ended, `confirmed` what the court decided.
    """

    kind: Literal["record_outside"] = "record_outside"
    system: Outside
    ask: OutsideAsk
    number: TextId | None = None
    agreed: bool | None = None
    confirmed: bool | None = None
    outcome: TextId | None = None


class ExtendTrack(TrackCommand):
    """Both sides want more time, until this local day before rolling (延长调解期限)."""

    kind: Literal["extend_track"] = "extend_track"
    until: date
    agreed_by: tuple[str, ...]
    reason: TextId


class PauseTrack(TrackCommand):
    """The limit stands still while experts look at it, until this local day at the latest (鉴定)."""

    kind: Literal["pause_track"] = "pause_track"
    ground: PauseGround
    until: date
    reason: TextId


class GoOnWithTrack(TrackCommand):
    """What the limit waited for has ended."""

    kind: Literal["go_on_with_track"] = "go_on_with_track"
    reason: TextId


class FailTrack(TrackCommand):
    """This channel came to nothing; the next one of the plan follows (调解不成)."""

    kind: Literal["fail_track"] = "fail_track"
    reason: TextId


class CompleteTrack(TrackCommand):
    """A fact-finding beside the mediation is done, with what it found."""

    kind: Literal["complete_track"] = "complete_track"
    findings: TextId


class EndMediation(Command):
    """No channel is left that would help: a level up, or the legal way, with the notice (终止调解)."""

    kind: Literal["end_mediation"] = "end_mediation"
    remedy: Remedy
    reason: TextId


class ServePaper(Command):
    """A writing has reached a party (送达)."""

    kind: Literal["serve_paper"] = "serve_paper"
    paper_no: str
    party_no: str
    how: ServiceMethod
    served_at: datetime


class LockMediation(Command):
    """There is danger: nothing is talked about until it is lifted [人民调解法 25]. From the case at its event `seq`."""

    kind: Literal["lock_mediation"] = "lock_mediation"
    locked: bool
    seq: int | None = None


class StopMediation(Command):
    """The case ended otherwise. From the case."""

    kind: Literal["stop_mediation"] = "stop_mediation"
    withdrawn: bool = False


class RetryMediationEffect(Command):
    """An operator has a failed effect tried again, under the same id."""

    kind: Literal["retry_mediation_effect"] = "retry_mediation_effect"
    effect_id: str


class SkipMediationEffect(Command):
    """An operator decides that a failed effect is not needed; the reason stays on the record."""

    kind: Literal["skip_mediation_effect"] = "skip_mediation_effect"
    effect_id: str
    reason: TextId


class RenewMediation(Command):
    """The mediation starts a new run with the rules of the present version."""

    kind: Literal["renew_mediation"] = "renew_mediation"


AnyMediationCommand: TypeAlias = (
    DecidePlan
    | AddParty
    | ChangeParty
    | Consent
    | LeaveMediation
    | NameMediator
    | Disclose
    | ObjectToPerson
    | AppointInterpreter
    | ReferSupport
    | RecordSupport
    | Apply
    | TakeUp
    | ScheduleSession
    | CallOffSession
    | RecordSession
    | DraftAgreement
    | Sign
    | ProveFulfilment
    | CheckFulfilment
    | ForgoPromise
    | PostponePromise
    | TakeRemedy
    | ApplyConfirmation
    | ReferOutside
    | RecordOutside
    | ExtendTrack
    | PauseTrack
    | GoOnWithTrack
    | FailTrack
    | CompleteTrack
    | EndMediation
    | ServePaper
    | LockMediation
    | StopMediation
    | AdoptCalendar
    | RetryMediationEffect
    | SkipMediationEffect
    | RenewMediation
)
MediationCommandMessage = Annotated[AnyMediationCommand, Field(discriminator="kind")]
"""Any command to a mediation, told apart by its `kind` on the wire."""
