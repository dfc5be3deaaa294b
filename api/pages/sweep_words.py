"""What the pages of sweeps say: the Chinese word for every name in code."""

from collections.abc import Mapping

from infra.sweeps.vocabulary import ItemKind, ItemStatus, Owed, SpotKind, SweepAct, VisitOutcome
from workflows.contracts.vocabulary import CaseKind

ITEM_KINDS: Mapping[str, str] = {
    ItemKind.CASE: "未结纠纷",
    ItemKind.SPOT: "在册隐患点",
    ItemKind.RECORD: "多发矛盾",
}
SPOT_KINDS: Mapping[str, str] = {
    SpotKind.HOUSE: "房屋",
    SpotKind.CONSTRUCTION_SITE: "工地",
    SpotKind.MARKET: "市场",
    SpotKind.COMPANY: "企业",
    SpotKind.WATER: "水利沟渠",
    SpotKind.LAND: "土地山林",
    SpotKind.ROAD: "道路",
    SpotKind.OTHER: "其他",
}
ITEM_STATUSES: Mapping[str, str] = {
    ItemStatus.TO_VISIT: "待走访",
    ItemStatus.PASSED_UP: "上级接手",
    ItemStatus.VISITED: "发现情况",
    ItemStatus.SETTLED: "已稳妥",
    ItemStatus.CHECKED: "已核查",
}
OWED: Mapping[str, str] = {Owed.VISIT: "走访", Owed.CHECK: "核查"}
VISITS: Mapping[str, str] = {
    VisitOutcome.CALM: "平稳",
    VisitOutcome.TALKED_OVER: "当场说和",
    VisitOutcome.FINDING: "发现新情况",
    VisitOutcome.UNREACHABLE: "未见到人",
}
ACTS: Mapping[str, str] = {
    SweepAct.ORDERED: "部署",
    SweepAct.VISITED: "走访",
    SweepAct.PASSED_UP: "上报",
    SweepAct.AGREED: "核查认可",
    SweepAct.DISAGREED: "核查不认可，改由本级走访",
    SweepAct.CLOSED: "收官",
}
FINDINGS: Mapping[str, str] = {CaseKind.DISPUTE: "纠纷", CaseKind.HAZARD: "隐患", CaseKind.HELP: "求助"}
"""What a finding may become."""
