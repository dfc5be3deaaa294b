"""What a running case carries of the city's policy: resolved once, when it is born, and kept for its life."""

from functools import lru_cache
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from workflows.contracts.clocks import Limit, LimitText
from workflows.contracts.model import Frozen
from workflows.contracts.vocabulary import ClockName


class ClockPolicy(Frozen):
    """A limit and where it comes from: an article in force, a published practice, or this product's default."""

    limit: LimitText
    source: str


class Ladder(Frozen):
    """What follows on every clock: a warning before the due time, then steps counted from the due time."""

    warn_fraction: float = Field(default=0.8, gt=0, lt=1)
    supervise_after: LimitText = Limit.parse("1 working_days")
    escalate_after: LimitText = Limit.parse("2 working_days")
    top_urge_every: LimitText = Limit.parse("1 working_days")


class CasePolicy(Frozen):
    """Limits, ladder and choices that apply to one case."""

    name: str
    version: int
    case_limits: dict[ClockName, ClockPolicy]
    task_presets: dict[str, dict[ClockName, ClockPolicy]]
    default_task_preset: str
    ladder: Ladder = Ladder()
    evidence_required: bool = False
    rating_scale: tuple[str, ...] = (
        "very_satisfied",
        "satisfied",
        "basically_satisfied",
        "dissatisfied",
        "very_dissatisfied",
    )
    retry: Literal["default", "rehearsal"] = "default"


@lru_cache(maxsize=256)
def _one_of_its_kind(written: str) -> CasePolicy:
    return CasePolicy.model_validate_json(written)


SharedPolicy = Annotated[CasePolicy, AfterValidator(lambda policy: _one_of_its_kind(policy.model_dump_json()))]
"""A policy of which a process keeps one copy, however many of its cases carry it."""
