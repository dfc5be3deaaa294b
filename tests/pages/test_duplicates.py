"""疑似重复 on the page of a case."""

from hashlib import sha256
from uuid import uuid4

from tests.api.calling import Callers
from tests.pages.visiting import Visitors
from workflows.contracts.vocabulary import Role


async def test_the_dispatcher_sees_what_may_be_the_same_and_why_and_a_unit_does_not(
    visitors: Visitors, callers: Callers
) -> None:
    thing = "".join(chr(0x4E00 + number) for number in sha256(uuid4().bytes).digest())
    dispatcher = callers.dispatcher
    first, second = [(await dispatcher.report(title=thing, description=thing))["case_no"] for _ in range(2)]
    page = await visitors.dispatcher.see(f"/cases/{second}")
    section = page.text.partition("疑似重复")[2].partition("办理经过")[0]
    assert first in section
    assert f'href="/cases/{first}"' in page.html
    assert "桐屯社区；标题和内容相近程度 100%；同一村（社区）；登记时间相隔不到 1 小时" in section
    assert first in (await visitors.role(Role.GRID_WORKER).see(f"/cases/{second}")).text
    await dispatcher.post(f"/cases/{second}/accept")
    await dispatcher.post(f"/cases/{second}/whistle", {"lead_unit": "housing", "reason": "请办理"})
    for visitor in (visitors.handler(), visitors.role(Role.AUDITOR)):
        assert "疑似重复" not in (await visitor.see(f"/cases/{second}")).text


async def test_a_case_that_has_ended_is_not_compared_any_more(visitors: Visitors, callers: Callers) -> None:
    thing = "".join(chr(0x4E00 + number) for number in sha256(uuid4().bytes).digest())
    dispatcher = callers.dispatcher
    _, second = [(await dispatcher.report(title=thing, description=thing, kind="inquiry"))["case_no"] for _ in range(2)]
    assert "疑似重复" in (await visitors.dispatcher.see(f"/cases/{second}")).text
    await dispatcher.post(f"/cases/{second}/accept")
    await dispatcher.post(f"/cases/{second}/answer", {"reply": "已答复"})
    assert "疑似重复" not in (await visitors.dispatcher.see(f"/cases/{second}")).text
