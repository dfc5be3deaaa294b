"""The bodies of commands to a case or a task; each makes the contract's command, without the words in it."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any, ClassVar
from uuid import NAMESPACE_OID, UUID, uuid5

from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncSession

from api.fields import Body, Code, Flag, LocalDate, Words
from api.mediation_people import Person
from api.substitution import substituted
from api.tokens import Caller, UserId
from infra.tables import Case
from workflows.contracts import commands as c
from workflows.contracts.actors import Actor
from workflows.contracts.ids import ReferralNo, TaskNo, TextId, UnitId
from workflows.contracts.mediation.policy import MediationPolicy
from workflows.contracts.mediation.state import MediationState
from workflows.contracts.mediation.vocabulary import MediationForm
from workflows.contracts.policy import CasePolicy
from workflows.contracts.vocabulary import (
    CallbackOutcome,
    CaseKind,
    ClockName,
    DeclineGround,
    Level,
    PauseGround,
    RiskLevel,
    ServiceMethod,
    Solved,
)

Evidence = Annotated[tuple[UUID, ...], Field(max_length=50)]


@dataclass(frozen=True)
class Asked:
    """By whom a command is given, to which case, and when (UTC)."""

    by: Caller
    case: Case
    at: datetime


@dataclass
class Envelope:
    """What a request adds to its body.

    `units` are the named units as the directory knows them, `power_holder` the unit that holds the legal power over the
    matter, `policy` what the case's own policy says for the risk that the body names; `words` collects the texts by
    their ids. `case_nos` are the cases that the body names in another way, or the numbers of those that it makes;
    `case_kind` is what the case itself is, `centres` are those of the region that the body names. `people` collects
    those who take part in a mediation by their ids; `mediation` is the one that is asked, `mediation_policy` what
    applies to one that is opened, `tried` the forms that came to nothing before, `interpreter_id` who interprets;
    `has_requester`: the case is somebody's own, who follows it by her tracking code.
    """

    command_id: str
    actor: Actor
    received_at: datetime
    task_no: str | None = None
    units: dict[str, c.UnitRef] = field(default_factory=dict)
    power_holder: c.UnitRef | None = None
    policy: CasePolicy | None = None
    words: dict[str, str] = field(default_factory=dict)
    case_nos: tuple[str, ...] = ()
    case_kind: CaseKind | None = None
    centres: dict[Level, str] = field(default_factory=dict)
    people: dict[UUID, Person] = field(default_factory=dict)
    mediation: MediationState | None = None
    mediation_policy: MediationPolicy | None = None
    tried: tuple[MediationForm, ...] = ()
    interpreter_id: str | None = None
    has_requester: bool = False

    def put_away(self, name: str, words: str) -> str:
        """Keeps the words of a field, named by its path, for the table of texts and gives their id."""
        text_id = f"{self.command_id}-{name}"
        self.words[text_id] = words
        return text_id

    def introduce(self, name: str, person: Person) -> str:
        """Keeps somebody, named by the path of the field, for the table of people and gives the person's id."""
        person_id = uuid5(NAMESPACE_OID, f"{self.command_id}-{name}")
        self.people[person_id] = person
        return str(person_id)


class CommandBody(Body):
    """A body whose fields are those of one command, words in place of text ids.

    `for_lead`: of the units at work only the lead may do it; `asks_power_holder`: the command carries who holds the
    legal power over the matter.
    """

    makes: ClassVar[type[c.Command]]
    for_lead: ClassVar[bool] = False
    asks_power_holder: ClassVar[bool] = False

    @property
    def unit_ids(self) -> dict[str, str]:
        """The units it names, by the path of the field."""
        found: dict[str, str] = {}
        substituted(self.makes, self._given(), {c.UnitRef: found.setdefault})
        return found

    @property
    def user_ids(self) -> tuple[str, ...]:
        """Members of staff that the body names; they must be in the directory."""
        return ()

    @property
    def policy_for(self) -> RiskLevel | None:
        """The risk for which the command carries what the case's own policy says."""
        return None

    @property
    def reaches_by(self) -> ServiceMethod | None:
        """How the requester was reached, where she may have ruled that out."""
        return None

    @property
    def attachment_ids(self) -> tuple[UUID, ...]:
        """The attachments it names."""
        ids: tuple[UUID, ...] = getattr(self, "evidence", ())
        return ids

    async def look_up(self, session: AsyncSession, asked: Asked, envelope: Envelope) -> None:
        """Adds to the envelope what this command alone needs from the database; may raise what it says no with."""

    def fields(self, envelope: Envelope) -> dict[str, Any]:
        """The command's own fields."""
        ways = {TextId: envelope.put_away, c.UnitRef: lambda path, unit_id: envelope.units[unit_id]}
        return substituted(self.makes, self._given(), ways)

    def command(self, envelope: Envelope) -> c.AnyCommand:
        """The command, with the words left in the envelope."""
        header: dict[str, object] = {
            "command_id": envelope.command_id,
            "actor": envelope.actor,
            "received_at": envelope.received_at,
        }
        if issubclass(self.makes, c.TaskCommand):
            header["task_no"] = envelope.task_no
        if self.asks_power_holder:
            header["power_holder"] = envelope.power_holder
        made: c.AnyCommand = self.makes.model_validate(header | self.fields(envelope))  # type: ignore[assignment]
        return made

    def _given(self) -> dict[str, Any]:
        return self.model_dump(mode="json", exclude_none=True)


class AcceptBody(CommandBody):
    makes = c.Accept
    note: Words | None = None


class DeclineBody(CommandBody):
    makes = c.Decline
    ground: DeclineGround
    route: Words


class AnswerBody(CommandBody):
    makes = c.Answer
    reply: Words


class SettleBody(CommandBody):
    makes = c.Settle
    reply: Words
    evidence: Evidence = ()


class WhistleBody(CommandBody):
    makes = c.Whistle
    asks_power_holder = True
    lead_unit: UnitId
    co_units: Annotated[tuple[UnitId, ...], Field(max_length=30)] = ()
    preset: Code | None = None
    reason: Words

    @property
    def unit_ids(self) -> dict[str, str]:
        co_units = {f"co_units.{place}": unit_id for place, unit_id in enumerate(self.co_units)}
        return {"lead_unit": self.lead_unit} | co_units

    def fields(self, envelope: Envelope) -> dict[str, Any]:
        return {
            "lead": envelope.units[self.lead_unit],
            "co_units": tuple(envelope.units[unit_id] for unit_id in self.co_units),
            "preset": self.preset,
            "reason": envelope.put_away("reason", self.reason),
        }


class ReleaseBody(CommandBody):
    makes = c.Release
    task_no: TaskNo
    reason: Words


class DecideSendBackBody(CommandBody):
    makes = c.DecideSendBack
    task_no: TaskNo
    approved: Flag
    reason: Words


class DesignateBody(CommandBody):
    makes = c.Designate
    asks_power_holder = True
    unit: UnitId
    reason: Words


class ReassignBody(CommandBody):
    makes = c.Reassign
    asks_power_holder = True
    task_no: TaskNo
    unit: UnitId
    reason: Words


class SuperviseBody(CommandBody):
    """`due` is a local date before rolling."""

    makes = c.Supervise
    reason: Words
    due: LocalDate


class AnswerSupervisionBody(CommandBody):
    makes = c.AnswerSupervision
    for_lead = True
    text: Words


class UrgeBody(CommandBody):
    makes = c.Urge
    task_no: TaskNo | None = None
    referral_no: ReferralNo | None = None
    note: Words


class EscalateBody(CommandBody):
    makes = c.Escalate
    reason: Words


class VerifyBody(CommandBody):
    makes = c.Verify
    passed: Flag
    note: Words
    evidence: Evidence = ()


class CallbackBody(CommandBody):
    makes = c.Callback
    outcome: CallbackOutcome
    solved: Solved | None = None
    rating: Code | None = None
    note: Words | None = None


class CloseBody(CommandBody):
    makes = c.Close
    note: Words | None = None


class ReopenBody(CommandBody):
    makes = c.Reopen
    reason: Words


class AddContactBody(CommandBody):
    makes = c.AddContact
    text: Words


class WithdrawBody(CommandBody):
    makes = c.Withdraw
    reason: Words


class DecideExtensionBody(CommandBody):
    """`until` is the date that was asked for, or an earlier one, local and before rolling."""

    makes = c.DecideExtension
    task_no: TaskNo | None = None
    clock: ClockName | None = None
    granted: Flag
    until: LocalDate | None = None
    reason: Words


class SuspendBody(CommandBody):
    """`until` is the last local date on which the clocks may stand still."""

    makes = c.Suspend
    ground: PauseGround
    until: LocalDate
    reason: Words


class ResumeBody(CommandBody):
    makes = c.Resume
    reason: Words


class CommitBody(CommandBody):
    makes = c.Commit
    measures: Words
    date: LocalDate


class InterimReplyBody(CommandBody):
    makes = c.InterimReply
    procedure: Words
    legal_due: LocalDate


class SetRiskBody(CommandBody):
    makes = c.SetRisk
    risk: RiskLevel
    reason: Words

    @property
    def policy_for(self) -> RiskLevel:
        return self.risk

    def fields(self, envelope: Envelope) -> dict[str, Any]:
        return super().fields(envelope) | {"policy": envelope.policy}


class SignBody(CommandBody):
    makes = c.Sign


class ContactBody(CommandBody):
    makes = c.Contact
    note: Words


class ReportInBody(CommandBody):
    makes = c.ReportIn
    people: Annotated[tuple[UserId, ...], Field(max_length=50)] = ()

    @property
    def user_ids(self) -> tuple[str, ...]:
        return self.people


class ProgressBody(CommandBody):
    makes = c.Progress
    note: Words


class SendBackBody(CommandBody):
    makes = c.SendBack
    reason: Words
    clause: Words
    suggested_unit: UnitId


class ObjectBody(CommandBody):
    makes = c.Object
    reason: Words


class RequestExtensionBody(CommandBody):
    """`until` is a local date before rolling."""

    makes = c.RequestExtension
    clock: ClockName = ClockName.FINISH
    until: LocalDate
    reason: Words


class FinishBody(CommandBody):
    makes = c.Finish
    reply: Words
    internal_note: Words | None = None
    evidence: Evidence = ()


class RateBody(CommandBody):
    makes = c.Rate
    rating: Code
    solved: Solved | None = None
    note: Words | None = None
