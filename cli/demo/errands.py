"""What the demo's people are doing at this moment: many things side by side, none of them twice."""

from asyncio import TaskGroup
from collections.abc import Awaitable, Callable, Hashable
from http import HTTPStatus

from cli.simulator.public_api import Refused

Note = Callable[[str], None]
"""Is told in one line what went wrong."""


class Errands:
    """Begins errands in the group; one with the same subject as one under way is left out."""

    def __init__(self, group: TaskGroup, note: Note) -> None:
        self._group = group
        self._note = note
        self._under_way: set[Hashable] = set()

    def begin(self, subject: Hashable, errand: Callable[[], Awaitable[None]]) -> None:
        """Runs the errand unless its subject is being seen to.

        A conflict means that the matter went on without us, which is no fault; after any other refusal the subject is
        left alone, so that it shows as not ended instead of being tried for ever.
        """
        if subject not in self._under_way:
            self._under_way.add(subject)
            self._group.create_task(self._run(subject, errand))

    async def _run(self, subject: Hashable, errand: Callable[[], Awaitable[None]]) -> None:
        try:
            await errand()
        except Refused as refusal:
            if refusal.status != HTTPStatus.CONFLICT:
                self._note(f"{subject}: {refusal}")
                return
        self._under_way.discard(subject)
