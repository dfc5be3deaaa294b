"""What the demo's people write and say. Told apart by what the matter is, in the words that such offices use."""

from workflows.contracts.vocabulary import UnitKind

ACCEPTED = "属于受理范围，已受理。"
ANSWERED = (
    "您好，您咨询的事项已为您查明：可凭本人身份证到所在地政务服务大厅综合窗口办理，也可网上预约，一般五个工作日内办结。"
)
SETTLED = "已与管理方当场商定并公布：从下周起按您的建议调整，开放时间和联系电话已张贴在门口。"
PASSED = "已到现场查看，问题确已解决。"
FAILED = "到现场查看，只处理了一部分，请继续办理。"
UNREACHABLE = "电话无人接听。"
CALLED_BACK = "已电话回访。"
WITHDRAWN = "问题已经自行协商解决，不再需要办理，谢谢。"
CITY_URGE = "本案已升级到市级，市综治中心现场督办，请立即到场并报告结果。"
RETRIED = "该单位已修复系统，重新送达。"
SKIPPED = "该单位系统没有此类事项，已电话通知其从收件箱办理。"


def whistle_reason(why: str) -> str:
    """Why a unit is called in; `why` is the reason that the routing catalogue gives."""
    return f"{why}。请按时签收、联系、报到并办结。"


def other_route(unit_name: str, kind: str) -> str:
    """Where a matter belongs that the city's units cannot be given a date for."""
    if kind == UnitKind.DISCIPLINE:
        return f"您反映的问题属于纪检监察职责，请向{unit_name}反映（举报电话 12388）。"
    return f"该事项由{unit_name}依法管理，已将您的诉求转告，请直接向其反映。"
