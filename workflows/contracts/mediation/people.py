"""Who takes part in a mediation, by ids: names, phones and papers of identity stay in the database."""

from pydantic import Field

from workflows.contracts.mediation.vocabulary import Capacity, DisputeType, MediationForm, PartyKind, Side
from workflows.contracts.model import Frozen


class Party(Frozen):
    """A party of the dispute: `party_no` is `P1`, `P2`, …; persons are ids of the table of people.

    Without full capacity a `guardian` acts. `language` is what the party speaks if it is not Chinese. A `suspect` of a
    minor violation may not be represented [公安机关办理行政案件程序规定 181].
    """

    party_no: str = Field(pattern=r"^P[1-9][0-9]{0,2}$")
    side: Side
    person_id: str
    kind: PartyKind = PartyKind.PERSON
    capacity: Capacity = Capacity.FULL
    guardian: str | None = None
    representatives: tuple[str, ...] = ()
    language: str | None = None
    suspect: bool = False


class Dispute(Frozen):
    """What the entry conditions of the channels ask about a dispute.

    `amount` is in fen. `tied_to_powers`: it belongs to a department's powers; `within_discretion`: the request lies
    within an authority's discretion; `violation`: a minor violation of public order between people; `reconcilable`: an
    offence in which the parties may reconcile; `filed`: a court has it, `summary` in the summary procedure. `tried` are
    the forms in which it was mediated before.
    """

    type: DisputeType
    amount: int | None = None
    wages: bool = False
    tied_to_powers: bool = False
    within_discretion: bool = False
    violation: bool = False
    reconcilable: bool = False
    filed: bool = False
    summary: bool = False
    tried: tuple[MediationForm, ...] = ()


class Host(Frozen):
    """The unit that hosts a track: one statutory host per agreement."""

    unit_id: str
    kind: str


class TrackPlan(Frozen):
    """A step of the plan: in which form, for what, at whose house, with whom.

    `together`: it runs beside the step before it, not after. `mediator_id` may be named later.
    """

    form: MediationForm
    fact_finding: bool = False
    together: bool = False
    host: Host
    invited: tuple[str, ...] = ()
    mediator_id: str | None = None
