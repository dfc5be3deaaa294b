"""派单经过: who passed a case to whom, why, and who decided, as one list however often it went to and fro."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from api.dispatch_story import DispatchTurn, Turn
from api.pages import words as w
from api.pages.names import Names
from api.pages.sentences import Entry, tell
from api.timeline import TimelineItem


def dispatch_lines(turns: Sequence[DispatchTurn], items: Sequence[TimelineItem], names: Names) -> list[Entry]:
    """The story's turns in words; `items` are the events of `STORY_KINDS`, which tell who did it and what was said."""
    telling = _Telling(names)
    happened = {item.seq: item for item in items}
    for turn in turns:
        telling.add(turn, happened[turn.seq])
    return telling.entries()


_OF_ITS_UNIT: Mapping[Turn, str] = {
    Turn.REFUSED: "不同意退单，仍由{unit}办理",
    Turn.LAPSED: "退单逾期未审定，仍由{unit}办理",
    Turn.SENT_BACK: "同意{unit}退单",
    Turn.OBJECTED: "{unit}对指定承办提出异议，异议期间继续办理",
    Turn.OBJECTION_UPHELD: "{unit}的异议成立",
    Turn.OBJECTION_REFUSED: "{unit}的异议不成立，仍由其办理",
    Turn.RELEASED: "取消{unit}协办",
}


class _Telling:
    """Tells the turns one by one; those that one decision brought about become one line."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._lines: dict[int, Entry] = {}
        self._disputed: str | None = None
        self._rid_of_it: str | None = None

    def entries(self) -> list[Entry]:
        return [self._lines[seq] for seq in sorted(self._lines)]

    def add(self, turn: DispatchTurn, item: TimelineItem) -> None:
        sentence = self._sentence(turn, item)
        if sentence is not None:
            self._lines[turn.seq] = replace(tell(item, self._names), sentence=sentence)

    def _sentence(self, turn: DispatchTurn, item: TimelineItem) -> str | None:  # noqa: PLR0911 - one case a turn
        match turn.what:
            case Turn.DISPATCHED:
                return self._dispatched(turn, item)
            case Turn.SENT_BACK_ASKED:
                return _asked(turn, disputed=item.data["decision_clock"] is None)
            case Turn.DISPUTED:
                # Told with what was asked.
                self._disputed = turn.task_no
                return None
            case Turn.SENT_BACK if turn.task_no == self._disputed:
                # The designation that follows tells it.
                self._rid_of_it = turn.unit_name
                return None
            case Turn.OBJECTION_UPHELD:
                self._disputed = turn.task_no
            case Turn.DESIGNATED:
                instead, self._rid_of_it = self._rid_of_it, None
                return f"指定{turn.unit_name}承办，不得再退单" + (f"，{instead}不再办理" if instead else "")
            case Turn.REASSIGNED:
                return f"由{turn.unit_name}转派给{self._names.unit(item.data['to_unit'])}"
            case Turn.SUCCEEDED:
                return f"{self._names.unit(item.data['old'])}的任务由{turn.unit_name}承接，时限不变"
        told = _OF_ITS_UNIT.get(turn.what)
        return told.format(unit=turn.unit_name) if told else tell(item, self._names).sentence

    def _dispatched(self, turn: DispatchTurn, item: TimelineItem) -> str | None:
        if item.kind != "whistled":
            # What follows a designation, a reassignment or a consultation is told there.
            return None
        line = self._lines.get(turn.seq)
        before = f"{line.sentence}、" if line else f"{tell(item, self._names).sentence}派给"
        return f"{before}{turn.unit_name}（{w.word(w.TASK_ROLES, turn.role)}）"


def _asked(turn: DispatchTurn, *, disputed: bool) -> str:
    again, what_follows = ("再次", "；转为派单争议，由中心指定承办单位") if disputed else ("", "")
    return f"{turn.unit_name}{again}退单，建议由{turn.suggested_unit_name}承办{what_follows}"
