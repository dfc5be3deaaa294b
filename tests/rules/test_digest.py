"""The fingerprint of what was recorded: it moves with every change that matters, and with no other."""

from datetime import timedelta

import pytest

from tests.rules.case_builder import CASE_NO, DISPATCHER, VERIFIER, WORDS, CaseBuilder
from workflows.contracts import commands as c
from workflows.contracts import events as e
from workflows.contracts.commands import AnyCommand
from workflows.contracts.effects import SendCommand
from workflows.contracts.events import Recorded
from workflows.contracts.ids import TextId
from workflows.rules.digest import batch_digest, digest


class NewerCaseAccepted(e.CaseAccepted):
    """The same event as a later version might know it."""

    by_telephone: bool = False


class NewerRecorded(Recorded):
    """A record of that event."""

    event: NewerCaseAccepted


@pytest.fixture
def accepted(given: CaseBuilder) -> Recorded:
    """The event of an acceptance."""
    return given.accepted().news[0]


def sending(record: Recorded, command: AnyCommand) -> Recorded:
    """The same record, of a command to another case."""
    effect = SendCommand(id="e1", to_case_no=CASE_NO, command=command)
    return record.model_copy(update={"event": e.EffectRequested(effect=effect)})


@pytest.mark.parametrize("field", ["seq", "at", "recorded_at", "actor", "command_id", "event"])
def test_a_changed_field_changes_the_digest(accepted: Recorded, field: str) -> None:
    other = {
        "seq": accepted.seq + 1,
        "at": accepted.at + timedelta(microseconds=1),
        "recorded_at": accepted.recorded_at + timedelta(microseconds=1),
        "actor": VERIFIER,
        "command_id": None,
        "event": e.CaseAccepted(note=TextId("another")),
    }
    assert digest(accepted.model_copy(update={field: other[field]})) != digest(accepted)


def test_another_kind_with_the_same_fields_has_another_digest(accepted: Recorded) -> None:
    assert digest(accepted.model_copy(update={"event": e.CaseFinished()})) != digest(accepted)


def test_a_field_deep_inside_changes_it(given: CaseBuilder) -> None:
    started = given.events[1]
    assert isinstance(started.event, e.ClockStarted)
    clock = started.event.clock
    later = clock.model_copy(update={"due_at": clock.due_at + timedelta(seconds=1)})
    assert digest(started.model_copy(update={"event": e.ClockStarted(clock=later)})) != digest(started)


def test_a_field_that_a_newer_version_adds_with_a_default_leaves_it(accepted: Recorded) -> None:
    newer = NewerRecorded.model_validate(accepted.model_dump())
    assert digest(newer) == digest(accepted)
    used = newer.model_copy(update={"event": NewerCaseAccepted(by_telephone=True)})
    assert digest(used) != digest(accepted)


def test_commands_to_other_cases_are_told_apart_by_their_kind(accepted: Recorded) -> None:
    accept = c.Accept(command_id="x", actor=DISPATCHER)
    renew = c.Renew(command_id="x", actor=DISPATCHER)
    assert digest(sending(accepted, accept)) != digest(sending(accepted, renew))


def test_reading_a_record_back_leaves_its_digest(given: CaseBuilder) -> None:
    for record in given.closed().at("2026-10-01T09:00").events:
        assert digest(Recorded.model_validate_json(record.model_dump_json())) == digest(record)


def test_what_a_newer_version_recorded_is_read_without_the_field_nobody_knows(accepted: Recorded) -> None:
    newer = accepted.model_dump(mode="json")
    newer["event"]["by_telephone"] = True
    assert Recorded.model_validate(newer) == accepted


def test_the_digest_of_a_batch_is_that_of_its_events_in_order(given: CaseBuilder) -> None:
    events = given.does(c.Urge, note=WORDS).events
    assert batch_digest(events) == batch_digest(iter(events))
    assert batch_digest(events[:-1]) != batch_digest(events)
    assert batch_digest(events[::-1]) != batch_digest(events)
