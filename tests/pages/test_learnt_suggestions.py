"""What the city's decisions teach stands beside the form of a case without a class, and fills in nothing."""

from datetime import UTC, datetime

from infra.routing.training import train
from tests.api.calling import Callers
from tests.installation import Installation
from tests.pages.visiting import Visitors, app_with_pages
from tests.routing.decided_cases import decided, enter

_WORDS = {"title": "学校周末补课", "description": "学校要求学生周末到校补课,还收了钱"}


async def test_a_dispatcher_reads_likely_classes_of_a_case_that_has_none(empty: Installation) -> None:
    async with empty.sessions.begin() as session:
        await enter(session, decided(20))
        await train(session, datetime(2026, 4, 1, tzinfo=UTC))
    app = app_with_pages(empty.sessions, empty.gateway(), empty.client)
    callers, dispatcher = Callers(app), Visitors(app).dispatcher
    async with empty.workers():
        unclassed = (await callers.dispatcher.report(**_WORDS))["case_no"]
        classed = (await callers.dispatcher.report(**_WORDS, category="城乡建设/城乡规划/违章建筑"))["case_no"]
        for case_no in (unclassed, classed):
            await callers.dispatcher.post(f"/cases/{case_no}/accept")
        page = await dispatcher.see(f"/cases/{unclassed}")
        assert "从本市60件已办诉求学得" in page.text
        assert "可能的分类：教育文体/教育行政管理/学生负担" in page.text
        assert "同类诉求多由这些单位主办：云江市教育局" in page.text
        assert "lead_unit" not in page.form("/whistle").values
        assert "已办诉求学得" not in (await dispatcher.see(f"/cases/{classed}")).text
