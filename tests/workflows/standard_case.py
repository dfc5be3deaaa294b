"""The way of an ordinary matter, once it is registered and its workflow runs."""

from tests.driving import DISPATCHER, HANDLER, HOUSING, VERIFIER, Driver
from workflows.contracts import commands as c
from workflows.contracts.commands import UnitRef
from workflows.contracts.ids import TextId
from workflows.contracts.state import CaseState
from workflows.contracts.vocabulary import CallbackOutcome, Solved


async def to_its_end(driver: Driver, lead: UnitRef = HOUSING) -> CaseState:
    """From the acceptance to the callback that closes it."""
    await driver.give(c.Accept)
    await driver.give(c.Whistle, lead=lead, reason=TextId("t"))
    await driver.give(c.Sign, HANDLER, task_no=driver.task_no)
    await driver.give(c.Contact, HANDLER, task_no=driver.task_no, note=TextId("t"))
    await driver.give(c.ReportIn, HANDLER, task_no=driver.task_no)
    await driver.give(c.Finish, HANDLER, task_no=driver.task_no, reply=TextId("t"))
    await driver.give(c.Verify, VERIFIER, passed=True, note=TextId("t"))
    return await driver.published(
        await driver.give(
            c.Callback, DISPATCHER, outcome=CallbackOutcome.REACHED, solved=Solved.YES, rating="satisfied"
        )
    )
