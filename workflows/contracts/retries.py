"""Named retry policies: how long something is tried before a person has to look."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from temporalio.common import RetryPolicy

REFUSED = "refused"
"""The failure class of an effect that its receiver will never take; it is not tried again."""


@dataclass(frozen=True)
class Retries:
    """`overall` is the longest time from the request to the last attempt's end, `attempt` that of a single one."""

    overall: timedelta
    attempt: timedelta
    policy: RetryPolicy


EFFECT_RETRIES: dict[Literal["default", "rehearsal"], Retries] = {
    "default": Retries(
        overall=timedelta(hours=72),
        attempt=timedelta(seconds=30),
        policy=RetryPolicy(
            initial_interval=timedelta(seconds=2),
            maximum_interval=timedelta(minutes=10),
            non_retryable_error_types=[REFUSED],
        ),
    ),
    "rehearsal": Retries(
        overall=timedelta(seconds=20),
        attempt=timedelta(seconds=5),
        policy=RetryPolicy(
            initial_interval=timedelta(seconds=1),
            maximum_interval=timedelta(seconds=4),
            non_retryable_error_types=[REFUSED],
        ),
    ),
}
"""By the name that a case's policy carries."""

RECORD_RETRIES = RetryPolicy(initial_interval=timedelta(milliseconds=200), maximum_interval=timedelta(seconds=30))
"""Records are tried without limit: nothing that happened may be missing."""
RECORD_ATTEMPT = timedelta(seconds=10)
"""Many times what a batch takes, and all that a reader waits for when a worker dies over it."""
