"""Cases as they really go, time and all: each of their states has to have a standing that was walked."""

from collections.abc import Iterator
from datetime import timedelta
from random import Random

from tests.explorer.moves import moves
from tests.explorer.walk import Walk
from workflows.contracts.errors import RuleViolation
from workflows.contracts.state import CaseState
from workflows.rules.decide import clocks_run_out, decide
from workflows.rules.ladder import next_moment

_LONGEST = 40


def strays(walk: Walk, *, stories: int) -> list[list[str]]:
    """What happened in each story that came to a state whose standing was not walked; none if the abstraction holds."""
    found = (_first_stray(walk, seed) for seed in range(stories))
    return [story for story in found if story]


def _first_stray(walk: Walk, seed: int) -> list[str]:
    told = []
    for name, state in _story(walk, Random(seed)):  # noqa: S311 - the same stories every time, and no secret
        told.append(name)
        if walk.number_of(state) is None:
            return told
    return []


def _story(walk: Walk, dice: Random) -> Iterator[tuple[str, CaseState]]:
    """Steps that stay within the world's bounds, each with the state it leads to."""
    state, kinds = walk.world.origin, sorted(walk.world.commands, key=lambda kind: kind.__name__)
    now = state.registered_at
    for _ in range(_LONGEST):
        if dice.random() < 0.25:
            following = next_moment(state, now)
            now = (
                max(now, following) if following and dice.random() < 0.5 else now + timedelta(hours=dice.randint(1, 30))
            )
            name, after = f"time goes on to {now:%m-%d %H:%M}", clocks_run_out(state, now).state
            if not walk.world.holds(after):
                return
            state = after
            yield name, state
            continue
        now += timedelta(minutes=dice.randint(1, 60))
        options = [move for kind in kinds for move in moves(kind, state, now)]
        for move in dice.sample(options, len(options)):
            received_at = now - timedelta(hours=dice.choice((0, 0, 5, 50)))
            try:
                after = decide(state, move.command(received_at), now).state
            except RuleViolation:
                continue
            if walk.world.holds(after):
                state = after
                yield f"{move.name} at {now:%m-%d %H:%M}, received {received_at:%m-%d %H:%M}", state
                break
