"""The fingerprint of recorded events, by which a replay notices that the rules have changed."""

import json
from collections.abc import Iterable
from hashlib import sha256

from workflows.contracts.recorded import RecordedEvent


def digest(record: RecordedEvent) -> str:
    """Hex sha256 of the seq, the kind and the fields that differ from their defaults.

    A field that a newer version adds with a default leaves it as it was.
    """
    fields = record.model_dump(mode="json", exclude_defaults=True)
    # A kind is its model's default, so the fields do not tell commands apart that have the same ones.
    kinds: list[str] = [record.event.kind]
    if (command := getattr(getattr(record.event, "effect", None), "command", None)) is not None:
        kinds.append(command.kind)
    text = json.dumps([record.seq, *kinds, fields], sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()


def batch_digest(records: Iterable[RecordedEvent]) -> str:
    """The fingerprint of consecutive events: what recording them returns."""
    return sha256("".join(digest(record) for record in records).encode()).hexdigest()
