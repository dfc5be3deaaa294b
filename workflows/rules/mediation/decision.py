"""A decision about a mediation in the making: its events, and the writings that follow from it."""

from workflows.contracts.errors import RuleViolation
from workflows.contracts.mediation.events import AnyMediationEvent, MediationRecorded, PaperIssued
from workflows.contracts.mediation.state import MediationState, Track
from workflows.contracts.mediation.vocabulary import Paper, TrackStatus
from workflows.rules.deciding import Deciding
from workflows.rules.mediation.evolve import evolve


class Hearing(Deciding[MediationState, AnyMediationEvent, MediationRecorded]):
    """A decision about a mediation."""

    _record_type = MediationRecorded

    def _evolved(self, record: MediationRecorded) -> MediationState:
        return evolve(self.state, record)

    def issue(self, paper: Paper, to: tuple[str, ...] = (), *, track: int | None = None) -> None:
        """A writing about what was recorded last is due, to all parties if none are named."""
        number = f"{self.state.mediation_no}-N{len(self.state.papers) + 1}"
        addressees = to or tuple(self.state.parties)
        about = self.state.seq
        self.record(PaperIssued(paper_no=number, paper=paper, to=addressees, track=track, about_seq=about))

    def track(self, number: int | None) -> Track:
        """The track of that number that has begun and not ended; without one the track that seeks the agreement.

        Raises:
            RuleViolation: `unknown_track`, `track_ended`.
        """
        found = self.state.current if number is None else self.state.tracks.get(number)
        if found is None or found.status is TrackStatus.WAITING:
            raise RuleViolation("unknown_track", "the plan has no such track, or none that has begun")
        if not found.is_running:
            raise RuleViolation("track_ended", f"track {found.number} is {found.status}")
        return found
