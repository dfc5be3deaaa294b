"""Which steps of a mediation this viewer has now, and what may be picked in them: the rules are asked themselves."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from api.authorisation import ALLOWED
from api.bodies import Envelope
from api.errors import Problem
from api.mediation_bodies import MediationBody
from api.mediation_scope import require_own_track
from api.pages.examples import Example
from api.pages.mediation_steps import MEDIATION_STEPS, REPORT_DANGER
from api.pages.steps import Control, Field, Step
from api.tokens import Caller
from workflows.contracts.commands import UnitRef
from workflows.contracts.errors import RuleViolation
from workflows.contracts.mediation.state import MediationState, Track
from workflows.contracts.mediation.vocabulary import (
    MediationForm,
    Outside,
    OutsideAsk,
    Remedy,
    SignatureMeans,
    SignedBy,
)
from workflows.contracts.vocabulary import ClockName, PauseGround, ServiceMethod, UnitKind
from workflows.rules.calendar import ONE_DAY, local_date
from workflows.rules.mediation.clocks import running
from workflows.rules.mediation.decide import decide
from workflows.rules.mediation.entry import why_not

_ANY_FILE = str(UUID(int=0))
_UNITS = {f"any-{kind}": UnitRef(unit_id=f"any-{kind}", kind=kind) for kind in UnitKind}
_SOON = timedelta(days=1)


@dataclass(frozen=True)
class TalkOffer:
    """A step that the viewer has now. `taken` are bodies that the rules would take, one for each thing to pick."""

    step: Step
    fields: Sequence[Field]
    taken: Sequence[Example]

    def options(self, name: str) -> list[Any]:
        """What the field may be, without repetition."""
        return list(dict.fromkeys(example[name] for example in self.taken if name in example))


class _At(NamedTuple):
    state: MediationState
    now: datetime

    @property
    def tracks(self) -> list[Track]:
        return self.state.running_tracks

    @property
    def parties(self) -> list[str]:
        return list(self.state.parties)

    @property
    def items(self) -> list[str]:
        return list(self.state.agreement.items) if self.state.agreement else []


def talk_offers(state: MediationState, by: Caller, now: datetime) -> list[TalkOffer]:
    """The steps that the authorisation table lets this caller do, in her own tracks, and the rules allow now."""
    return [offer for step in MEDIATION_STEPS.values() if (offer := _offer(step, state, by, now))]


def _offer(step: Step, state: MediationState, by: Caller, now: datetime) -> TalkOffer | None:
    if by.role not in ALLOWED[step.action]:
        return None
    if step.name == REPORT_DANGER:
        return TalkOffer(step, step.fields, ({},)) if not (state.locked or state.is_over) else None
    at = _At(state, now)
    taken = [example for example in _EXAMPLES[step.name](at) if _is_taken(step, example, at, by)]
    return TalkOffer(step, _of_use(step, taken, state), taken) if taken else None


def _is_taken(step: Step, example: Example, at: _At, by: Caller) -> bool:
    body = step.body.model_validate(example)
    if not isinstance(body, MediationBody):
        raise TypeError(f"{step.name} is no step of a mediation")
    envelope = Envelope("offer", by.actor, at.now, units=dict(_UNITS), mediation=at.state)
    try:
        require_own_track(by, at.state, body.tracks(at.state))
        decide(at.state, body.to_mediation(envelope), at.now)
    except (RuleViolation, Problem):
        return False
    return True


def _of_use(step: Step, taken: Sequence[Example], state: MediationState) -> list[Field]:
    """Without what cannot be picked now, and without the track where there is only one."""
    fields = []
    for field in step.fields:
        options = {example[field.name] for example in taken if isinstance(example.get(field.name), str | int)}
        if field.name == "track" and len(options) < 2:
            continue
        if field.name == "drop_current" and not state.running_tracks:
            continue
        if field.control is Control.OFFERED and not field.required and not options and field.name not in _FROM_CITY:
            continue
        fields.append(field)
    return fields


_FROM_CITY = frozenset({"room"})
"""Not picked from the mediation, but from the city's registers."""


def _plan(at: _At) -> Iterator[Example]:
    # Whatever goes on would bar a second agreement beside it; here only whether a plan may be decided is asked.
    for form in MediationForm:
        row = at.state.row(form)
        if why_not(row, at.state.dispute) is None:
            step = {"form": form.value, "host": f"any-{row.hosts[0]}"}
            yield {"tracks": [step], "drop_current": True, "reason": "x"}
            return


def _of_tracks(**rest: Any) -> Callable[[_At], Iterator[Example]]:
    def made(at: _At) -> Iterator[Example]:
        yield from ({"track": track.number, **rest} for track in at.tracks)

    return made


def _of_parties(**rest: Any) -> Callable[[_At], Iterator[Example]]:
    return lambda at: ({"party_no": party_no, **rest} for party_no in at.parties)


def _of_items(**rest: Any) -> Callable[[_At], Iterator[Example]]:
    return lambda at: ({"item_no": item_no, **rest} for item_no in at.items)


def _apply(at: _At) -> Iterator[Example]:
    for track in at.tracks:
        yield from ({"track": track.number, "party_no": party_no} for party_no in at.parties)


def _consents(at: _At) -> Iterator[Example]:
    # A refusal is heard even while the mediation is locked.
    for track in at.tracks:
        yield from ({"track": track.number, "party_no": party_no, "agreed": False} for party_no in at.parties)


def _objections(at: _At) -> Iterator[Example]:
    for track in at.tracks:
        people = (*track.mediators, *at.state.interpreters.values())
        yield from (
            {"track": track.number, "party_no": party_no, "person_id": who, "reason": "x"}
            for party_no in at.parties
            for who in people
        )


def _sessions(at: _At) -> Iterator[Example]:
    # When is a matter of the form: far enough away that it meets no other.
    ends = [session.ends_at for session in at.state.sessions.values()]
    starts_at = max([*ends, at.now]) + _SOON
    when = {"starts_at": starts_at.isoformat(), "ends_at": (starts_at + timedelta(hours=1)).isoformat()}
    yield from ({"track": track.number, "parties": at.parties, **when} for track in at.tracks)


def _marks(at: _At) -> Iterator[Example]:
    means = SignatureMeans.WET_INK.value
    for by in SignedBy:
        for party_no in at.parties if by in {SignedBy.PARTIES, SignedBy.RECEIPT} else (None,):
            of_party = {} if party_no is None else {"party_no": party_no}
            yield {"by": by.value, **of_party, "means": means, "scan": _ANY_FILE}


def _remedies(at: _At) -> Iterator[Example]:
    for item_no in at.items:
        yield from ({"item_no": item_no, "remedy": remedy.value, "reason": "x"} for remedy in Remedy)


def _answers(at: _At) -> Iterator[Example]:
    for system in Outside:
        yield {"system": system.value, "ask": OutsideAsk.REFERRAL.value, "number": "x"}
    yield {"system": Outside.COURT.value, "ask": OutsideAsk.CONFIRMATION.value, "number": "x"}


def _services(at: _At) -> Iterator[Example]:
    for number, paper in at.state.papers.items():
        yield from ({"paper_no": number, "party_no": one, "how": ServiceMethod.MAIL.value} for one in paper.to)


def _extensions(at: _At) -> Iterator[Example]:
    # The first days after the limit that are working days: one of them is the first that adds something.
    for track in at.tracks:
        for clock in running(at.state, ClockName.MEDIATION, track.tag):
            for days in range(1, 12):
                until = (clock.raw_due_date + days * ONE_DAY).isoformat()
                yield {"track": track.number, "until": until, "agreed_by": at.parties, "reason": "x"}


def _later_days(at: _At) -> Iterator[Example]:
    promises = at.state.agreement.items if at.state.agreement else {}
    for item_no, promise in promises.items():
        day = max(local_date(at.now), promise.due or local_date(at.now)) + ONE_DAY
        yield {"item_no": item_no, "due": day.isoformat(), "reason": "x"}


def _pauses(at: _At) -> Iterator[Example]:
    until = (local_date(at.now) + ONE_DAY).isoformat()
    for track in at.tracks:
        yield from (
            {"track": track.number, "ground": ground.value, "until": until, "reason": "x"} for ground in PauseGround
        )


def _languages(at: _At) -> Iterator[Example]:
    spoken = {party.language for party in at.state.parties.values() if party.language is not None}
    yield from ({"language": language, "user_id": "any"} for language in sorted(spoken))


_PARTY = {"side": "third", "name": "x"}
_EXAMPLES: Mapping[str, Callable[[_At], Iterable[Example]]] = {
    "decide-plan": _plan,
    "take-up": _of_tracks(accepted=False),
    "apply": _apply,
    "complete": _of_tracks(findings="x"),
    "extend": _extensions,
    "pause": _pauses,
    "go-on": _of_tracks(reason="x"),
    "refer-outside": _of_tracks(system=Outside.COURT.value, unit_id="any-judicial"),
    "record-outside": _answers,
    "fail": _of_tracks(reason="x"),
    "end": lambda at: ({"remedy": remedy.value, "reason": "x"} for remedy in Remedy),
    "consent": _consents,
    "add-party": lambda at: [{"party": _PARTY}],
    "change-party": _of_parties(),
    "leave": _of_parties(reason="x"),
    "name-mediator": _of_tracks(mediator_id="any"),
    "disclose": lambda at: (
        {"track": track.number, "mediator_id": who, "ties": "x"} for track in at.tracks for who in track.mediators
    ),
    "object": _objections,
    "appoint-interpreter": _languages,
    "refer-support": _of_parties(support="legal_aid", unit_id="any-department", consented=True),
    "record-support": lambda at: ({"support_no": number, "outcome": "x"} for number in at.state.supports),
    "serve-paper": _services,
    "schedule-session": _sessions,
    "record-session": lambda at: ({"session_no": number, "present": []} for number in at.state.sessions),
    "call-off-session": lambda at: (
        {"session_no": number, "adjourned": True, "reason": "x"} for number in at.state.sessions
    ),
    "draft-agreement": _of_tracks(terms="x"),
    "sign": _marks,
    "check-fulfilment": _of_items(kept=True),
    "prove-fulfilment": _of_items(),
    "take-remedy": _remedies,
    "apply-confirmation": lambda at: [{"court": _court(at), "parties": at.parties}],
    "postpone-promise": _later_days,
    "forgo-promise": _of_items(reason="x"),
}
"""Bodies by the step's name, one for each thing that may be picked."""


def _court(at: _At) -> str:
    """The court that invited the mediator, where that is the only one that may be asked."""
    agreement = at.state.agreement
    return at.state.tracks[agreement.track].host.unit_id if agreement is not None else "any-judicial"
