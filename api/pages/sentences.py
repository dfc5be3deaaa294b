"""The timeline as a story: one Chinese sentence for every kind of event."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeAlias

from api.pages import words as w
from api.pages.moments import day, end, moment
from api.timeline import TimelineItem
from workflows.contracts.actors import CLOCKWORK
from workflows.contracts.vocabulary import Role, Rung

Data: TypeAlias = Mapping[str, Any]

MINOR = frozenset(
    {
        "clock_started",
        "clock_met",
        "clock_stopped",
        "clock_resumed",
        "effect_requested",
        "effect_done",
        "effect_retried",
        "effect_lapsed",
        "renewal_asked",
        "rules_renewed",
    }
)
"""What the process notes for itself; shown when somebody asks for the whole record."""
_UNIT_FIELDS = ("suggested_unit", "unit_id", "to_unit")


@dataclass(frozen=True)
class Entry:
    """One line of the story. `words` are what people wrote, each under its label; None where they were erased."""

    seq: int
    at: datetime
    recorded_at: datetime
    who: str
    sentence: str
    words: Sequence[tuple[str, str | None]]
    evidence: Sequence[str]


@dataclass(frozen=True)
class Names:
    """What the story calls things: units by id, levels by their code names, ratings by theirs."""

    units: Mapping[str, str]
    levels: Mapping[str, str]
    ratings: Mapping[str, str]


def unit_ids(items: Sequence[TimelineItem]) -> set[str]:
    """The units that the story names."""
    acting = {item.actor.unit_id for item in items if item.actor.unit_id}
    called = {item.data["unit"]["unit_id"] for item in items if item.kind == "task_dispatched"}
    return acting | called | {item.data[name] for item in items for name in _UNIT_FIELDS if name in item.data}


def tell(item: TimelineItem, names: Names) -> Entry:
    """The event in words."""
    by_itself = _BY_ITSELF if item.actor.id == CLOCKWORK.id else {}
    told = by_itself.get(item.kind) or _TOLD.get(item.kind)
    return Entry(
        seq=item.seq,
        at=item.at,
        recorded_at=item.recorded_at,
        who=who(item, names),
        sentence=told(item.data, names) if told else item.kind,
        words=written(item),
        evidence=item.data.get("evidence", ()),
    )


def clock_name(clock_id: str) -> str:
    """`T1/finish` is 任务1·办结, `citizen#2` the second round of 答复诉求人."""
    place, _, clock = clock_id.rpartition("/")
    name, _, again = clock.partition("#")
    label = w.word(w.CLOCKS, name) + (f"（第{again}轮）" if again else "")
    return f"任务{place[1:]}·{label}" if place else label


def news(about: str, due_date: date, *, provisional: bool) -> str:
    """What a requester is told of the dates of her case, in her words."""
    on = day(due_date) + ("（暂定）" if provisional else "")
    return w.word(w.NEWS, about).format(on=on)


def who(item: TimelineItem, names: Names) -> str:
    """Whoever did it, as people know them."""
    if item.actor.id == CLOCKWORK.id or item.actor.role == Role.REQUESTER:
        return "系统" if item.actor.id == CLOCKWORK.id else "诉求人"
    unit = names.units.get(item.actor.unit_id or "")
    return " ".join(part for part in (unit, w.word(w.ROLES, item.actor.role), item.actor.name) if part)


def written(item: TimelineItem) -> list[tuple[str, str | None]]:
    """The words that people wrote in it, each under its label; None where they were erased."""
    # What a requester is told repeats another event's words.
    names = [] if item.kind == "requester_told" else [name for name in w.TEXTS if _written(item.data, name)]
    return [(w.TEXTS[name], item.data[name]) for name in names]


def _written(data: Data, name: str) -> bool:
    # Absent optional words and erased ones look alike; a field that is always written shows that it was.
    return name in data and (data[name] is not None or name in {"reply", "route", "clause", "text"})


def _task(data: Data) -> str:
    return f"任务{data['task_no'].rpartition('-T')[2]}"


def _contact_added(data: Data, names: Names) -> str:
    # The report itself was the first.
    return f"诉求人第{data['count'] + 1}次反映" + ("，提请督导关注" if data["count"] > 1 else "")


def _rated(data: Data, names: Names) -> str:
    rating, solved = data["rating"], data["solved"]
    said = [w.word(names.ratings, rating)] if rating else []
    said += [w.word(w.SOLVED, solved)] if solved else []
    return f"诉求人评价：{'，'.join(said)}"


def _escalated(data: Data, names: Names) -> str:
    cause = f"（{clock_name(data['clock_id'])}超期）" if data["clock_id"] else ""
    return f"由{names.levels.get(data['from_level'])}升级到{names.levels.get(data['to_level'])}{cause}"


def _rung(data: Data, names: Names) -> str:
    times = f"（共{data['times']}次）" if data["times"] > 1 else ""
    return f"{clock_name(data['clock_id'])}：{w.word(w.RUNGS, data['rung'])}{times}"


def _clock_started(data: Data, names: Names) -> str:
    clock = data["clock"]
    name = w.word(w.CLOCKS, clock["name"])
    place = f"{_task(clock)}·" if clock["task_no"] else ""
    return f"{place}{name}开始计时，{_end(clock['due_at'])}到期"


def _clock_moved(data: Data, names: Names) -> str:
    name, cause = clock_name(data["clock_id"]), w.word(w.MOVE_CAUSES, data["cause"])
    if data["was_due_at"] != data["due_at"]:
        supposed = "（暂定）" if data["provisional"] else ""
        return f"{name}的到期时间由{_end(data['was_due_at'])}改为{_end(data['due_at'])}{supposed}，原因：{cause}"
    if data["next_rung"] in {Rung.SUPERVISE, Rung.ESCALATE, Rung.URGE_AGAIN}:
        return f"{name}已经超期，到期时间不变，此后的督办、催办时间随之调整，原因：{cause}"
    state = "，仍为暂定" if data["provisional"] else ""
    return f"{name}重新核算，到期时间仍为{_end(data['due_at'])}{state}，原因：{cause}"


def _suspended(data: Data, names: Names) -> str:
    clocks = "、".join(map(clock_name, data["clock_ids"]))
    return f"挂起（{w.word(w.PAUSE_GROUNDS, data['ground'])}），暂停计时：{clocks}；最迟至{_end(data['until'])}"


def _effect_requested(data: Data, names: Names) -> str:
    waits = data["effect"].get("not_before")
    opening = f"，待单位上班后（{moment(datetime.fromisoformat(waits))}）发出" if waits else ""
    return f"向单位系统发送任务信号（{data['effect']['kind']}）{opening}"


def _end(at: str) -> str:
    return end(datetime.fromisoformat(at))


def _day(on: str) -> str:
    return day(date.fromisoformat(on))


def _always(sentence: str) -> Callable[[Data, Names], str]:
    return lambda data, names: sentence


def _of_task(sentence: str) -> Callable[[Data, Names], str]:
    return lambda data, names: sentence.format(task=_task(data))


def _of_clock(sentence: str) -> Callable[[Data, Names], str]:
    return lambda data, names: sentence.format(clock=clock_name(data["clock_id"]))


_TOLD: Mapping[str, Callable[[Data, Names], str]] = {
    "case_registered": lambda data, names: f"诉求登记在案，由{names.levels.get(data['level'])}一级受理",
    "case_accepted": _always("受理"),
    "case_declined": lambda data, names: f"不予受理：{w.word(w.GROUNDS, data['ground'])}",
    "case_answered": _always("答复诉求人"),
    "case_settled": _always("当场办结"),
    "whistled": lambda data, names: f"吹哨（{w.word(w.PRESETS, data['preset'])}）",
    "task_dispatched": lambda data, names: (
        f"{_task(data)}派给{names.units.get(data['unit']['unit_id'])}（{w.word(w.TASK_ROLES, data['role'])}）"
    ),
    "task_signed": _of_task("签收{task}"),
    "task_contacted": _of_task("就{task}联系了诉求人"),
    "task_reported_in": lambda data, names: (
        f"{_task(data)}报到" + (f"，到场{len(data['people'])}人" if data["people"] else "")
    ),
    "task_progressed": _of_task("{task}进展"),
    "task_finished": _of_task("{task}办结"),
    "task_cancelled": _of_task("{task}取消"),
    "send_back_asked": lambda data, names: f"{_task(data)}退单，建议由{names.units.get(data['suggested_unit'])}承办",
    "send_back_refused": _of_task("不同意{task}退单，仍由原单位办理"),
    "send_back_lapsed": _of_task("{task}的退单逾期未审定，仍由原单位办理"),
    "task_sent_back": _of_task("{task}退回，原单位不再办理"),
    "dispatch_dispute_opened": _always("再次退单，转为派单争议，由中心指定承办单位"),
    "unit_designated": lambda data, names: f"指定{names.units.get(data['unit_id'])}承办（{_task(data)}），不得再退单",
    "objected": _of_task("对指定承办{task}提出异议，异议期间继续办理"),
    "task_reassigned": lambda data, names: f"{_task(data)}转派给{names.units.get(data['to_unit'])}",
    "supervised": lambda data, names: f"督办，要求最迟于{_day(data['due'])}答复",
    "supervision_answered": _always("答复督办"),
    "task_reopened": _of_task("{task}返工"),
    "case_finished": _always("案件办结，等待核查"),
    "verification_passed": _always("核查通过"),
    "verification_failed": lambda data, names: f"核查未通过，第{data['rework']}次返工",
    "callback_made": lambda data, names: f"回访：{w.word(w.OUTCOMES, data['outcome'])}",
    "case_rated": _rated,
    "case_closed": _always("结案"),
    "case_reopened": lambda data, names: f"重办，进入第{data['round']}轮办理（第{data['rework']}次返工）",
    "contact_added": _contact_added,
    "withdrawal_asked": _always("代诉求人申请撤回，待中心确认"),
    "withdrawal_refuted": _always("向诉求人核实：并非要撤回，继续办理"),
    "case_withdrawn": _always("诉求撤回"),
    "case_archived": _always("归档"),
    "urged": lambda data, names: f"催办{_task(data)}" if data["task_no"] else "催办",
    "escalated": _escalated,
    "clock_started": _clock_started,
    "clock_met": _of_clock("{clock}已完成"),
    "clock_stopped": _of_clock("{clock}停止计时"),
    "clock_resumed": _of_clock("{clock}继续计时，到期时间不变"),
    "rung_reached": _rung,
    "breach_withdrawn": _of_clock("{clock}实际按时完成，撤销超期"),
    "clock_moved": _clock_moved,
    "extension_asked": lambda data, names: f"为{clock_name(data['clock_id'])}申请延期至{_day(data['until'])}",
    "extension_granted": lambda data, names: f"同意{clock_name(data['clock_id'])}延期至{_day(data['until'])}",
    "extension_refused": lambda data, names: f"不同意{clock_name(data['clock_id'])}延期",
    "case_suspended": _suspended,
    "case_resumed": _always("恢复计时"),
    "committed": lambda data, names: f"承诺最迟于{_day(data['date'])}办理，原有时限照常计时",
    "interim_replied": lambda data, names: f"阶段性答复诉求人：法定期限为{_day(data['legal_due'])}",
    "requester_told": lambda data, names: (
        f"告知诉求人：{news(data['about'], date.fromisoformat(data['due_date']), provisional=data['provisional'])}"
    ),
    "risk_set": lambda data, names: f"定为{w.word(w.RISKS, data['risk'])}",
    "calendar_adopted": lambda data, names: (
        f"换用第{data['calendar']['version']}版工作日历，已公布至{_day(data['calendar']['published_through'])}"
    ),
    "policy_adopted": lambda data, names: (
        f"此后开始的时限按规则“{data['policy']['name']}”第{data['policy']['version']}版计算"
    ),
    "effect_requested": _effect_requested,
    "effect_done": _always("单位系统已收到任务信号"),
    "effect_failed": lambda data, names: f"任务信号送达失败：{w.word(w.EFFECT_FAILURES, data['code'])}，待运维处理",
    "effect_retried": _always("重新发送任务信号"),
    "effect_skipped": _always("运维决定不再发送任务信号"),
    "effect_lapsed": _always("所涉时限已了结，待发的提醒不再发送"),
    "renewal_asked": _always("要求换用新版规则"),
    "rules_renewed": lambda data, names: f"换用第{data['rules_version']}版规则",
}
KINDS = frozenset(_TOLD)
_BY_ITSELF: Mapping[str, Callable[[Data, Names], str]] = {"case_resumed": _always("挂起期满，自动恢复计时")}
"""What is told differently where nobody did it."""
