"""Writings that have reached a party (送达)."""

from datetime import UTC

from workflows.contracts.errors import RuleViolation
from workflows.contracts.mediation import commands as c
from workflows.contracts.mediation import events as e
from workflows.rules.mediation.decision import Hearing


def serve_paper(d: Hearing, command: c.ServePaper) -> None:
    """How and when a writing reached a party.

    Raises:
        RuleViolation: `unknown_paper`, `not_the_addressee`, `already_served`, `served_before_issued`,
            `served_in_future`.
    """
    paper = d.state.papers.get(command.paper_no)
    if paper is None:
        raise RuleViolation("unknown_paper", "the mediation has no such writing")
    if command.party_no not in paper.to:
        raise RuleViolation("not_the_addressee", "it is not addressed to that party")
    if command.party_no in paper.served:
        raise RuleViolation("already_served", "its service is on record")
    served_at = command.served_at.astimezone(UTC)
    if served_at < paper.issued_at:
        raise RuleViolation("served_before_issued", "a writing reaches nobody before it was issued")
    if served_at > d.now:
        raise RuleViolation("served_in_future", "service is recorded once it has happened")
    d.record(e.PaperServed(paper_no=command.paper_no, party_no=command.party_no, how=command.how, served_at=served_at))
