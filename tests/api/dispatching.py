"""Cases that are with units, and units that do not want them."""

from typing import Any

from tests.api.calling import Callers

SEND_BACK = {"reason": "不属本单位职责", "clause": "三定规定第三条", "suggested_unit": "urban_management"}


async def dispatched(callers: Callers, *co_units: str, lead: str = "housing", **report: Any) -> str:
    """The number of a case that these units have a task in."""
    dispatcher = callers.dispatcher
    case_no: str = (await dispatcher.report(**report))["case_no"]
    await dispatcher.post(f"/cases/{case_no}/accept")
    whistle = {"lead_unit": lead, "co_units": list(co_units), "reason": "请办理"}
    await dispatcher.post(f"/cases/{case_no}/whistle", whistle)
    return case_no


async def disputed(callers: Callers, *co_units: str, **report: Any) -> str:
    """The number of a case that a second unit has said is not its business; the disputed task is the last."""
    dispatcher = callers.dispatcher
    case_no = await dispatched(callers, *co_units, **report)
    await callers.handler().post(f"/tasks/{case_no}-T1/send-back", SEND_BACK)
    decision = {"task_no": f"{case_no}-T1", "approved": True, "reason": "属实"}
    await dispatcher.post(f"/cases/{case_no}/send-back-decision", decision)
    again = {"lead_unit": "urban_management", "reason": "改派"}
    await dispatcher.post(f"/cases/{case_no}/whistle", again)
    back = SEND_BACK | {"suggested_unit": "transport"}
    await callers.handler("urban_management").post(f"/tasks/{case_no}-T{2 + len(co_units)}/send-back", back)
    return case_no
