"""What formal notices say, and that nothing which people wrote can break out of a letter."""

from dataclasses import replace
from datetime import date

import pytest
from jinja2 import UndefinedError

from infra.notices.letters import Letter, LetterWriter, article_of
from workflows.contracts.clocks import Limit
from workflows.contracts.vocabulary import DeclineGround, LegalRoute, LimitUnit, NoticeKind

LETTER = Letter(
    notice_no="990102202603020001-N1",
    case_no="990102202603020001",
    title="路灯不亮",
    registered_on=date(2026, 3, 2),
    addressee="王秀英",
    centre="平溪街道综治中心",
    issued_on=date(2026, 3, 9),
    texts=("请向供电公司反映",),
    ground=DeclineGround.OTHER_AUTHORITY,
    receiver="邻江市",
    route=LegalRoute.COURT,
)
LETTERS = LetterWriter()


@pytest.mark.parametrize(
    ("kind", "chinese", "english"),
    [
        (NoticeKind.RECEIPT, "受理告知书", "Notice of acceptance"),
        (NoticeKind.DECLINE, "不予受理告知书", "Notice of non-acceptance"),
        (NoticeKind.EXTENSION, "延期告知书", "Notice of extension"),
        (NoticeKind.TRANSFER, "转送告知书", "Notice of transfer"),
        (NoticeKind.ROUTE, "法律途径告知书", "Notice of the legal route"),
        (NoticeKind.CLOSING, "答复意见书", "Reply on the result"),
    ],
)
def test_every_notice_says_to_whom_about_what_by_whom_and_when(kind: NoticeKind, chinese: str, english: str) -> None:
    html = LETTERS.write(kind, LETTER)
    assert html.index(f"<h3>{chinese}</h3>") < html.index(f"<h3>{english}</h3>")
    for part in ("990102202603020001-N1", "王秀英：", "“路灯不亮”", "2026年3月2日", "9 March 2026", "平溪街道综治中心"):
        assert part in html


def test_every_kind_has_a_template_that_needs_no_more_than_a_letter_of_its_kind_has() -> None:
    bare = replace(LETTER, addressee=None, texts=())
    for kind in NoticeKind:
        assert "诉求人（匿名）：" in LETTERS.write(kind, bare)


@pytest.mark.parametrize("ground", DeclineGround)
def test_a_decline_tells_its_ground_and_the_right_route(ground: DeclineGround) -> None:
    html = LETTERS.write(NoticeKind.DECLINE, replace(LETTER, ground=ground))
    assert "本中心决定不予受理" in html
    assert html.count("请向供电公司反映") == 2


@pytest.mark.parametrize("route", LegalRoute)
def test_a_legal_route_is_named(route: LegalRoute) -> None:
    assert "您可以" in LETTERS.write(NoticeKind.ROUTE, replace(LETTER, route=route))


def test_a_decline_without_a_ground_is_an_error_and_no_blank() -> None:
    with pytest.raises(UndefinedError):
        LETTERS.write(NoticeKind.DECLINE, replace(LETTER, ground=None))


@pytest.mark.parametrize("unit", LimitUnit)
def test_the_right_to_a_review_runs_from_service(unit: LimitUnit) -> None:
    letter = replace(LETTER, period=Limit.parse(f"30 {unit} from served"), article="信访工作条例第35条")
    html = LETTERS.write(NoticeKind.CLOSING, letter)
    assert "自本意见书送达之日起30" in html
    assert "（依据：信访工作条例第35条）" in html
    assert "自本意见书送达之日起" not in LETTERS.write(NoticeKind.CLOSING, LETTER)


def test_a_date_on_an_estimated_calendar_is_told_as_provisional() -> None:
    sure = replace(LETTER, until=date(2027, 2, 1))
    assert "最迟于2027年2月1日前答复您。" in LETTERS.write(NoticeKind.RECEIPT, sure)
    assert "至2027年2月1日（暂定）" in LETTERS.write(NoticeKind.EXTENSION, replace(sure, provisional=True))


def test_words_stay_words_whatever_stands_in_them() -> None:
    html = LETTERS.write(NoticeKind.CLOSING, replace(LETTER, title="<b>灯</b>", texts=("<script>", None)))
    assert "<script>" not in html
    assert "<b>" not in html
    assert "&lt;script&gt;" in html
    assert "（文字已清除）" in html


def test_only_law_is_told_as_the_basis() -> None:
    assert article_of("[law] 信访工作条例22、23") == "信访工作条例第22、23条"
    assert article_of("[practice] 济南24") is None
    assert article_of("[default] 签收") is None
