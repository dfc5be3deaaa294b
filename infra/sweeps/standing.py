"""How an item of a sweep goes on: pure. The village visits, the level above checks what was found, a sample is checked.

[practice] 县乡村三级联排联调: 村级排查、乡级核处、县级抽查.
"""

from dataclasses import dataclass

from infra.sweeps.levels import above
from infra.sweeps.vocabulary import ItemStatus, Owed, VisitOutcome
from workflows.contracts.vocabulary import Level


class SweepRefused(ValueError):  # noqa: N818 - says what happened
    """What was asked does not fit. `field` is the path of what is wrong in the request, if it is one."""

    def __init__(self, code: str, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.field = field


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an item stands: at which level, what became of it, and what that level owes next."""

    level: Level
    status: ItemStatus
    owed: Owed | None


def visited(standing: Standing, outcome: VisitOutcome, *, top: Level, sampled: bool) -> Standing:
    """After a visit. A finding is checked one level up, what is settled at the top if it is in the sample.

    At the top a finding is checked by the top itself. Whom nobody met is still to be visited.

    Raises:
        SweepRefused: `no_visit_owed`.
    """
    if standing.owed is not Owed.VISIT:
        raise SweepRefused("no_visit_owed", "no visit is owed here any more; read the item again")
    match outcome:
        case VisitOutcome.UNREACHABLE:
            return standing
        case VisitOutcome.FINDING:
            return Standing(above(standing.level, top) or standing.level, ItemStatus.VISITED, Owed.CHECK)
        case VisitOutcome.CALM | VisitOutcome.TALKED_OVER if sampled and above(standing.level, top):
            return Standing(top, ItemStatus.SETTLED, Owed.CHECK)
        case VisitOutcome.CALM | VisitOutcome.TALKED_OVER:
            return Standing(standing.level, ItemStatus.SETTLED, None)


def passed_up(standing: Standing, *, top: Level) -> Standing:
    """After the level that owes the visit said that it cannot settle the matter: the next one visits.

    Raises:
        SweepRefused: `no_visit_owed`, or `highest_level_of_sweep` if nobody is above.
    """
    if standing.owed is not Owed.VISIT:
        raise SweepRefused("no_visit_owed", "no visit is owed here any more; read the item again")
    higher = above(standing.level, top)
    if higher is None:
        raise SweepRefused("highest_level_of_sweep", "nobody above takes part: visit, and record what you find")
    return Standing(higher, ItemStatus.PASSED_UP, Owed.VISIT)


def checked(standing: Standing, *, agrees: bool) -> Standing:
    """After a check; who does not agree visits herself.

    Raises:
        SweepRefused: `no_check_owed`.
    """
    if standing.owed is not Owed.CHECK:
        raise SweepRefused("no_check_owed", "no check is owed here; read the item again")
    if agrees:
        return Standing(standing.level, ItemStatus.CHECKED, None)
    return Standing(standing.level, ItemStatus.PASSED_UP, Owed.VISIT)
