"""How many decisions a core makes, beside a plain copy of the state in the same run."""

from collections.abc import Callable
from time import perf_counter

import pytest

from tests.rules.case_builder import CASE_NO, DISPATCHER, WORDS, handler, registered
from workflows.contracts import commands as c
from workflows.rules.decide import decide

_TIMES = 2_000
_CASE = registered().whistled("water", "roads")
_COMMANDS: tuple[c.AnyCommand, ...] = (
    c.Urge(command_id="u", actor=DISPATCHER, note=WORDS),
    c.Contact(command_id="c", actor=handler("housing"), task_no=f"{CASE_NO}-T1", note=WORDS),
    c.Finish(command_id="f", actor=handler("water"), task_no=f"{CASE_NO}-T2", reply=WORDS),
)


def _per_second(work: Callable[[], None]) -> float:
    begin = perf_counter()
    work()
    return _TIMES * len(_COMMANDS) / (perf_counter() - begin)


def _decisions() -> None:
    for _ in range(_TIMES):
        for command in _COMMANDS:
            decide(_CASE.state, command, _CASE.now)


def _copies() -> None:
    """The baseline: what evolving costs at the very least, one copy of the state."""
    for _ in range(_TIMES):
        for n in range(len(_COMMANDS)):
            _CASE.state.model_copy(update={"seq": n})


@pytest.mark.bench
def test_decisions_per_second(capsys: pytest.CaptureFixture[str]) -> None:
    baseline = max(_per_second(_copies) for _ in range(3))
    decisions = max(_per_second(_decisions) for _ in range(3))
    with capsys.disabled():
        print(f"\ndecisions: {decisions:,.0f}/s, {decisions / baseline:.3f} of bare copies of the state")  # noqa: T201 - a bench prints
