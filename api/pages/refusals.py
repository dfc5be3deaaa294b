"""Why something was not done, in a sentence that says what would help, for every code of the rules and the API."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from pydantic import ValidationError

from api.errors import Problem, unavailable
from infra.case_gateway import CaseUnavailable
from workflows.contracts.errors import RuleViolation

SENTENCES: Mapping[str, str] = {
    # rules
    "already_committed": "已有正在履行的承诺，须先兑现。",
    "already_extended": "该时限已延期过一次，不能再延。",
    "already_rated": "该案件已有评价。",
    "already_reported_in": "本单位已报到，无需重复。",
    "already_signed": "该任务已签收，无需重复。",
    "already_supervised": "已有督办在等待答复，请先答复再另行督办。",
    "already_suspended": "案件已经挂起，如需变更请先恢复。",
    "at_the_top": "案件已在市级，无法再升级。",
    "beyond_maximum": "所填日期超出规定的最长期限，请改早。",
    "beyond_request": "准予的日期不能晚于单位申请的日期。",
    "calendar_not_newer": "案件已在使用这一版或更新的工作日历。",
    "callback_not_exhausted": "须在两个不同日期共三次回访未果，方可手工结案。",
    "caller_is_handler": "承办该案件的单位或人员不能回访，请由其他人回访。",
    "case_archived": "案件已归档，不能再操作。",
    "case_ended": "案件已办理完毕，不能再进行这一步。",
    "case_not_accepted": "案件须处于“已受理”状态才能进行这一步。",
    "case_not_at_work": "案件须已受理且尚未办结，才能进行这一步。",
    "case_not_closed": "案件须处于“已结案”状态才能重办。",
    "case_not_finished": "案件须处于“已办结”状态才能核查。",
    "case_not_registered": "案件已处理过受理环节，不能再次受理或不予受理。",
    "case_not_verified": "案件须先通过核查，才能进行这一步。",
    "citizen_clock_not_running": "答复诉求人的时限已不在计时，无需阶段性答复。",
    "clock_not_running": "该时限已不在计时，不能申请延期。",
    "date_not_ahead": "所填日期须晚于今天和现有期限。",
    "date_too_far": "所填日期太远：承诺最远五年内，督办最远一年内。",
    "designation_stands": "该任务经派单争议指定了承办单位，不能再转派。",
    "designated_unit": "本单位是指定承办单位，不能退单；如不同意，可以提出异议。",
    "dispute_open": "该案件正在裁定派单争议，请等待中心指定承办单位。",
    "duty_not_handed_down": "部门的法定职责不能指定由乡镇（苏木）、街道承担，请指定有法定职权的部门。",
    "effect_not_failed": "该送达并未失败，无需处理。",
    "evidence_required": "按规定须随结果附上佐证材料。",
    "extension_already_asked": "该任务已有延期申请，正在等待审批。",
    "extension_not_allowed": "按规定该时限不能延期。",
    "ground_not_allowed": "案件正在计时的时限都不允许以此事由挂起。",
    "lead_cannot_be_released": "主办单位不能取消，只能取消协办单位。",
    "limit_run_out": "时限已过，延期须在到期前申请。",
    "no_dispute": "该案件没有派单争议，无需指定承办单位。",
    "no_extension_asked": "没有待审批的延期申请，或有多项申请，请选择其中一项。",
    "no_send_back_asked": "该任务没有待审定的退单。",
    "no_statutory_limit": "主办单位没有正在计时的法定期限，不能作阶段性答复。",
    "no_withdrawal_asked": "没有待确认的撤回申请。",
    "not_an_inquiry": "只有咨询可以直接答复，其他事项请当场办结或吹哨。",
    "not_designated": "只有被指定承办的单位可以提出异议，其他单位请退单。",
    "not_supervised": "没有等待答复的督办。",
    "not_suspended": "案件没有挂起。",
    "not_the_approver": "按规定须由其他职务的人员审批。",
    "not_the_lead": "承办单位中只有主办单位可以代表答复或承诺。",
    "policy_unchanged": "案件已适用这一版规则。",
    "preset_missing": "所选规则中没有该案件任务所用的哨种。",
    "rating_without_callback": "只有联系到或上门见到诉求人，才能记录评价。",
    "risk_unchanged": "案件已是这一风险等级。",
    "send_back_already_asked": "该任务已退单，正在等待中心审定。",
    "send_back_not_allowed": "按规定这类任务不能退单。",
    "send_back_window_over": "退单期限已过，不能再退单。",
    "suggests_itself": "建议的承办单位不能是本单位。",
    "task_not_open": "该任务已了结（办结、退单、转派或取消），不能再操作。",
    "unit_cannot_be_dated": "所选单位不属于可限期派单的单位，只能商请或移送。",
    "unit_twice": "同一单位在一个案件中同时只能有一项任务。",
    "unknown_preset": "该案件的规则中没有所选的哨种。",
    "unknown_rating": "所选评价不在本市的评价等次中。",
    "unknown_task": "案件中没有这项任务。",
    "verifier_is_handler": "承办该案件的单位或人员不能核查自己的结果。",
    "verifier_judged_before": "此前已核查通过该案件的人员不能再次核查，请由其他人核查。",
    "withdrawal_already_asked": "已有撤回申请，正在等待中心向诉求人确认。",
    "wrong_legal_due": "所填日期不是该事项的法定期限。",
    "wrong_policy": "定风险等级不能更换规则或版本。",
    # the API
    "at_in_the_future": "所填时间还没有到，只能查看过去某一时刻的情形。",
    "at_or_live": "向流程核对的只能是现在，请去掉其中一项。",
    "bad_cursor": "翻页位置已失效，请从第一页重新开始。",
    "bad_request": "请求有误，请返回重试。",
    "bad_token": "令牌无效或已过期，请重新获取。",
    "case_no_needed": "该查询码下有多个案件，请选择其中一个。",
    "case_unavailable": "流程服务暂时没有响应。所填内容仍在，请稍后再提交一次，不会重复办理。",
    "city_not_loaded": "城市数据尚未加载，请联系运维。",
    "database_unavailable": "系统暂时不可用，请稍后再试。",
    "empty_file": "所选文件是空的。",
    "external_id_in_use": "该来源下已有同一编号的诉求。",
    "form_expired": "页面已过期或来源不明，未作任何改动，请刷新后重试。",
    "idempotency_key_reused": "内容与前一次提交不同，请确认后再提交一次。",
    "limit_not_valid": "时限写法有误，应如“5 working_days”。",
    "method_not_allowed": "这个地址不支持该操作。",
    "no_token": "请先登录。",
    "not_a_time": "时间写法有误，应如2026-03-09 10:00。",
    "not_found": "没有找到，或您无权查看。",
    "not_known_yet": "案件在所填时间尚未登记。",
    "not_valid": "填写有误，请按提示修改。",
    "not_yours_to_do": "您的身份不能进行这项操作。",
    "offset_missing": "时间须写明时区。",
    "offset_unreadable": "时间的时区无法识别。",
    "outside_the_calendar": "所填时间超出工作日历的范围。",
    "pause_not_valid": "暂停须写明起止时间，且止不早于起。",
    "pauses_overlap": "所填的暂停互相重叠。",
    "pin_needed": "请输入登记时得到的密码。",
    "region_out_of_scope": "超出您的管辖区域。",
    "too_large": "提交的内容过大。",
    "too_many_pins": "密码错误次数过多，请一刻钟后再试。",
    "unexpected": "系统出错了，已记录在案，请稍后再试。",
    "unit_not_valid": "该单位目前不存在（未设立或已撤并）。",
    "unknown_attachment": "没有找到所附的材料，请重新上传。",
    "unknown_category": "没有这个事项分类。",
    "unknown_region": "没有这个区域。",
    "unknown_unit": "没有这个单位。",
    "unknown_user": "名录里没有这个工作人员。",
    "unsupported_media": "提交的格式不支持。",
    "wrong_pin": "密码不正确。",
}
_FIELD_SENTENCES: Mapping[str, str] = {
    "missing": "必填",
    "string_too_short": "必填",
    "string_too_long": "内容过长",
    "too_long": "选择过多",
    "control_character": "含有不能使用的控制字符",
    "enum": "请选择一项",
    "date_type": "请填写日期",
    "date_from_datetime_parsing": "没有这一天",
    "date_parsing": "没有这一天",
    "datetime_range": "年份有误",
}
_FALLBACK = "未能完成，请稍后再试。"

Refusable: TypeAlias = RuleViolation | Problem | CaseUnavailable | ValidationError
REFUSABLE = (RuleViolation, Problem, CaseUnavailable, ValidationError)
"""What a step may be refused with; anything else is a fault of ours."""


@dataclass(frozen=True)
class Refusal:
    """A refusal as a page shows it: `fields` holds a few words for each field that is not right.

    `undecided`: what was asked may still take effect, so the same request may be sent again under the same key.
    """

    status: int
    code: str
    sentence: str
    fields: Mapping[str, str] = field(default_factory=dict)
    undecided: bool = False


def explain(error: Refusable) -> Refusal:
    """The refusal of a step."""
    match error:
        case RuleViolation():
            return Refusal(409, error.code, sentence(error.code))
        case CaseUnavailable():
            problem = unavailable("case")
            return Refusal(problem.status, problem.code, sentence(problem.code), undecided=True)
        case ValidationError():
            fields = {str(found["loc"][0]): _field_sentence(found["type"]) for found in error.errors() if found["loc"]}
            return Refusal(422, "not_valid", sentence("not_valid"), fields)
        case Problem():
            fields = {problem.field.partition(".")[0]: sentence(problem.code) for problem in error.errors}
            return Refusal(error.status, error.code, sentence(error.code), fields)


def sentence(code: str) -> str:
    """What to tell people for a code."""
    return SENTENCES.get(code, _FALLBACK)


def _field_sentence(kind: str) -> str:
    return _FIELD_SENTENCES.get(kind, "填写有误")
