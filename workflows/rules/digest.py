"""The fingerprint of recorded events, by which a replay notices that the rules have changed."""

import json
from collections.abc import Iterable
from hashlib import sha256

from workflows.contracts.effects import SendCommand
from workflows.contracts.events import EffectRequested, Recorded


def digest(record: Recorded) -> str:
    """Hex sha256 of the seq, the kind and the fields that differ from their defaults.

    A field that a newer version adds with a default leaves it as it was.
    """
    fields = record.model_dump(mode="json", exclude_defaults=True)
    # A kind is its model's default, so the fields do not tell commands apart that have the same ones.
    kinds: list[str] = [record.event.kind]
    if isinstance(record.event, EffectRequested) and isinstance(record.event.effect, SendCommand):
        kinds.append(record.event.effect.command.kind)
    text = json.dumps([record.seq, *kinds, fields], sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()


def batch_digest(records: Iterable[Recorded]) -> str:
    """The fingerprint of consecutive events: what `record_events` returns."""
    return sha256("".join(digest(record) for record in records).encode()).hexdigest()
