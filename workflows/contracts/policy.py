"""What a running case carries of the city's policy: resolved once, when it is born, and kept for its life."""

import json
from functools import lru_cache
from typing import Annotated, Any, Literal

from pydantic import (
    Field,
    SerializerFunctionWrapHandler,
    ValidatorFunctionWrapHandler,
    WrapValidator,
    model_serializer,
)

from workflows.contracts.clocks import Limit, LimitText
from workflows.contracts.model import Frozen
from workflows.contracts.vocabulary import CaseStatus, ClockName, OwnerRole, PauseGround, Role


class ExtensionPolicy(Frozen):
    """How far a limit may be extended, once, and by whom (延期)."""

    at_most: LimitText
    approver: Role
    source: str


class PausePolicy(Frozen):
    """How long a clock may stand still on one ground, and who allows it each time (挂起)."""

    at_most: LimitText
    approver: Role
    source: str


class ClockPolicy(Frozen):
    """A limit and where it comes from: an article in force, a published practice, or this product's default.

    Without `extension` it cannot be extended; it stands still only on the grounds of `pauses`. `statutory` if the law
    sets it for the class of the matter, in place of what the preset says.
    """

    limit: LimitText
    source: str
    extension: ExtensionPolicy | None = None
    pauses: dict[PauseGround, PausePolicy] = Field(default_factory=dict)
    statutory: bool = False

    @model_serializer(mode="wrap")
    def _without_what_it_has_not(self, serialize: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """A case carries dozens of limits, and few have more than a limit and a source."""
        return {name: value for name, value in serialize(self).items() if value}


class Ladder(Frozen):
    """What follows on every clock: a warning before the due time, then steps counted from the due time."""

    warn_fraction: float = Field(default=0.8, gt=0, lt=1)
    supervise_after: LimitText = Limit.parse("1 working_days")
    escalate_after: LimitText = Limit.parse("2 working_days")
    top_urge_every: LimitText = Limit.parse("1 working_days")


EMERGENCY_LADDER = Ladder(
    supervise_after=Limit.parse("15 minutes"),
    escalate_after=Limit.parse("30 minutes"),
    top_urge_every=Limit.parse("1 hours"),
)
"""For what endangers people, in every case: as the emergency preset has it for its own [default]."""

OWNERS: dict[CaseStatus, OwnerRole] = {
    CaseStatus.REGISTERED: OwnerRole.DISPATCHER,
    CaseStatus.ACCEPTED: OwnerRole.DISPATCHER,
    CaseStatus.DISPATCHED: OwnerRole.LEAD_UNIT,
    CaseStatus.IN_PROGRESS: OwnerRole.LEAD_UNIT,
    CaseStatus.FINISHED: OwnerRole.VERIFIER,
    CaseStatus.VERIFIED: OwnerRole.CALLBACK_DESK,
    CaseStatus.CLOSED: OwnerRole.LEADER,
    CaseStatus.DECLINED: OwnerRole.LEADER,
    CaseStatus.WITHDRAWN: OwnerRole.LEADER,
}
"""Who owes the next step in the statuses that the first policies knew: what `CasePolicy.owners` is by default.

The digest of a recorded event leaves out what equals its default. So this table never changes, or histories recorded
with it would not replay; a status that came later stands in `EVERY_OWNER`.
"""
EVERY_OWNER = OWNERS | {
    CaseStatus.IN_MEDIATION: OwnerRole.DISPATCHER,
    CaseStatus.AGREED: OwnerRole.DISPATCHER,
    CaseStatus.MERGED: OwnerRole.LEADER,
    CaseStatus.TRANSFERRED: OwnerRole.LEADER,
    CaseStatus.LEGAL_ROUTE: OwnerRole.LEADER,
}
"""Who owes the next step in every status that has a next step, where the policy of the case does not name anybody.

It is the one that the rules go by. It adds to `OWNERS` what policies of before these statuses could not say, and may
grow with the next one.
"""


def _default(limit: str, source: str) -> ClockPolicy:
    return ClockPolicy(limit=Limit.parse(limit), source=f"[default] {source}")


USUAL_LIMITS: dict[ClockName, ClockPolicy] = {
    ClockName.WHISTLE_REQUEST: _default("4 working_hours", "吹哨请求审核"),
    ClockName.OBJECTION_DECISION: _default("1 working_days", "指定异议裁定"),
    ClockName.HOST: _default("1 working_days", "跨区域事项确定主办地"),
    ClockName.TRANSFER: _default("1 working_days", "等候外市接收回执"),
    ClockName.LEGAL_OUTCOME: _default("90 calendar_days", "法律途径结果回询"),
    ClockName.MEDIATION: _default("3 working_days", "联合调解下一步"),
    ClockName.DUTY_LEADER: _default("1 hours", "红色预警：值班领导1小时内到位"),
    ClockName.CONSULTATION: _default("24 hours", "红色预警：24小时内会商"),
    ClockName.RISK_REVIEW: _default("7 calendar_days", "黄色预警：每7日研判"),
    ClockName.DANGER_CALL: _default("5 minutes", "现实危险立即报警（人民调解法25）"),
    ClockName.PROTECTION_REPORT: _default("1 hours", "强制报告（未成年人保护法11、反家庭暴力法14）"),
}
"""For steps that few cases come to: they need not travel with every case, and older policies do not name them."""


class CasePolicy(Frozen):
    """Limits, ladder and choices that apply to one case.

    `owners` says in which capacity the next step is owed; `send_back_windows` how long a unit may send a task back, by
    the task preset. `settled_sample` is how many percent of the matters that were settled where they were raised are
    verified; from `group_threshold` people on, one matter of many is red and reported upward.
    """

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
    owners: dict[CaseStatus, OwnerRole] = Field(default_factory=lambda: OWNERS)
    send_back_windows: dict[str, ClockPolicy] = Field(default_factory=dict)
    settled_sample: int = Field(default=100, ge=0, le=100)
    group_threshold: int | None = None

    @model_serializer(mode="wrap")
    def _without_the_usual(self, serialize: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Every byte that travels with a case is kept several times over while its workflow is open."""
        fields = type(self).model_fields
        usual = {
            name
            for name, field in fields.items()
            if getattr(self, name) == field.get_default(call_default_factory=True)
        }
        return {name: value for name, value in serialize(self).items() if name not in usual}


@lru_cache(maxsize=256)
def _one_of_its_kind(written: str) -> CasePolicy:
    return CasePolicy.model_validate_json(written)


def _shared(value: Any, read: ValidatorFunctionWrapHandler) -> CasePolicy:
    if isinstance(value, dict):
        try:
            # Before it is read: what is built for each case and thrown away leaves holes in the memory between them.
            return _one_of_its_kind(json.dumps(value))
        except TypeError:
            # Made of objects, in code and not from what travelled.
            pass
    policy: CasePolicy = read(value)
    return policy


SharedPolicy = Annotated[CasePolicy, WrapValidator(_shared)]
"""A policy of which a process keeps one copy, however many of its cases carry it."""
