"""The sentences about a case's risk, a danger in it, and the limitation periods of its parties."""

from collections.abc import Mapping
from datetime import datetime

from api.pages import words as w
from api.pages.moments import moment
from api.pages.names import Data, Names, Sentence, always, clock_name, local_day, of_clock


def _risk_set(data: Data, names: Names) -> str:
    risk = w.word(w.RISKS, data["risk"])
    reasons = "、".join(w.word(w.RISK_REASONS, reason) for reason in data["by_rules"])
    return f"按规则定为{risk}：{reasons}" if reasons else f"定为{risk}"


def _reported_upward(data: Data, names: Names) -> str:
    crowd = data["headcount"]
    what = f"群体诉求（{crowd}人）" if crowd is not None else "红色预警"
    return f"{what}，上报{names.level(data['to_level'])}"


def _danger_reported(data: Data, names: Names) -> str:
    kinds = "、".join(w.word(w.DANGERS, kind) for kind in data["kinds"])
    among = "，涉及未成年人" if data["minors"] else ""
    among += "，涉及无完全行为能力人" if data["without_capacity"] else ""
    return f"报告现实危险：{kinds}{among}；调解锁定，须立即拨打110"


def _restarted(data: Data, names: Names) -> str:
    what = w.word(w.LIMITATIONS, data["limitation"])
    return f"调解未成，{what}自{local_day(data['began_on'])}重新计算（接续{clock_name(data['after'])}）"


RISK_SENTENCES: Mapping[str, Sentence] = {
    "risk_set": _risk_set,
    "reported_upward": _reported_upward,
    "duty_leader_recorded": always("值班领导到位"),
    "danger_reported": _danger_reported,
    "police_called": lambda data, names: f"已于{moment(datetime.fromisoformat(data['called_at']))}拨打110",
    "protection_reported": lambda data, names: f"已向{w.word(w.PROTECTION_BODIES, data['to'])}强制报告",
    "danger_lifted": always("现实危险解除，调解解锁"),
    "limitation_recorded": lambda data, names: (
        f"登记{w.word(w.LIMITATIONS, data['limitation'])}，自{local_day(data['began_on'])}起算"
        f"（{clock_name(data['clock_id'])}）"
    ),
    "limitation_interrupted": of_clock("{clock}因申请调解而中断"),
    "limitation_restarted": _restarted,
    "limitation_ran_out": of_clock("{clock}届满，请告知当事人"),
    "limitation_forgotten": of_clock("{clock}登记有误，不再计算"),
}
"""One for each kind of event."""
