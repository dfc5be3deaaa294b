"""What makes a case likely to get worse (三色预警), as data. Facts of the case count, never those of a person."""

from enum import StrEnum
from typing import NamedTuple

from workflows.contracts.vocabulary import RiskLevel


class RiskReason(StrEnum):
    DANGER = "danger"
    PROTECTED_PERSON = "protected_person"
    CROWD = "crowd"
    FAILED_MEDIATIONS = "failed_mediations"
    DISSATISFIED_AGAIN = "dissatisfied_again"
    REWORKED_OFTEN = "reworked_often"
    CALLED_OFTEN = "called_often"


class RiskRule(NamedTuple):
    """From `at_least` of what the reason counts the case has that risk at least."""

    reason: RiskReason
    at_least: int
    risk: RiskLevel
    source: str


RISK_RULES = (
    RiskRule(RiskReason.DANGER, 1, RiskLevel.RED, "[law] 人民调解法25、反家庭暴力法14"),
    RiskRule(RiskReason.PROTECTED_PERSON, 1, RiskLevel.RED, "[law] 未成年人保护法11、反家庭暴力法14"),
    RiskRule(RiskReason.CROWD, 1, RiskLevel.RED, "[default] 人数达到本市群体诉求标准"),
    RiskRule(RiskReason.FAILED_MEDIATIONS, 1, RiskLevel.YELLOW, "[default] 调解未成"),
    RiskRule(RiskReason.FAILED_MEDIATIONS, 2, RiskLevel.RED, "[default] 两次调解未成"),
    RiskRule(RiskReason.DISSATISFIED_AGAIN, 2, RiskLevel.YELLOW, "[default] 两次表示未解决"),
    RiskRule(RiskReason.REWORKED_OFTEN, 2, RiskLevel.YELLOW, "[default] 两次返工"),
    RiskRule(RiskReason.CALLED_OFTEN, 2, RiskLevel.YELLOW, "[default] 第三次来电"),
)
"""What the city has reason to look at, and from when on."""
