"""Calling units in (吹哨): who may be asked for it, who has to be among them, and who is asked beside them."""

from collections.abc import Iterable

from workflows.contracts import commands as c
from workflows.contracts import events as e
from workflows.contracts.command import UnitRef
from workflows.contracts.errors import RuleViolation
from workflows.contracts.ids import referral_no
from workflows.contracts.state import CaseState
from workflows.contracts.vocabulary import (
    DATED_UNIT_KINDS,
    REFERRED_UNIT_KINDS,
    CaseStatus,
    ClockName,
    Level,
    TaskRole,
    TaskStatus,
    Urgency,
)
from workflows.rules.clock_starts import case_limit, running, start_case_clock
from workflows.rules.clocks import meet, stop_clocks
from workflows.rules.decision import Decision
from workflows.rules.dispatch import give_task, require_dated, require_not_at_work, require_not_concerned
from workflows.rules.guards import accept_first, open_referral, require_open, require_status
from workflows.rules.ladder import escalate
from workflows.rules.levels import level_of


def request_whistle(d: Decision, command: c.RequestWhistle) -> None:
    """Who took the matter up cannot settle it and asks for the whistle (请求吹哨); the township decides.

    Raises:
        RuleViolation: `case_not_accepted`, `whistle_already_asked`.
    """
    if d.state.whistle_asked_by is not None:
        raise RuleViolation("whistle_already_asked", "the centre is deciding about it already")
    accept_first(d)
    if case_limit(d.state, ClockName.WHISTLE_REQUEST) is not None:
        stop_clocks(d, ClockName.DISPATCH)
    elif not running(d.state, ClockName.DISPATCH):
        # Without a clock on the decision the dispatch is owed, as it always is.
        start_case_clock(d, ClockName.DISPATCH, event="accepted")
    d.record(e.WhistleRequested(decided_at=deciding_level(d.state), reason=command.reason))
    start_case_clock(d, ClockName.WHISTLE_REQUEST, event="asked")


def decide_whistle_request(d: Decision, command: c.DecideWhistleRequest) -> None:
    """Granted, the township has the case and owes the whistle; refused, it stays where it was raised.

    Raises:
        RuleViolation: `no_whistle_asked`, `own_request`, `decided_a_level_up`.
    """
    if d.state.whistle_asked_by is None:
        raise RuleViolation("no_whistle_asked", "nobody waits for that decision")
    if command.actor.id == d.state.whistle_asked_by:
        raise RuleViolation("own_request", "whoever asks for the whistle does not decide about it")
    level = deciding_level(d.state)
    own = level_of(d, command.actor)
    if own is not None and own.rank < level.rank:
        raise RuleViolation("decided_a_level_up", f"the {level} decides whether units are called in")
    d.record(e.WhistleRequestDecided(granted=command.granted, reason=command.reason))
    meet(d, ClockName.WHISTLE_REQUEST)
    if command.granted and level is not d.state.level:
        escalate(d, level, at=d.at, reason=command.reason)
    if not running(d.state, ClockName.DISPATCH):
        start_case_clock(d, ClockName.DISPATCH, event="whistle_decided")


def deciding_level(state: CaseState) -> Level:
    """What a grid or village asks for, the township decides; anywhere else the level that has the case."""
    above = state.level_above(state.level)
    return above if state.level is Level.VILLAGE and above is not None else state.level


def whistle(d: Decision, command: c.Whistle) -> None:
    """The centre calls units in: a task each, with clocks of its own. An emergency need not be accepted first.

    Whoever holds the legal power over the matter is among them, or asked beside them if it can be given no dates.

    Raises:
        RuleViolation: `case_not_accepted`, `unit_cannot_be_dated`, `unit_twice`, `unknown_preset`, `unit_concerned`,
            `power_holder_missing`.
    """
    if d.state.urgency is Urgency.EMERGENCY and d.state.status is CaseStatus.REGISTERED:
        accept_first(d)
    elif d.state.lead_task is not None or not d.state.open_tasks:
        # Else the lead unit is rid of its task while co-units work on: another lead joins them.
        # Beside talks units may be called in as well, with one lead among them.
        beside = () if d.state.lead_task is not None else (CaseStatus.IN_MEDIATION, CaseStatus.AGREED)
        require_status(d, CaseStatus.ACCEPTED, *beside, code="case_not_accepted")
    units = (command.lead, *command.co_units)
    if len({unit.unit_id for unit in units}) < len(units):
        raise RuleViolation("unit_twice", "a unit has one part in a whistle")
    for unit in units:
        require_dated(unit)
        require_not_at_work(d, unit)
        require_not_concerned(d, unit)
    preset = command.preset or d.state.policy.default_task_preset
    if preset not in d.state.policy.task_presets:
        known = ", ".join(sorted(d.state.policy.task_presets))
        raise RuleViolation("unknown_preset", f"the case's policy has no such preset; it has {known}")
    at_work = [task.unit for task in d.state.open_tasks]
    require_power_holder(d, command.power_holder, [*units, *at_work])
    d.record(e.Whistled(preset=preset, reason=command.reason, power_holder=command.power_holder))
    grant_what_was_asked(d)
    meet(d, ClockName.DISPATCH)
    for unit in units:
        give_task(d, unit, TaskRole.LEAD if unit is command.lead else TaskRole.CO, preset)
    ask_power_holder(d, command.power_holder)


def grant_what_was_asked(d: Decision) -> None:
    """A centre that calls units in while it is asked to has granted that."""
    if d.state.whistle_asked_by is not None:
        d.record(e.WhistleRequestDecided(granted=True))
        meet(d, ClockName.WHISTLE_REQUEST)


def blow_in_the_lane(d: Decision, units: tuple[UnitRef, ...]) -> None:
    """An emergency goes straight to the units that the routing catalogue names, the lead first, at any hour."""
    if not units:
        return
    accept_first(d)
    preset = d.state.policy.default_task_preset
    d.record(e.Whistled(preset=preset))
    for unit in units:
        give_task(d, unit, TaskRole.LEAD if unit is units[0] else TaskRole.CO, preset)


def require_power_holder(d: Decision, holder: UnitRef | None, units: Iterable[UnitRef]) -> None:
    """The unit that holds the legal power over the matter has a part in it, if it can be given one.

    One that is complained about has none: the power is its superior's to use, and the centre chooses. Nor has one that
    the centre agreed is rid of it.

    Raises:
        RuleViolation: `power_holder_missing`.
    """
    if holder is None or holder.kind not in DATED_UNIT_KINDS or holder.unit_id in d.state.concerned:
        return
    rid_of_it = {task.unit.unit_id for task in d.state.tasks.values() if task.status is TaskStatus.SENT_BACK}
    if holder.unit_id not in {unit.unit_id for unit in units} | rid_of_it:
        raise RuleViolation("power_holder_missing", f"the legal power lies with {holder.unit_id}: call it in as well")


def ask_power_holder(d: Decision, holder: UnitRef | None) -> None:
    """A holder of the legal power that can be given no dates is asked beside the units, once."""
    if holder is None or holder.kind not in REFERRED_UNIT_KINDS or holder.unit_id in d.state.concerned:
        return
    if holder.unit_id not in {referral.unit.unit_id for referral in d.state.referrals.values()}:
        d.record(e.Referred(referral_no=_next_referral(d), unit=holder))


def refer(d: Decision, command: c.Refer) -> None:
    """A vertical, judicial or discipline body is asked: receipt and outcome are noted, no date and no ladder.

    Raises:
        RuleViolation: `case_ended`, `unit_can_be_dated`, `already_referred`, `unit_concerned`.
    """
    require_open(d)
    if command.unit.kind not in REFERRED_UNIT_KINDS:
        raise RuleViolation("unit_can_be_dated", f"a {command.unit.kind} unit is called in by the whistle")
    require_not_concerned(d, command.unit)
    pending = [referral.unit.unit_id for referral in d.state.referrals.values() if not referral.ended]
    if command.unit.unit_id in pending:
        raise RuleViolation("already_referred", "that unit is asked already")
    d.record(e.Referred(referral_no=_next_referral(d), unit=command.unit, reason=command.reason))


def record_referral(d: Decision, command: c.RecordReferral) -> None:
    """That the unit has it, and what it came to.

    Raises:
        RuleViolation: `unknown_referral`, `referral_ended`, `nothing_to_record`.
    """
    open_referral(d, command.referral_no)
    if command.receipt is None and command.outcome is None:
        raise RuleViolation("nothing_to_record", "give the receipt, the outcome, or both")
    recorded = e.ReferralRecorded(referral_no=command.referral_no, receipt=command.receipt, outcome=command.outcome)
    d.record(recorded)


def _next_referral(d: Decision) -> str:
    return referral_no(d.state.case_no, len(d.state.referrals) + 1)
