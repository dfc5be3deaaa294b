"""The sentences for what binds a case to others, for those asked beside its units, and for which level has it."""

from collections.abc import Mapping

from api.pages import words as w
from api.pages.names import Data, Names, Sentence, always, referral_name, task_name


def _cases(data: Data) -> str:
    return "、".join(data["case_nos"])


def _part(data: Data) -> str:
    part = data["part"]
    return f"“{part['title'] or '（文字已清除）'}”（{part['case_no']}）"


def _whistle_decided(data: Data, names: Names) -> str:
    if not data["granted"]:
        return "不同意吹哨请求，仍由提出的一级办理"
    return "同意吹哨请求" if data["reason"] is not None else "已直接吹哨，吹哨请求一并办结"


def _referral_recorded(data: Data, names: Names) -> str:
    return f"{referral_name(data['referral_no'])}有了{'结果' if data['outcome'] is not None else '回执'}"


def _consulted(data: Data, names: Names) -> str:
    units = "、".join(names.unit(decision["unit_id"]) for decision in data["decisions"])
    return f"会商，明确{units}的工作" if units else "会商"


def _whistle_rated(data: Data, names: Names) -> str:
    asked = (("right_unit", "派单对象准确", "派单对象不准确"), ("clear", "事由清楚", "事由不清楚"))
    said = [yes if data[name] else no for name, yes, no in asked if data[name] is not None]
    if data["avoidable"] is not None:
        said.append("本可不必吹哨" if data["avoidable"] else "确需吹哨")
    return "，".join([f"评哨（{task_name(data['task_no'])}）：{w.word(w.SCORES, data['score'])}", *said])


LINK_SENTENCES: Mapping[str, Sentence] = {
    "whistle_requested": lambda data, names: f"请求吹哨，由{names.level(data['decided_at'])}一级审核",
    "whistle_request_decided": _whistle_decided,
    "referred": lambda data, names: f"移送、商请{names.unit(data['unit']['unit_id'])}，不定期限",
    "referral_recorded": _referral_recorded,
    "objection_decided": lambda data, names: (
        f"{task_name(data['task_no'])}的异议成立，改由其他单位承办"
        if data["upheld"]
        else f"{task_name(data['task_no'])}的异议不成立，维持指定"
    ),
    "assigned_down": lambda data, names: f"由{names.level(data['from_level'])}交办到{names.level(data['to_level'])}",
    "host_named": lambda data, names: (
        f"确定{names.regions.get(data['region_code'], data['region_code'])}为主办地，"
        f"由{names.level(data['level'])}一级办理"
    ),
    "report_in_rated": lambda data, names: f"评报到（{task_name(data['task_no'])}）：{w.word(w.SCORES, data['score'])}",
    "whistle_rated": _whistle_rated,
    "case_merged": lambda data, names: f"并入案件{data['into']}办理",
    "case_taken_in": lambda data, names: f"案件{data['case_no']}并入本案",
    "take_in_refused": lambda data, names: f"本案已办结或并案已满，案件{data['case_no']}不再并入，单独办理",
    "main_concluded": lambda data, names: f"主案{w.word(w.STATUSES, data['status'])}",
    "cases_split_off": lambda data, names: (
        f"从本案拆出：{_cases(data)}"
        if data["reason"] is not None
        else f"本案未办结而终止，并入的案件恢复单独办理：{_cases(data)}"
    ),
    "split_from_main": lambda data, names: f"从案件{data['main']}拆出，单独办理",
    "case_divided": lambda data, names: f"分案：{_part(data)}另案办理",
    "hazard_kept": lambda data, names: f"公共隐患继续处理：{_part(data)}",
    "cases_gathered": lambda data, names: f"归集共性诉求：{_cases(data)}",
    "issue_joined": lambda data, names: f"归入案件{data['main']}的共性诉求，仍单独办理",
    "consulted": _consulted,
    "transfer_asked": always("商请外市接收，回执之前仍由本市办理"),
    "transfer_refused": always("外市不予接收，继续由本市办理"),
    "case_transferred": always("外市已接收，移交办结"),
    "legal_route_taken": lambda data, names: f"转法律途径：{w.word(w.LEGAL_ROUTES, data['route'])}",
    "legal_outcome_recorded": always("登记法律途径的结果"),
    "explanation_signed": always("签署不再继续办理的说明"),
    "verification_waived": always("当场办结，未抽中核查"),
}
"""One for each kind of event."""
