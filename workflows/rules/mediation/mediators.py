"""Who mediates and who interprets: accepted by the parties, without hidden ties [人民调解法 19, 23]."""

from workflows.contracts.errors import RuleViolation
from workflows.contracts.mediation import commands as c
from workflows.contracts.mediation import events as e
from workflows.contracts.mediation.vocabulary import SessionStatus
from workflows.contracts.vocabulary import ClockName
from workflows.rules.mediation.clocks import meet, start, stop
from workflows.rules.mediation.decision import Hearing
from workflows.rules.mediation.guards import known_party, require_acceptable, require_outsider

_MOST_MEDIATORS = 5


def name_mediator(d: Hearing, command: c.NameMediator) -> None:
    """Somebody mediates from now on, whom the parties chose or the host proposes; ties are told with it.

    Raises:
        RuleViolation: `unknown_track`, `track_ended`, `mediator_named`, `mediator_objected_to`, `mediator_is_party`,
            `too_many_mediators`.
    """
    track = d.track(command.track)
    who = command.mediator_id
    if who in track.mediators:
        raise RuleViolation("mediator_named", "that person mediates here already")
    require_acceptable(d.state, who)
    if len(track.mediators) >= _MOST_MEDIATORS:
        raise RuleViolation("too_many_mediators", f"{_MOST_MEDIATORS} at most mediate together")
    d.record(e.MediatorNamed(track=track.number, mediator_id=who, chosen=command.chosen, ties=command.ties))
    meet(d, ClockName.MEDIATOR, track.tag)


def disclose(d: Hearing, command: c.Disclose) -> None:
    """Ties that came up later are told.

    Raises:
        RuleViolation: `unknown_track`, `track_ended`, `not_the_mediator`.
    """
    track = d.track(command.track)
    if command.mediator_id not in track.mediators:
        raise RuleViolation("not_the_mediator", "that person does not mediate here")
    d.record(e.TiesDisclosed(track=track.number, mediator_id=command.mediator_id, ties=command.ties))


def object_to_person(d: Hearing, command: c.ObjectToPerson) -> None:
    """One party's objection is enough: another mediator or interpreter takes the place [default].

    Stricter than the law, which leaves it to the committee. What was set with that person is set again with the next:
    rooms and people are held for those who were named.

    Raises:
        RuleViolation: `unknown_track`, `track_ended`, `unknown_party`, `not_taking_part`.
    """
    party = known_party(d.state, command.party_no)
    interprets = command.person_id in d.state.interpreters.values()
    track = None if interprets else d.track(command.track)
    if track is not None and command.person_id not in track.mediators:
        raise RuleViolation("not_taking_part", "that person neither mediates nor interprets here")
    number = track.number if track is not None else None
    with_her = _sessions_with(d, command.person_id, number)
    d.record(
        e.PersonObjectedTo(track=number, party_no=party.party_no, person_id=command.person_id, reason=command.reason)
    )
    for session_no in with_her:
        d.record(e.SessionCalledOff(session_no=session_no, adjourned=True))
        stop(d, ClockName.SESSION, session_no)
    if track is not None and not d.state.tracks[track.number].mediators and track.taken_up_at is not None:
        start(d, ClockName.MEDIATOR, event="objected", about=track.tag)


def _sessions_with(d: Hearing, person: str, track: int | None) -> list[str]:
    """Those ahead in which that person mediates the track or, without one, interprets."""
    languages = {language for language, who in d.state.interpreters.items() if who == person}
    return [
        session.session_no
        for session in d.state.sessions.values()
        if session.status is SessionStatus.SCHEDULED
        and session.starts_at > d.at
        and (
            person in session.mediators and session.track == track
            if track is not None
            else any(d.state.parties[party_no].language in languages for party_no in session.parties)
        )
    ]


def appoint_interpreter(d: Hearing, command: c.AppointInterpreter) -> None:
    """Somebody interprets for those who speak this language; in the place of who did so before.

    Raises:
        RuleViolation: `nobody_speaks_it`, `interpreter_objected_to`, `mediator_is_party`.
    """
    if command.language not in {party.language for party in d.state.parties.values()}:
        raise RuleViolation("nobody_speaks_it", "no party speaks that language")
    if command.interpreter_id in d.state.rejected_interpreters:
        raise RuleViolation("interpreter_objected_to", "a party objected to that person")
    require_outsider(d.state, command.interpreter_id)
    d.record(e.InterpreterAppointed(interpreter_id=command.interpreter_id, language=command.language))


def refer_support(d: Hearing, command: c.ReferSupport) -> None:
    """A party is led to help beside the mediation: legal aid, counselling, a window for women and children.

    Raises:
        RuleViolation: `unknown_party`, `support_without_consent`.
    """
    party = known_party(d.state, command.party_no)
    if not command.consented:
        raise RuleViolation("support_without_consent", "help is offered; it is passed on only if the party agrees")
    number = f"U{len(d.state.supports) + 1}"
    d.record(
        e.SupportReferred(support_no=number, party_no=party.party_no, support=command.support, unit_id=command.unit_id)
    )


def record_support(d: Hearing, command: c.RecordSupport) -> None:
    """What became of it.

    Raises:
        RuleViolation: `unknown_support`, `support_ended`.
    """
    support = d.state.supports.get(command.support_no)
    if support is None:
        raise RuleViolation("unknown_support", "the mediation has no such referral to help")
    if support.ended:
        raise RuleViolation("support_ended", "its outcome is on record")
    d.record(e.SupportRecorded(support_no=command.support_no, outcome=command.outcome))
