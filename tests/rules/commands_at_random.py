"""Commands as anybody might give them: fitting or not, late or not, repeated or not."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from tests.rules.case_builder import DISPATCHER, OPERATOR, REQUESTER, VERIFIER, WORDS, department, handler
from workflows.contracts import commands as c
from workflows.contracts.actors import Actor
from workflows.contracts.commands import AnyCommand, UnitRef
from workflows.contracts.state import CaseState
from workflows.contracts.vocabulary import CallbackOutcome, CaseStatus, DeclineGround, Role, Solved, UnitKind

Fields = dict[str, st.SearchStrategy[Any]]

_UNITS = ("housing", "water", "roads")
_ACTORS = (
    DISPATCHER,
    VERIFIER,
    REQUESTER,
    OPERATOR,
    Actor(id="supervisor-1", role=Role.SUPERVISOR),
    Actor(id="housing-system", role=Role.SYSTEM, unit_id="housing"),
    *map(handler, _UNITS),
)
_delays = st.one_of(st.none(), st.integers(-60, 60 * 24 * 90).map(lambda minutes: timedelta(minutes=minutes)))
_words = st.just(WORDS)
_evidence = st.sampled_from([(), ("photo-1",)])
_solved = st.none() | st.sampled_from(Solved)
_rating = st.none() | st.sampled_from(["satisfied", "dissatisfied", "marvellous"])
_preset = st.sampled_from([None, "standard", "emergency", "unheard_of"])
_kinds = st.sampled_from([UnitKind.DEPARTMENT, UnitKind.TOWNSHIP, UnitKind.ENTERPRISE, UnitKind.VERTICAL])
_units = st.builds(UnitRef, unit_id=st.sampled_from(_UNITS), kind=_kinds, connected=st.booleans())
_co_units = st.lists(_units, max_size=2).map(tuple)


_FIELDS: dict[type[AnyCommand], Fields] = {
    c.Accept: {},
    c.Decline: {"ground": st.sampled_from(DeclineGround), "route": _words},
    c.Answer: {"reply": _words},
    c.Settle: {"reply": _words, "evidence": _evidence},
    c.Whistle: {"lead": _units, "co_units": _co_units, "preset": _preset, "reason": _words},
    c.Release: {"reason": _words},
    c.Urge: {"note": _words},
    c.Escalate: {"reason": _words},
    c.Verify: {"passed": st.booleans(), "note": _words},
    c.Callback: {"outcome": st.sampled_from(CallbackOutcome), "solved": _solved, "rating": _rating},
    c.Rate: {"rating": st.sampled_from(["satisfied", "marvellous"]), "solved": _solved},
    c.Close: {},
    c.Withdraw: {"reason": _words},
    c.ConfirmWithdrawal: {"confirmed": st.booleans()},
    c.Sign: {},
    c.Contact: {"note": _words},
    c.ReportIn: {},
    c.Progress: {"note": _words},
    c.Finish: {"reply": _words, "evidence": _evidence},
    c.RetryEffect: {},
    c.SkipEffect: {"reason": _words},
    c.Renew: {},
}
_COMMANDS = {kind: st.fixed_dictionaries(fields) for kind, fields in _FIELDS.items()}


@st.composite
def any_command(draw: st.DrawFn, state: CaseState, now: datetime) -> AnyCommand:
    """Any command of any role, with whatever it refers to existing or not."""
    kind = draw(st.sampled_from(list(_COMMANDS)))
    drawn = draw(_COMMANDS[kind])
    if issubclass(kind, c.TaskCommand | c.Urge):
        drawn["task_no"] = draw(st.sampled_from([*state.tasks, "no-such-task"]))
    elif issubclass(kind, c.RetryEffect | c.SkipEffect):
        drawn["effect_id"] = draw(st.sampled_from([*state.effects, "no-such-effect"]))
    return kind(**_about(draw, draw(st.sampled_from(_ACTORS)), state, now), **drawn)


@st.composite
def next_step(draw: st.DrawFn, state: CaseState, now: datetime) -> AnyCommand:
    """What the case waits for, given by somebody who may: so that stories get anywhere."""
    by, kind, fields = draw(st.sampled_from(_next_steps(state)))
    command: AnyCommand = kind(**_about(draw, by, state, now), **fields)
    return command


def _about(draw: st.DrawFn, by: Actor, state: CaseState, now: datetime) -> dict[str, Any]:
    delay = draw(_delays)
    received_at = None if delay is None else now - delay
    return {"command_id": f"c{state.seq}", "actor": by, "received_at": received_at}


def _next_steps(state: CaseState) -> list[tuple[Actor, Callable[..., AnyCommand], dict[str, Any]]]:
    match state.status:
        case CaseStatus.REGISTERED:
            return [(DISPATCHER, c.Accept, {})]
        case CaseStatus.ACCEPTED:
            co_units = (department("water"), department("roads", connected=True))
            whistle = {"lead": department("housing", connected=True), "reason": WORDS}
            return [(DISPATCHER, c.Whistle, whistle | {"co_units": some}) for some in ((), co_units)]
        case CaseStatus.DISPATCHED | CaseStatus.IN_PROGRESS:
            done = {"reply": WORDS, "evidence": ("photo-1",)}
            return [
                (handler(task.unit.unit_id), kind, {"task_no": task.task_no, **fields})
                for task in state.open_tasks
                for kind, fields in ((c.Finish, done), (c.ReportIn, {}), (c.Contact, {"note": WORDS}))
            ]
        case CaseStatus.FINISHED:
            return [(VERIFIER, c.Verify, {"passed": passed, "note": WORDS}) for passed in (True, False)]
        case CaseStatus.VERIFIED:
            reached = {"outcome": CallbackOutcome.REACHED, "rating": "satisfied"}
            return [(DISPATCHER, c.Callback, fields) for fields in (reached, {"outcome": CallbackOutcome.UNREACHABLE})]
        case _:
            return [(REQUESTER, c.Rate, {"rating": "satisfied"})]
