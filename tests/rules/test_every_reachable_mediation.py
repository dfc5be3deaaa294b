"""The mediation is walked as the case is: whatever happens in it, it ends, and everybody is told where to go."""

from tests.explorer.hearing_picture import HEADING, section, transitions
from tests.explorer.hearing_walk import TIME, walk
from tests.explorer.hearings import HEARINGS
from tests.explorer.picture import PAGE
from workflows.contracts.mediation.vocabulary import MEDIATION_ENDS, MediationStatus


def test_every_mediation_has_an_owner_and_a_clock_and_a_way_to_an_end_and_the_guide_shows_it() -> None:
    walks = [walk(hearing) for hearing in HEARINGS]
    for one in walks:
        assert not one.wrong, f"{one.hearing.name}, {len(one.wrong)}:\n" + "\n".join(one.wrong[:5])
        assert {state.status for state in one.standings} >= MEDIATION_ENDS
    found = transitions(walks)
    assert {status for ends in found for status in ends} == set(MediationStatus)
    assert {kind for kinds in found.values() for kind in kinds} >= {TIME, "consent", "sign", "record_outside"}
    _, _, shown = PAGE.read_text(encoding="utf-8").partition(HEADING)
    assert HEADING + shown == section(found), "draw it again: python -m tests.explorer --write"
