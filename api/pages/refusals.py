"""Why something was not done, in a sentence that says what would help, for every code of the rules and the API."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from pydantic import ValidationError

from api.errors import Problem, unavailable
from api.rule_book.book import RULE_BOOK
from infra.case_gateway import CaseUnavailable
from workflows.contracts.errors import RuleViolation

SENTENCES: Mapping[str, str] = {
    **{code: entry.zh for code, entry in RULE_BOOK.items()},
    "at_in_the_future": "所填时间还没有到，只能查看过去某一时刻的情形。",
    "highest_level_of_sweep": "已是本次排查的最高层级，请走访并登记结果。",
    "at_or_live": "向流程核对的只能是现在，请去掉其中一项。",
    "bad_cursor": "翻页位置已失效，请从第一页重新开始。",
    "bad_request": "请求有误，请返回重试。",
    "bad_signature": "签名不符，请用为本单位系统登记的密钥重新签名。",
    "bad_token": "令牌无效或已过期，请重新获取。",
    "case_no_needed": "该查询码下有多个案件，请选择其中一个。",
    "case_unavailable": "流程服务暂时没有响应。所填内容仍在，请稍后再提交一次，不会重复办理。",
    "city_not_loaded": "城市数据尚未加载，请联系运维。",
    "dates_reversed": "结束日期早于开始日期。",
    "database_unavailable": "系统暂时不可用，请稍后再试。",
    "disagreement_untold": "不认可的，请写明哪里不对。",
    "double_booked": "所选时间场地或人员已有安排，请另选时间。",
    "empty_file": "所选文件是空的。",
    "external_id_in_use": "该来源下已有同一编号的诉求。",
    "finding_untold": "发现新情况的，请填写标题和情况说明。",
    "form_expired": "页面已过期或来源不明，未作任何改动，请刷新后重试。",
    "hazard_at_confirmation": "公共隐患由中心在确认撤回时登记，请先不填。",
    "idempotency_key_reused": "内容与前一次提交不同，请确认后再提交一次。",
    "limit_not_valid": "时限写法有误，应如“5 working_days”。",
    "lost": "联合调解的流程意外中断，请由运维恢复。",
    "main_case_over": "所填案件已经终结，请填写仍在办理的案件。",
    "mediator_not_valid": "该调解员目前不在任，请另选。",
    "method_not_allowed": "这个地址不支持该操作。",
    "no_channel_table": "城市尚未配置调解渠道表，请联系运维。",
    "no_case_rates": "城市数据中没有以案定补的标准，请联系运维。",
    "no_check_owed": "此项目前不需要核查，请刷新后查看。",
    "no_token": "请先登录。",
    "no_visit_owed": "此项目前不需要走访，请刷新后查看。",
    "no_working_day": "起止日期之间没有工作日。",
    "nothing_learnt": "尚未从已办案件中学习，暂无参考。",
    "not_a_court": "司法确认须向人民法院申请，请选择法院。",
    "host_of_another_channel": "所选单位不主持这一渠道的调解，请另选主持单位。",
    "no_such_window": "所选单位不提供这项帮助，请另选。",
    "not_of_that_authority": "所选单位不属于受理移送的机关，请另选单位。",
    "not_after_its_beginning": "结束时间须晚于开始时间。",
    "not_a_time": "时间写法有误，应如2026-03-09 10:00。",
    "not_found": "没有找到，或您无权查看。",
    "not_safe_contact": "诉求人要求不得以这种方式联系，请换一种送达方式。",
    "not_known_yet": "案件在所填时间尚未登记。",
    "not_valid": "填写有误，请按提示修改。",
    "not_yours_to_do": "您的身份不能进行这项操作。",
    "offset_missing": "时间须写明时区。",
    "offset_unreadable": "时间的时区无法识别。",
    "outside_the_calendar": "所填时间超出工作日历的范围。",
    "pause_not_valid": "暂停须写明起止时间，且止不早于起。",
    "pauses_overlap": "所填的暂停互相重叠。",
    "people_sealed": "当事人信息只供主持单位、调解员和正在处理的中心查阅。",
    "pin_needed": "请输入登记时得到的密码。",
    "region_out_of_scope": "超出您的管辖区域。",
    "region_twice": "同一区域只填一次。",
    "requester_sealed": "诉求人信息对本单位保密，请由中心联系。",
    "spot_ended": "该隐患点此前已销号。",
    "sweep_closed": "本次排查已收官，不再登记。",
    "sweep_over": "结束日期已过。",
    "sweep_too_large": "该区域待排查的项目超过一次排查的上限，请选择更小的区域。",
    "sweep_too_long": "一次排查最长一年。",
    "talks_sealed": "调解内容保密，只有主持单位和调解员可以查阅。",
    "too_large": "提交的内容过大。",
    "too_many_pins": "密码错误次数过多，请一刻钟后再试。",
    "unexpected": "系统出错了，已记录在案，请稍后再试。",
    "unit_not_to_know": "该事项反映的是该单位所在区域的中心或其人员，不能交由该单位知悉，请选择区域以外的单位。",
    "unit_not_valid": "该单位目前不存在（未设立或已撤并）。",
    "unknown_attachment": "没有找到所附的材料，请重新上传。",
    "unknown_category": "没有这个事项分类。",
    "unknown_mediator": "调解员名册中没有这个人。",
    "unknown_region": "没有这个区域。",
    "unknown_room": "没有这个调解室。",
    "unknown_tracking_code": "没有以此查询码并入本案的诉求。",
    "unknown_unit": "没有这个单位。",
    "unknown_user": "名录里没有这个工作人员。",
    "unsupported_media": "提交的格式不支持。",
    "work_left": "还有未完成的项目，请先完成，或写明收官理由。",
    "wrong_pin": "密码不正确。",
}
_FIELD_SENTENCES: Mapping[str, str] = {
    "missing": "必填",
    "string_too_short": "必填",
    "string_too_long": "内容过长",
    "too_long": "选择过多",
    "control_character": "含有不能使用的控制字符",
    "enum": "请选择一项",
    "string_pattern_mismatch": "编号写法有误",
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
            fields = {
                str(found["loc"][0]): _field_sentence(found["type"], inside=len(found["loc"]) > 1)
                # Of several about one field the first says what to do.
                for found in reversed(error.errors())
                if found["loc"]
            }
            return Refusal(422, "not_valid", sentence("not_valid"), fields)
        case Problem():
            fields = {problem.field.partition(".")[0]: sentence(problem.code) for problem in error.errors}
            return Refusal(error.status, error.code, sentence(error.code), fields)


def sentence(code: str) -> str:
    """What to tell people for a code."""
    return SENTENCES.get(code, _FALLBACK)


def _field_sentence(kind: str, *, inside: bool) -> str:
    if inside and kind == "missing":
        return "有一项没有填全"
    return _FIELD_SENTENCES.get(kind, "填写有误")
