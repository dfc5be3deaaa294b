"""Mediations as a story: `talks().planned("people").consented().taken_up().at("2026-04-02T10:00")…`."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from infra.channel_tables import read_channel_table
from infra.cities.load import YUNJIANG
from tests.rules.calendar_2026 import WINDOW_2026, at
from workflows.contracts.actors import Actor
from workflows.contracts.effects import SendCommand
from workflows.contracts.errors import RuleViolation
from workflows.contracts.ids import TextId
from workflows.contracts.mediation import commands as c
from workflows.contracts.mediation.clocks import MediationClock
from workflows.contracts.mediation.commands import AnyMediationCommand
from workflows.contracts.mediation.events import AnyMediationEvent, MediationRecorded
from workflows.contracts.mediation.of_case import FollowMediation
from workflows.contracts.mediation.opening import MediationOpening, Opening
from workflows.contracts.mediation.people import Dispute, Host, Party, TrackPlan
from workflows.contracts.mediation.policy import MediationPolicy
from workflows.contracts.mediation.state import MediationState
from workflows.contracts.mediation.vocabulary import DisputeType, MediationForm, Paper, Side, SignedBy
from workflows.contracts.vocabulary import ClockName, Level, Role
from workflows.rules.mediation.decide import clocks_run_out, decide, effect_ended, open_mediation
from workflows.rules.mediation.decision import Hearing
from workflows.rules.version import RULES_VERSION

CASE_NO = "990102202603020001"
MEDIATION_NO = f"{CASE_NO}-M1"
WORDS = TextId("t1")
MEDIATOR = Actor(id="mediator-1", role=Role.MEDIATOR, unit_id="committee")
CENTRES = {level: f"centre-{level}" for level in Level}
FIRST, OTHER = "P1", "P2"


@cache
def channels() -> MediationPolicy:
    """The channel table of the fictional city."""
    return read_channel_table(Path(YUNJIANG) / "mediation.yaml")


def party(number: str, side: Side, **more: Any) -> Party:
    """A party of that number, by an id of its own."""
    return Party(party_no=number, side=side, person_id=f"person-{number}", **more)


def step(form: str | MediationForm, **more: Any) -> TrackPlan:
    """A step of a plan, at the house of the first host that the channel table allows."""
    named = MediationForm(form)
    host = channels().channels[named].hosts[0]
    return TrackPlan(form=named, host=Host(unit_id=f"host-{named}", kind=host), **{"mediator_id": "m1", **more})


@dataclass(frozen=True)
class Talks:
    """A mediation and all its events so far; every step gives a new story."""

    state: MediationState
    events: tuple[MediationRecorded, ...]
    now: datetime

    def at(self, moment: str) -> "Talks":
        """Later, by the wall clock in Asia/Shanghai; what time brings is recorded."""
        later = replace(self, now=at(moment).astimezone(UTC))
        return later._after(clocks_run_out(self.state, later.now))

    def in_an_outage(self, until: str) -> "Talks":
        """Later, and nobody has noticed what time brought."""
        return replace(self, now=at(until).astimezone(UTC))

    def when(self, command: type[AnyMediationCommand], **fields: Any) -> "Talks":
        """A command; its words are all the same."""
        return self._after(decide(self.state, self._command(command, fields), self.now))

    def refuses(self, code: str, command: type[AnyMediationCommand], **fields: Any) -> "Talks":
        """The rules forbid the command for that reason; nothing has changed."""
        with pytest.raises(RuleViolation) as refused:
            decide(self.state, self._command(command, fields), self.now)
        assert refused.value.code == code
        return self

    def done(self) -> "Talks":
        """Everything that was wanted in the world has been done."""
        story = self
        for pending in self.state.pending_effects:
            story = story._after(effect_ended(story.state, pending.effect.id, None, self.now))
        return story

    def planned(self, *forms: str | TrackPlan) -> "Talks":
        """The plan has these steps, one after the other."""
        steps = tuple(form if isinstance(form, TrackPlan) else step(form) for form in forms)
        return self.when(c.DecidePlan, tracks=steps, reason=WORDS)

    def consented(self) -> "Talks":
        """Every party agrees to the channel."""
        story = self
        for party_no in self.state.parties:
            story = story.when(c.Consent, party_no=party_no, agreed=True)
        return story

    def taken_up(self) -> "Talks":
        """The host has it."""
        return self.when(c.TakeUp)

    def under_way(self, form: str, **more: Any) -> "Talks":
        """Planned, agreed to, applied for and taken up, at once."""
        story = self.planned(step(form, **more)).when(c.Apply, party_no=FIRST).consented()
        return story.taken_up()

    def sat(self, begins: str, ends: str, **record: Any) -> "Talks":
        """A session is set, held with everybody, and put on record when it ends."""
        everybody = tuple(self.state.parties)
        story = self.when(c.ScheduleSession, starts_at=at(begins), ends_at=at(ends), parties=everybody)
        number = f"S{len(story.state.sessions)}"
        return story.at(ends).when(c.RecordSession, session_no=number, **{"present": everybody, **record})

    def drafted(self, *promises: c.Promise, **more: Any) -> "Talks":
        """What they agreed on is drawn up."""
        return self.when(c.DraftAgreement, terms=WORDS, promises=promises, **more)

    def signed(self) -> "Talks":
        """Every mark that the channel asks for is put on the paper."""
        story = self
        agreement = story.state.agreement
        assert agreement is not None
        for by in story.state.row(story.state.tracks[agreement.track].form).needs:
            whose = tuple(story.state.parties) if by in {SignedBy.PARTIES, SignedBy.RECEIPT} else (None,)
            for party_no in whose:
                story = story.when(c.Sign, by=by, party_no=party_no, scan="scan-1")
        return story

    def agreed(self, *promises: c.Promise, **more: Any) -> "Talks":
        """Drawn up and signed."""
        return self.drafted(*promises, **more).signed()

    def clock(self, name: ClockName, about: str | None = None) -> MediationClock:
        """The latest clock of that name."""
        found = [clock for clock in self.state.clocks.values() if (clock.name, clock.about) == (name, about)]
        return found[-1]

    def types(self) -> list[str]:
        """The kinds of the events, in their order."""
        return [record.event.kind for record in self.events]

    def last(self, kind: type[AnyMediationEvent]) -> Any:
        """The latest event of that type."""
        return [record.event for record in self.events if isinstance(record.event, kind)][-1]

    def told(self) -> FollowMediation:
        """What the case was told last."""
        effects = [getattr(record.event, "effect", None) for record in self.events]
        told = [effect.command for effect in effects if isinstance(effect, SendCommand)]
        assert isinstance(told[-1], FollowMediation)
        return told[-1]

    def papers(self, paper: Paper) -> list[tuple[str, ...]]:
        """To whom writings of that kind were issued."""
        return [issued.to for issued in self.state.papers.values() if issued.paper is paper]

    def _command(self, command: type[AnyMediationCommand], fields: dict[str, Any]) -> AnyMediationCommand:
        worded = [name for name in ("reason", "terms", "findings") if name in command.model_fields]
        wanted: dict[str, Any] = dict.fromkeys(worded, WORDS)
        number = f"{command.__name__}-{len(self.events)}"
        return command(**{"command_id": number, "actor": MEDIATOR, **wanted, **fields})

    def _after(self, d: Hearing) -> "Talks":
        return replace(self, state=d.state, events=(*self.events, *d.events))


def talks(
    moment: str = "2026-03-02T09:00",
    *,
    dispute: DisputeType = DisputeType.NEIGHBOUR,
    parties: tuple[Party, ...] = (party(FIRST, Side.APPLICANT), party(OTHER, Side.RESPONDENT)),
    policy: MediationPolicy | None = None,
    level: Level = Level.TOWNSHIP,
    **facts: Any,
) -> Talks:
    """A mediation that was opened at that time, between two neighbours unless said otherwise."""
    now = at(moment).astimezone(UTC)
    opening = Opening(
        mediation_no=MEDIATION_NO,
        case_no=CASE_NO,
        dispute=Dispute(type=dispute, **facts),
        parties=parties,
        region_code="990102001000",
        level=level,
        centres=CENTRES,
        policy=policy or channels(),
        calendar=WINDOW_2026,
        rules_version=RULES_VERSION,
    )
    d = open_mediation(MediationOpening(at=now, actor=MEDIATOR, opening=opening), now)
    return Talks(d.state, tuple(d.events), now)
