"""The timeline as a story: one Chinese sentence for every kind of event."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from api.pages import resident_words
from api.pages import words as w
from api.pages.link_sentences import LINK_SENTENCES
from api.pages.mediation_sentences import OF_CASE
from api.pages.moments import day, end, moment
from api.pages.names import (
    Data,
    Names,
    Sentence,
    always,
    clock_name,
    local_day,
    of_clock,
    of_task,
    referral_name,
    task_name,
)
from api.pages.risk_sentences import RISK_SENTENCES
from api.timeline import PROTECTED, TimelineItem
from workflows.contracts.actors import CLOCKWORK
from workflows.contracts.vocabulary import Role, Rung

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
_NAMED_ALIKE = {"legal_route_taken": "route", "callback_made": "outcome"}
"""Fields that are named as words are elsewhere and hold a name in code."""
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


def unit_ids(items: Sequence[TimelineItem]) -> set[str]:
    """The units that the story names."""
    acting = {item.actor.unit_id for item in items if item.actor.unit_id}
    called = {item.data["unit"]["unit_id"] for item in items if item.kind == "task_dispatched"}
    for item in items:
        if item.kind == "unit_succeeded":
            called |= {item.data["old"], item.data["new"]["unit_id"]}
        if item.kind == "referred":
            called.add(item.data["unit"]["unit_id"])
        called |= {decision["unit_id"] for decision in item.data.get("decisions", ())}
    return acting | called | {item.data[name] for item in items for name in _UNIT_FIELDS if name in item.data}


def tell(item: TimelineItem, names: Names, special: Mapping[str, Sentence] | None = None) -> Entry:
    """The event in words; `special` are the sentences of a process that is no case, where they are others."""
    by_itself = special or (_BY_ITSELF if item.actor.id == CLOCKWORK.id else {})
    told = by_itself.get(item.kind) or _TOLD.get(item.kind)
    return Entry(
        seq=item.seq,
        at=item.at,
        recorded_at=item.recorded_at,
        who=who(item, names),
        sentence=told(item.data, names) if told else item.kind,
        words=written(item, names),
        evidence=item.data.get("evidence", ()),
    )


def news(about: str, due_date: date, *, provisional: bool) -> str:
    """What a requester is told of the dates of her case, in her words."""
    on = day(due_date) + ("（暂定）" if provisional else "")
    return w.word(resident_words.NEWS, about).format(on=on)


def who(item: TimelineItem, names: Names) -> str:
    """Whoever did it, as people know them."""
    if item.actor == PROTECTED:
        return "身份保密"
    if item.actor.id == CLOCKWORK.id or item.actor.role == Role.REQUESTER:
        return "系统" if item.actor.id == CLOCKWORK.id else "诉求人"
    unit = names.units.get(item.actor.unit_id or "")
    return " ".join(part for part in (unit, w.word(w.ROLES, item.actor.role), item.actor.name) if part)


def written(item: TimelineItem, names: Names) -> list[tuple[str, str | None]]:
    """The words that people wrote in it, each under its label; None where they were erased."""
    # What a requester is told repeats another event's words.
    fields = [] if item.kind == "requester_told" else [field for field in w.TEXTS if _written(item, field)]
    said = [(w.TEXTS[field], item.data[field]) for field in fields]
    said += [(names.unit(decision["unit_id"]), decision["what"]) for decision in item.data.get("decisions", ())]
    return said + ([(w.TEXTS["text"], item.data["part"]["description"])] if "part" in item.data else [])


def _written(item: TimelineItem, field: str) -> bool:
    # Absent optional words and erased ones look alike; a field that is always written shows that it was.
    if field not in item.data or _NAMED_ALIKE.get(item.kind) == field:
        return False
    return item.data[field] is not None or field in {"reply", "route", "clause", "text"}


def _urged(data: Data, names: Names) -> str:
    if data["referral_no"]:
        return f"催办{referral_name(data['referral_no'])}"
    return f"催办{task_name(data['task_no'])}" if data["task_no"] else "催办"


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
    place = f"{task_name(clock['task_no'])}·" if clock["task_no"] else ""
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


_TOLD: Mapping[str, Sentence] = {
    "case_registered": lambda data, names: f"诉求登记在案，由{names.levels.get(data['level'])}一级受理",
    "case_accepted": always("受理"),
    "case_declined": lambda data, names: f"不予受理：{w.word(w.GROUNDS, data['ground'])}",
    "case_answered": always("答复诉求人"),
    "case_settled": always("当场办结"),
    "whistled": lambda data, names: f"吹哨（{w.word(w.PRESETS, data['preset'])}）",
    "task_dispatched": lambda data, names: (
        f"{task_name(data['task_no'])}派给{names.units.get(data['unit']['unit_id'])}"
        f"（{w.word(w.TASK_ROLES, data['role'])}）"
    ),
    "unit_succeeded": lambda data, names: (
        f"{names.units.get(data['old'])}的工作由{names.units.get(data['new']['unit_id'])}承接，时限不变"
    ),
    "task_signed": of_task("签收{task}"),
    "task_contacted": of_task("就{task}联系了诉求人"),
    "task_reported_in": lambda data, names: (
        f"{task_name(data['task_no'])}报到" + (f"，到场{len(data['people'])}人" if data["people"] else "")
    ),
    "task_progressed": of_task("{task}进展"),
    "task_finished": of_task("{task}办结"),
    "task_cancelled": of_task("{task}取消"),
    "send_back_asked": lambda data, names: (
        f"{task_name(data['task_no'])}退单，建议由{names.units.get(data['suggested_unit'])}承办"
    ),
    "send_back_refused": of_task("不同意{task}退单，仍由原单位办理"),
    "send_back_lapsed": of_task("{task}的退单逾期未审定，仍由原单位办理"),
    "task_sent_back": of_task("{task}退回，原单位不再办理"),
    "dispatch_dispute_opened": always("再次退单，转为派单争议，由中心指定承办单位"),
    "unit_designated": lambda data, names: (
        f"指定{names.units.get(data['unit_id'])}承办（{task_name(data['task_no'])}），不得再退单"
    ),
    "objected": of_task("对指定承办{task}提出异议，异议期间继续办理"),
    "task_reassigned": lambda data, names: f"{task_name(data['task_no'])}转派给{names.units.get(data['to_unit'])}",
    "supervised": lambda data, names: f"督办，要求最迟于{local_day(data['due'])}答复",
    "supervision_answered": always("答复督办"),
    "task_reopened": of_task("{task}返工"),
    "case_finished": always("案件办结，等待核查"),
    "verification_passed": always("核查通过"),
    "verification_failed": lambda data, names: f"核查未通过，第{data['rework']}次返工",
    "callback_made": lambda data, names: f"回访：{w.word(w.OUTCOMES, data['outcome'])}",
    "case_rated": _rated,
    "case_closed": always("结案"),
    "case_reopened": lambda data, names: f"重办，进入第{data['round']}轮办理（第{data['rework']}次返工）",
    "contact_added": _contact_added,
    "withdrawal_asked": always("代诉求人申请撤回，待中心确认"),
    "withdrawal_refuted": always("向诉求人核实：并非要撤回，继续办理"),
    "case_withdrawn": always("诉求撤回"),
    "case_archived": always("归档"),
    "urged": _urged,
    "escalated": _escalated,
    "clock_started": _clock_started,
    "clock_met": of_clock("{clock}已完成"),
    "clock_stopped": of_clock("{clock}停止计时"),
    "clock_resumed": of_clock("{clock}继续计时，到期时间不变"),
    "rung_reached": _rung,
    "breach_withdrawn": of_clock("{clock}实际按时完成，撤销超期"),
    "clock_moved": _clock_moved,
    "extension_asked": lambda data, names: f"为{clock_name(data['clock_id'])}申请延期至{local_day(data['until'])}",
    "extension_granted": lambda data, names: f"同意{clock_name(data['clock_id'])}延期至{local_day(data['until'])}",
    "extension_refused": lambda data, names: f"不同意{clock_name(data['clock_id'])}延期",
    "case_suspended": _suspended,
    "case_resumed": always("恢复计时"),
    "committed": lambda data, names: f"承诺最迟于{local_day(data['date'])}办理，原有时限照常计时",
    "interim_replied": lambda data, names: f"阶段性答复诉求人：法定期限为{local_day(data['legal_due'])}",
    "requester_told": lambda data, names: (
        f"告知诉求人：{news(data['about'], date.fromisoformat(data['due_date']), provisional=data['provisional'])}"
    ),
    "notice_issued": lambda data, names: f"签发{w.word(w.NOTICES, data['notice'])}（{data['notice_no']}）",
    "notice_served": lambda data, names: (
        f"{data['notice_no']}已于{moment(datetime.fromisoformat(data['served_at']))}送达诉求人"
        f"（{w.word(w.SERVICE_METHODS, data['how'])}）"
    ),
    "calendar_adopted": lambda data, names: (
        f"换用第{data['calendar']['version']}版工作日历，已公布至{local_day(data['calendar']['published_through'])}"
    ),
    "policy_adopted": lambda data, names: (
        f"此后开始的时限按规则“{data['policy']['name']}”第{data['policy']['version']}版计算"
    ),
    "effect_requested": _effect_requested,
    "effect_done": always("单位系统已收到任务信号"),
    "effect_failed": lambda data, names: f"任务信号送达失败：{w.word(w.EFFECT_FAILURES, data['code'])}，待运维处理",
    "effect_retried": always("重新发送任务信号"),
    "effect_skipped": always("运维决定不再发送任务信号"),
    "effect_lapsed": always("所涉时限已了结，待发的提醒不再发送"),
    "renewal_asked": always("要求换用新版规则"),
    "rules_renewed": lambda data, names: f"换用第{data['rules_version']}版规则",
    **LINK_SENTENCES,
    **RISK_SENTENCES,
    **OF_CASE,
}
KINDS = frozenset(_TOLD)
_BY_ITSELF: Mapping[str, Sentence] = {"case_resumed": always("挂起期满，自动恢复计时")}
"""What is told differently where nobody did it."""
