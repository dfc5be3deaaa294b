"""派单经过: who passed a case to whom, why, and who decided, as one list however often it went to and fro."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from api.pages import words as w
from api.pages.names import Names
from api.pages.sentences import Entry, tell, who, written
from api.timeline import TimelineItem

STORY_KINDS = frozenset(
    {
        "whistled",
        "task_dispatched",
        "send_back_asked",
        "send_back_refused",
        "send_back_lapsed",
        "task_sent_back",
        "unit_designated",
        "objected",
        "task_reassigned",
        "task_cancelled",
        "case_reopened",
        "unit_succeeded",
        "whistle_requested",
        "whistle_request_decided",
        "objection_decided",
        "consulted",
        "referred",
        "escalated",
        "assigned_down",
        "host_named",
    }
)
"""The events that the story is made of."""


def dispatch_lines(items: Sequence[TimelineItem], names: Names) -> list[Entry]:
    """The story, from the case's events of `STORY_KINDS` in their order."""
    telling = _Telling(names)
    for item in items:
        telling.add(item)
    return telling.entries()


@dataclass
class _Line:
    """One line, and the units that are named at its end."""

    item: TimelineItem
    sentence: str
    called: list[str] = field(default_factory=list)


class _Telling:
    """Tells the events one by one; those that one decision brought about become one line."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._lines: list[_Line] = []
        self._units: dict[str, str] = {}
        self._disputed: str | None = None
        self._whistling = False

    def entries(self) -> list[Entry]:
        return [
            Entry(
                seq=line.item.seq,
                at=line.item.at,
                recorded_at=line.item.recorded_at,
                who=who(line.item, self._names),
                sentence=line.sentence + "、".join(line.called),
                words=written(line.item, self._names),
                evidence=(),
            )
            for line in self._lines
        ]

    def add(self, item: TimelineItem) -> None:
        if item.kind == "task_dispatched":
            self._dispatched(item)
            return
        self._whistling = item.kind == "whistled"
        sentence = self._sentence(item)
        if sentence is not None:
            self._lines.append(_Line(item, sentence))

    def _dispatched(self, item: TimelineItem) -> None:
        unit = self._name(item.data["unit"]["unit_id"])
        self._units[item.data["task_no"]] = unit
        # What follows a designation or a reassignment is told there.
        if self._whistling:
            self._lines[-1].called.append(f"{unit}（{w.word(w.TASK_ROLES, item.data['role'])}）")

    def _sentence(self, item: TimelineItem) -> str | None:  # noqa: PLR0911 - one case an event, no logic
        data = item.data
        unit = self._units.get(data.get("task_no", ""), "")
        match item.kind:
            case "whistled":
                return f"吹哨（{w.word(w.PRESETS, data['preset'])}）派给"
            case "send_back_asked":
                return self._asked(item, unit)
            case "send_back_refused":
                return f"不同意退单，仍由{unit}办理"
            case "send_back_lapsed":
                return f"退单逾期未审定，仍由{unit}办理"
            case "task_sent_back":
                # Of a disputed task the designation that follows tells it.
                return f"同意{unit}退单" if data["task_no"] != self._disputed else None
            case "unit_designated":
                return self._designated(item)
            case "objected":
                return f"{unit}对指定承办提出异议，异议期间继续办理"
            case "task_reassigned":
                return f"由{unit}转派给{self._name(data['to_unit'])}"
            case "task_cancelled":
                # Without a reason it ended with its case.
                return f"取消{unit}协办" if data["reason"] is not None else None
            case "unit_succeeded":
                return self._succeeded(item)
            case "objection_decided":
                return self._objection(item, unit)
            case _:
                return tell(item, self._names).sentence

    def _asked(self, item: TimelineItem, unit: str) -> str:
        suggested = self._name(item.data["suggested_unit"])
        if item.data["decision_clock"] is not None:
            return f"{unit}退单，建议由{suggested}承办"
        self._disputed = item.data["task_no"]
        return f"{unit}再次退单，建议由{suggested}承办；转为派单争议，由中心指定承办单位"

    def _designated(self, item: TimelineItem) -> str:
        unit, before = self._name(item.data["unit_id"]), self._units.get(self._disputed or "", "")
        self._disputed = None
        instead = f"，{before}不再办理" if before != unit else ""
        return f"指定{unit}承办，不得再退单{instead}"

    def _objection(self, item: TimelineItem, unit: str) -> str:
        if not item.data["upheld"]:
            return f"{unit}的异议不成立，仍由其办理"
        # The designation that follows tells who is rid of it.
        self._disputed = item.data["task_no"]
        return f"{unit}的异议成立"

    def _succeeded(self, item: TimelineItem) -> str | None:
        new = self._name(item.data["new"]["unit_id"])
        self._units |= dict.fromkeys(item.data["task_nos"], new)
        # Without a task it was the case's centre, or whom the matter is about.
        return f"{self._name(item.data['old'])}的任务由{new}承接，时限不变" if item.data["task_nos"] else None

    def _name(self, unit_id: str) -> str:
        return self._names.units.get(unit_id, unit_id)
