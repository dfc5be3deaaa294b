"""The process is walked, not sampled: whatever a case can come to, it goes on, and the archive alone is the end."""

import pytest

from tests.explorer.moves import EVERY_COMMAND
from tests.explorer.picture import PAGE, case_part, drawn, outline, page
from tests.explorer.proof import TIME, faults, never_accepted, report, transitions
from tests.explorer.stories import strays
from tests.explorer.walk import explore
from tests.explorer.worlds import NOT_WALKED, WORLDS, World


@pytest.mark.parametrize("world", WORLDS, ids=lambda world: world.name)
def test_every_state_has_a_clock_and_an_owner_and_a_way_to_the_archive_which_alone_is_final(world: World) -> None:
    walk = explore(world)
    print(report(walk))  # noqa: T201 - what was walked is part of the proof
    wrong = faults(walk)
    assert not wrong, f"{len(wrong)} states:\n" + "\n".join(wrong[:5])
    assert never_accepted(walk) == []
    assert strays(walk, stories=100) == []
    shown = drawn(PAGE.read_text(encoding="utf-8"))
    hidden = {
        f"{before} -> {after} by {name}"
        for (before, after), names in transitions(walk).items()
        for name in names - shown[before, after]
        if before is not after or name != TIME
    }
    assert hidden == set()


def test_every_command_is_tried_somewhere_or_it_is_said_why_not() -> None:
    walked = frozenset(kind for world in WORLDS for kind in world.commands)
    assert EVERY_COMMAND - walked == NOT_WALKED.keys()


def test_the_picture_in_the_guide_is_what_the_rules_do() -> None:
    shown = case_part(PAGE.read_text(encoding="utf-8"))
    assert shown == page(outline()), "draw it again: python -m tests.explorer --write"
