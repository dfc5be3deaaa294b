"""What a policy gives, for whoever checks it before it is applied."""

from collections.abc import Iterator, Mapping

from rich.cells import cell_len

from api.pages import words as w
from infra.policies.written import Allowance, PolicyFile, SourcedLimit, When, WrittenLadder, WrittenLimit
from workflows.contracts.vocabulary import ClockName, Role

_NAME_CELLS = 30
_LIMIT_CELLS = 39


def summary(policy: PolicyFile) -> Iterator[str]:
    """Its presets, then every limit with its source, line by line."""
    yield f"{policy.title} {policy.name}：没有问题 no faults"
    yield "适用 selection"
    yield from (f"  {_condition(rule.when)} → {_preset(rule.preset)}" for rule in policy.selection)
    yield "各类诉求 case limits"
    yield from _limits(policy.case_limits)
    for name, preset in policy.presets.items():
        tasks = preset.task_preset or policy.default_task_preset
        yield f"预设 preset {_preset(name)}（任务时限 task preset {tasks}，阶梯 ladder {preset.ladder}）"
        yield from _limits(preset.case_limits)
    for name, limits in policy.task_presets.items():
        yield f"任务时限 task preset {_preset(name)}"
        yield from _limits(limits)
        if name in policy.send_back_windows:
            yield _line("退单期限 send-back", policy.send_back_windows[name])
    if policy.statutory:
        yield "法定时限 statutory"
    for limit in {limit.model_dump_json(): limit for limit in policy.statutory.values()}.values():
        yield from (f"  {category}" for category, of_class in policy.statutory.items() if of_class == limit)
        yield from (f"  {line}" for line in _with_allowances("办结 finish", limit))
    for name, ladder in policy.ladders.items():
        yield f"阶梯 ladder {name}：{_ladder(ladder)}  {ladder.source}"
    owners = (f"{w.word(w.STATUSES, status)} {w.word(w.OWNER_ROLES, role)}" for status, role in policy.owners.items())
    yield f"各环节责任人 owners：{'，'.join(owners)}"


def _condition(when: When) -> str:
    given = when.model_dump(mode="json", exclude_none=True)
    return "，".join(f"{key}={value}" for key, value in given.items()) or "其余 all others"


def _preset(name: str) -> str:
    return f"{w.PRESETS[name]} {name}" if name in w.PRESETS else name


def _limits(limits: Mapping[ClockName, WrittenLimit]) -> Iterator[str]:
    for clock, limit in limits.items():
        yield from _with_allowances(f"{w.CLOCKS[clock]} {clock}" if clock in w.CLOCKS else clock, limit)


def _with_allowances(name: str, limit: WrittenLimit) -> Iterator[str]:
    yield _line(name, limit)
    if limit.extension is not None:
        yield _allowance("可延期 extension", limit.extension)
    for ground, pause in limit.pauses.items():
        yield _allowance(f"可暂停 pause {ground}", pause)


def _line(name: str, limit: SourcedLimit) -> str:
    return f"  {_padded(name, _NAME_CELLS)} {_padded(limit.limit, _LIMIT_CELLS)} {limit.source}"


def _allowance(name: str, allowance: Allowance) -> str:
    approver = f"{w.word(w.ROLES, Role(allowance.approver))} {allowance.approver}"
    said = _padded(f"≤ {allowance.at_most}，{approver}", _LIMIT_CELLS)
    return f"    {_padded(name, _NAME_CELLS - 2)} {said} {allowance.source}"


def _ladder(ladder: WrittenLadder) -> str:
    return (
        f"{ladder.warn_fraction:.0%} 预警，超期后 {ladder.supervise_after} 督办，{ladder.escalate_after} 升级，"
        f"最高层级每 {ladder.top_urge_every} 催办"
    )


def _padded(text: str, cells: int) -> str:
    """A Chinese character takes two cells."""
    return text + " " * max(0, cells - cell_len(text))
