"""Which forms of the channels a dispute may take, and why not: one rule a condition of the channel table."""

from collections.abc import Callable

from workflows.contracts.mediation.people import Dispute
from workflows.contracts.mediation.policy import ChannelRow, Entry
from workflows.contracts.mediation.vocabulary import DisputeType

_NEIGHBOURLY = {
    DisputeType.NEIGHBOUR,
    DisputeType.FAMILY,
    DisputeType.INHERITANCE,
    DisputeType.VILLAGE,
    DisputeType.LAND,
}
_OF_WORK = {DisputeType.LABOUR, DisputeType.WAGES}

_RULES: dict[Entry, tuple[Callable[[Dispute], bool], str, str]] = {
    Entry.CIVIL: (
        lambda dispute: dispute.type is not DisputeType.ADMINISTRATIVE and not dispute.reconcilable,
        "not_a_civil_dispute",
        "this channel takes disputes between equals about their own rights",
    ),
    Entry.NEIGHBOURLY: (
        lambda dispute: dispute.type in _NEIGHBOURLY,
        "not_among_neighbours",
        "a respected person is invited for matters of neighbours, families and villages",
    ),
    Entry.DISCRETION: (
        lambda dispute: dispute.within_discretion,
        "not_within_discretion",
        "only what lies within an authority's discretion is mediated as a petition",
    ),
    Entry.POWERS: (
        lambda dispute: dispute.tied_to_powers,
        "not_tied_to_powers",
        "a department mediates civil disputes that belong to its powers",
    ),
    Entry.MEDICAL: (
        lambda dispute: dispute.type is DisputeType.MEDICAL,
        "not_a_medical_dispute",
        "the medical committee takes disputes about diagnosis and treatment",
    ),
    Entry.LABOUR: (
        lambda dispute: dispute.type in _OF_WORK,
        "not_a_labour_dispute",
        "the labour committee takes disputes between employers and employees",
    ),
    Entry.PROPERTY_SERVICE: (
        lambda dispute: dispute.type in {DisputeType.PROPERTY_SERVICE, DisputeType.HOUSING},
        "not_a_property_dispute",
        "the property committee takes disputes between owners, tenants and property services",
    ),
    Entry.TRAFFIC: (
        lambda dispute: dispute.type is DisputeType.TRAFFIC,
        "not_a_traffic_dispute",
        "the traffic committee takes disputes about damage from road accidents",
    ),
    Entry.COMMERCIAL: (
        lambda dispute: dispute.type in {DisputeType.CONTRACT, DisputeType.DEBT},
        "not_a_commercial_dispute",
        "a licensed commercial body takes disputes about contracts and debts",
    ),
    Entry.VIOLATION: (
        lambda dispute: dispute.violation,
        "no_violation",
        "without a minor violation the people's committee or the court has it",
    ),
    Entry.NO_VIOLATION: (
        lambda dispute: not dispute.violation,
        "violation",
        "a minor violation is mediated by the police station itself",
    ),
    Entry.RECONCILABLE: (
        lambda dispute: dispute.reconcilable,
        "not_reconcilable",
        "only an offence in which the law lets the parties reconcile is referred",
    ),
    Entry.NOT_FILED: (
        lambda dispute: not dispute.filed,
        "filed_already",
        "the court has it already: it is mediated in the court's procedure",
    ),
    Entry.ORDINARY: (
        lambda dispute: dispute.filed and not dispute.summary,
        "not_in_ordinary_procedure",
        "it is not before a court in the ordinary procedure",
    ),
    Entry.SUMMARY: (
        lambda dispute: dispute.filed and dispute.summary,
        "not_in_summary_procedure",
        "it is not before a court in the summary procedure",
    ),
}


def why_not(row: ChannelRow, dispute: Dispute) -> tuple[str, str] | None:
    """The first condition that the dispute does not meet, as its code and a sentence; None if the form takes it."""
    if not row.switched_on:
        return "channel_switched_off", "the city has not opened this channel: its legal basis is not verified"
    for entry in row.entry:
        takes, code, message = _RULES[entry]
        if not takes(dispute):
            return code, message
    return None
