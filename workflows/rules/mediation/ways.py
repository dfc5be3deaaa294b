"""Which of a channel's ways are open to a dispute."""

from collections.abc import Iterable

from workflows.contracts.mediation.people import Dispute
from workflows.contracts.mediation.vocabulary import DisputeType, Remedy


def open_to(dispute: Dispute, ways: Iterable[Remedy]) -> tuple[Remedy, ...]:
    """In the same order; a payment order is for wages that are owed alone [劳动争议调解仲裁法 16]."""
    owed = dispute.wages or dispute.type is DisputeType.WAGES
    return tuple(way for way in ways if owed or way is not Remedy.PAYMENT_ORDER)
