"""What other authorities take over, and what they answer: court, petition office, police, procuratorate."""

from workflows.contracts.errors import RuleViolation
from workflows.contracts.mediation import commands as c
from workflows.contracts.mediation import events as e
from workflows.contracts.mediation.vocabulary import Channel, FailureCause, Outside, OutsideAsk, TrackStatus
from workflows.contracts.vocabulary import ClockName
from workflows.rules.mediation import confirmation
from workflows.rules.mediation.clocks import meet, running, start_limit, stop_all
from workflows.rules.mediation.decision import Hearing
from workflows.rules.mediation.ending import drop, fail_one
from workflows.rules.mediation.fulfilment import settle_if_done
from workflows.rules.mediation.guards import require_nothing_agreed
from workflows.rules.mediation.parties import all_consent

AUTHORITIES = {
    Channel.PETITION: Outside.PETITION_OFFICE,
    Channel.POLICE: Outside.POLICE,
    Channel.PROCURATORATE: Outside.PROCURATORATE,
    Channel.COURT: Outside.COURT,
}
"""Whose system takes disputes of a channel; the others have none."""


def refer_outside(d: Hearing, command: c.ReferOutside) -> None:
    """The parties agreed to the channel: its authority gets the dispute, and answers.

    Raises:
        RuleViolation: `agreement_reached`, `unknown_track`, `track_ended`, `fact_finding_only`, `not_consented`,
            `referred_already`, `not_its_channel`.
    """
    require_nothing_agreed(d)
    track = d.track(command.track)
    if track.fact_finding:
        raise RuleViolation("fact_finding_only", "what is referred seeks an agreement; put on record what was found")
    at_work = track.status in {TrackStatus.CONSENTED, TrackStatus.UNDER_WAY}
    if not at_work or not all_consent(d, track.number):
        raise RuleViolation("not_consented", "a dispute is referred once all parties agreed to the channel")
    if track.referred_to is not None:
        raise RuleViolation("referred_already", "the other authority has it")
    if AUTHORITIES.get(d.state.row(track.form).channel) is not command.system:
        raise RuleViolation("not_its_channel", "a track goes to the authority of its own channel, and to no other")
    d.record(e.ReferredOutside(track=track.number, system=command.system, unit_id=command.unit_id))
    if d.state.row(track.form).referral_only:
        d.record(e.TakenUp(track=track.number))
        meet(d, ClockName.TAKE_UP, track.tag)
        if not running(d.state, ClockName.MEDIATION, track.tag):
            start_limit(d, track, event="referred")
    confirmation.ask(d, command.system, OutsideAsk.REFERRAL, command.unit_id)


def record_outside(d: Hearing, command: c.RecordOutside) -> None:
    """What the authority answered, by its system or on paper.

    Raises:
        RuleViolation: `nothing_asked`, `answered_already`, `nothing_to_record`, `agreement_reached`,
            `agreement_not_effective`.
    """
    if command.ask is OutsideAsk.CONFIRMATION:
        confirmation.answer(d, command)
        return
    require_nothing_agreed(d)
    track = next((known for known in d.state.running_tracks if known.referred_to is command.system), None)
    if track is None:
        raise RuleViolation("nothing_asked", "nothing of this mediation is with that authority now")
    if command.number is None and command.agreed is None:
        raise RuleViolation("nothing_to_record", "give the number that it has there, or how it ended")
    d.record(
        e.OutsideAnswered(
            system=command.system,
            ask=command.ask,
            number=command.number,
            agreed=command.agreed,
            outcome=command.outcome,
        )
    )
    if command.agreed is False:
        fail_one(d, track, FailureCause.ENDED_ELSEWHERE, command.outcome)
    elif command.agreed:
        for other in [known for known in d.state.tracks.values() if known.is_open and known.number != track.number]:
            drop(d, other)
        d.record(e.AgreedElsewhere(track=track.number, outcome=command.outcome))
        meet(d, ClockName.MEDIATION, track.tag)
        stop_all(d)
        settle_if_done(d)
