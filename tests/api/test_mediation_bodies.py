"""What a body about a mediation becomes: ids where words and people were, fen, and what was left out as it was."""

from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from api.bodies import Envelope
from api.errors import Problem
from api.fields import Yuan, in_yuan
from api.hearing_bodies import RecordOutsideBody, RecordSessionBody, TakeUpBody
from api.mediation_bodies import AddPartyBody, AppointInterpreterBody, ChangePartyBody
from api.mediation_people import TakesPartAs
from api.mediation_scope import require_own_track
from api.tokens import Caller
from tests.rules.mediation.talks import party, step, talks
from workflows.contracts.actors import Actor
from workflows.contracts.mediation import commands as c
from workflows.contracts.mediation.state import MediationState
from workflows.contracts.mediation.vocabulary import Side
from workflows.contracts.vocabulary import Role


def _envelope(state: MediationState | None = None) -> Envelope:
    actor = Actor(id="m1", role=Role.MEDIATOR)
    return Envelope("c0ffee", actor, datetime(2026, 3, 2, 2, tzinfo=UTC), mediation=state)


@pytest.mark.parametrize(("given", "fen"), [("1200.50", 120_050), (1200, 120_000), (0.1, 10), ("0", 0)])
def test_an_amount_is_given_in_yuan_and_kept_in_fen(given: Any, fen: int) -> None:
    assert TypeAdapter(Yuan).validate_python(given) == fen
    assert float(in_yuan(fen)) == float(given)


@pytest.mark.parametrize("given", ["1.234", -1, "1e3", 1e22, True, "12,00", "", None])
def test_what_is_no_amount_is_refused(given: Any) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Yuan).validate_python(given)


def test_a_session_record_keeps_its_words_apart_and_its_files_by_id() -> None:
    scan = "0a7d6f6e-0000-4000-8000-000000000009"
    body = RecordSessionBody.model_validate(
        {
            "session_no": "S1",
            "present": ["P1"],
            "facts": "漏水属实",
            "concessions": [{"party_no": "P1", "text": "可少赔一半"}],
            "attachments": [scan],
        }
    )
    envelope = _envelope()
    command = body.to_mediation(envelope)
    assert isinstance(command, c.RecordSession)
    assert command.attachments == (scan,)
    assert list(body.attachments) == ["attachments.0"]
    assert envelope.words == {command.facts: "漏水属实", command.concessions[0].text: "可少赔一半"}


def test_only_a_court_is_recorded_to_have_confirmed_an_agreement() -> None:
    decided = {"ask": "confirmation", "confirmed": True}
    assert RecordOutsideBody.model_validate({"system": "court"} | decided).confirmed
    with pytest.raises(ValidationError, match="only a court"):
        RecordOutsideBody.model_validate({"system": "police"} | decided)


def test_who_acts_for_a_party_stays_unless_it_is_said_otherwise() -> None:
    minor = party("P3", Side.THIRD, guardian="g1", representatives=("r1",))
    state = talks().when(c.AddParty, party=minor).state
    kept = ChangePartyBody.model_validate({"party_no": "P3", "guardian": None}).to_mediation(_envelope(state))
    assert isinstance(kept, c.ChangeParty)
    assert (kept.guardian, kept.representatives) == (None, ("r1",))
    envelope = _envelope(state)
    given = {"party_no": "P3", "representatives": [{"name": "丁某", "authority": "general"}]}
    changed = ChangePartyBody.model_validate(given).to_mediation(envelope)
    assert isinstance(changed, c.ChangeParty)
    ((person_id, person),) = envelope.people.items()
    assert (changed.guardian, changed.representatives) == ("g1", (str(person_id),))
    assert (person.role, person.standing) == (TakesPartAs.REPRESENTATIVE, "general")


def test_a_further_party_gets_the_next_number() -> None:
    body = AddPartyBody.model_validate({"party": {"side": "third", "name": "戊某", "language": "mn"}})
    command = body.to_mediation(_envelope(talks().state))
    assert isinstance(command, c.AddParty)
    assert (command.party.party_no, command.party.language) == ("P3", "mn")


@pytest.mark.parametrize("given", [{}, {"user_id": "u1", "name": "己某"}])
def test_an_interpreter_is_of_the_staff_or_has_a_name(given: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        AppointInterpreterBody.model_validate({"language": "mn"} | given)


def test_a_mediator_acts_on_her_own_step_of_the_plan_alone() -> None:
    beside = step("administrative", mediator_id="m2", fact_finding=True, together=True)
    state = talks(tied_to_powers=True).planned(step("people"), beside).state
    second = Caller("m2", Role.MEDIATOR, unit="elsewhere")
    require_own_track(second, state, TakeUpBody(track=2).tracks(state))
    with pytest.raises(Problem) as refused:
        require_own_track(second, state, TakeUpBody().tracks(state))
    assert refused.value.code == "not_yours_to_do"
    require_own_track(Caller("x", Role.MEDIATOR, unit="host-people"), state, TakeUpBody().tracks(state))
