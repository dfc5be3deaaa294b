"""Who does something. Ids only: names are looked up where they are shown."""

from workflows.contracts.model import Frozen
from workflows.contracts.vocabulary import Role


class Actor(Frozen):
    """A person or system in its role.

    `id` is a user id of the city's directory, a token's subject, or `requester`; `unit_id` binds handlers and systems.
    """

    id: str
    role: Role
    unit_id: str | None = None


CLOCKWORK = Actor(id="clockwork", role=Role.SYSTEM)
"""The process itself, when a clock runs out."""
