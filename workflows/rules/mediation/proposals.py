"""Which channels the rules would take, and why: a proposal that a person decides about."""

from workflows.contracts.mediation.events import Proposed
from workflows.contracts.mediation.people import Dispute
from workflows.contracts.mediation.policy import MediationPolicy
from workflows.contracts.mediation.vocabulary import DisputeType, MediationForm
from workflows.contracts.vocabulary import RiskLevel
from workflows.rules.mediation.entry import why_not

_SPECIAL = {
    DisputeType.MEDICAL: MediationForm.MEDICAL,
    DisputeType.LABOUR: MediationForm.LABOUR,
    DisputeType.WAGES: MediationForm.LABOUR,
    DisputeType.TRAFFIC: MediationForm.TRAFFIC,
    DisputeType.PROPERTY_SERVICE: MediationForm.PROPERTY_SERVICE,
}
"""Types for which there is a committee of their own."""
_AT_HOME = {DisputeType.NEIGHBOUR, DisputeType.FAMILY, DisputeType.INHERITANCE, DisputeType.VILLAGE}
_MUCH = 10_000_000
"""Fen: from a hundred thousand yuan on a court's mediator stands behind the committee [default]."""


def propose(dispute: Dispute, policy: MediationPolicy, *, parties: int, risk: RiskLevel | None) -> tuple[Proposed, ...]:
    """Steps in their order, each with the codes of its reasons; only forms that take the dispute and were not tried.

    Before a court it is the court's; a violation is the police station's; a type with a committee of its own goes
    there; the rest begins at the people's committee. A court-invited mediator follows as the last resort; where much is
    at stake, many take part or the risk is high, another authority looks into the facts beside it [default].
    """
    wanted = [*_first(dispute), *_then(dispute)]
    steps = [
        step
        for step in wanted
        if step.form not in dispute.tried and why_not(policy.channels[step.form], dispute) is None
    ]
    beside = _beside(dispute, policy, parties=parties, risk=risk) if steps else []
    return (*steps[:1], *beside, *steps[1:])


def _first(dispute: Dispute) -> list[Proposed]:
    procedure = MediationForm.COURT_SUMMARY if dispute.summary else MediationForm.COURT_ORDINARY
    discretion = dispute.type is DisputeType.ADMINISTRATIVE or dispute.within_discretion
    in_order = (
        (dispute.filed, procedure, "before_a_court"),
        (dispute.reconcilable, MediationForm.PROCURATORATE, "offence_that_may_be_reconciled"),
        (dispute.violation, MediationForm.POLICE_VIOLATION, "minor_violation"),
        (dispute.type in _SPECIAL, _SPECIAL.get(dispute.type, MediationForm.PEOPLE), "own_committee"),
        (discretion, MediationForm.PETITION, "within_discretion"),
        (dispute.tied_to_powers, MediationForm.ADMINISTRATIVE, "tied_to_powers"),
        (True, MediationForm.PEOPLE, "base_of_all"),
    )
    return [Proposed(form=form, reasons=(reason,)) for applies, form, reason in in_order if applies][:1]


def _then(dispute: Dispute) -> list[Proposed]:
    """What follows when the first step fails."""
    steps = []
    if dispute.type in _AT_HOME:
        steps.append(Proposed(form=MediationForm.LOCAL_WORTHY, reasons=("neighbours_and_families",)))
    # Labour disputes go to arbitration before any court [劳动争议调解仲裁法 5].
    if not (dispute.filed or dispute.reconcilable or dispute.type in {DisputeType.LABOUR, DisputeType.WAGES}):
        reasons = ["last_resort", *(["much_at_stake"] if (dispute.amount or 0) >= _MUCH else [])]
        steps.append(Proposed(form=MediationForm.COURT_BEFORE_FILING, reasons=tuple(reasons)))
    return steps


def _beside(dispute: Dispute, policy: MediationPolicy, *, parties: int, risk: RiskLevel | None) -> list[Proposed]:
    reasons = []
    if risk in {RiskLevel.YELLOW, RiskLevel.RED}:
        reasons.append(f"risk_{risk.value}")
    if parties > 2:
        reasons.append("many_parties")
    if dispute.tied_to_powers and dispute.type in _SPECIAL:
        reasons.append("tied_to_powers")
    fits = why_not(policy.channels[MediationForm.ADMINISTRATIVE], dispute) is None
    if not reasons or not fits:
        return []
    step = Proposed(form=MediationForm.ADMINISTRATIVE, together=True, fact_finding=True, reasons=tuple(reasons))
    return [step]
