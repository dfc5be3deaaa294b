"""The words of a simulation for people: Chinese first."""

from api.pages import moments
from api.pages.words import LIMIT_UNITS
from cli.simulation.figures import LongWait, Share, Story
from workflows.contracts.clocks import Limit
from workflows.contracts.vocabulary import Level

LEVELS = {Level.VILLAGE: "村社区", Level.TOWNSHIP: "乡镇街道", Level.COUNTY: "县区", Level.CITY: "市"}
NO_CLASS = "未注明类别"


def figure(value: float | None, unit: str = "") -> str:
    """One decimal place, or a dash where there is nothing to tell."""
    return "—" if value is None else f"{value:,.1f}{unit}"


def percent(count: int, of: int) -> str:
    """`42%`."""
    return f"{count / of:.0%}" if of else "—"


def limit(written: str) -> str:
    """`5个工作日`."""
    read = Limit.parse(written)
    return f"{read.amount}{LIMIT_UNITS[read.unit]}"


def limits(counted: dict[str, int]) -> str:
    """`5个工作日`; where matters had different ones, with the number of matters each."""
    if len(counted) == 1:
        return limit(next(iter(counted)))
    return "，".join(f"{limit(written)}（{matters}件）" for written, matters in counted.items())


def matter(wait: LongWait) -> str:
    """`编号 2549：2017-03-01 10:00 提出，2019-08-11 10:00 答复`; a matter without id by its line."""
    named = f"编号 {wait.external_id}" if wait.external_id else f"第 {wait.line} 行"
    ended = f"{moments.moment(wait.replied_at)} 答复" if wait.replied_at else "尚未答复"
    return f"{named}：{moments.moment(wait.submitted_at)} 提出，{ended}"


def story(told: Story) -> str:
    """What a policy would have done with a matter, in one line."""
    due = f"应于{moments.due(told.due_at, told.due_date)}前答复{'（暂定）' if told.provisional else ''}"
    if told.overdue_since is None:
        warned = f"，{moments.moment(told.due_soon_at)} 预警" if told.due_soon_at else ""
        return f"{due}{warned}，未超期"
    climbed = "".join(f"，{moments.moment(climb.at)} 升级到{LEVELS[climb.level]}" for climb in told.escalated)
    reminded = f"，此后在最高一级再催办 {told.reminders} 次" if told.reminders else ""
    return f"{due}，自此超期{climbed or '，未升级'}{reminded}"


def multiples(share: Share) -> str:
    """`0.8–1`, and `10+` for the last."""
    return f"{share.over:g}+" if share.up_to is None else f"{share.over:g}–{share.up_to:g}"
