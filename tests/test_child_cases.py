"""Parts of a case that are taken in as its events are recorded, in the words of the directory as it is then."""

from datetime import timedelta

from sqlalchemy import delete, select

from infra.child_cases import take_in_children
from infra.directory_tables import Region
from infra.tables import Case
from tests.activities.story import Story
from tests.installation import Installation
from workflows.contracts import commands as c
from workflows.contracts.ids import TextId
from workflows.contracts.link_commands import Part
from workflows.contracts.vocabulary import CaseKind

HOUR = timedelta(hours=1)
VILLAGE = "990102001001"


async def test_a_part_is_taken_in_though_the_city_has_let_go_of_its_region(empty: Installation) -> None:
    case_no = await empty.driver().register(region_code=VILLAGE)
    number = f"{case_no[:-1]}9"
    part = Part(case_no=number, title=TextId("t"), description=TextId("d"), case_kind=CaseKind.HAZARD)
    story = Story(case_no).does(c.Accept, after=HOUR).does(c.Divide, after=2 * HOUR, parts=(part,), reason=TextId("r"))
    parent = story.state.model_copy(update={"region_code": VILLAGE})
    async with empty.sessions.begin() as session:
        await session.execute(delete(Region).where(Region.code == VILLAGE))
        await take_in_children(session, parent, story.events)
    async with empty.sessions() as session:
        child = (await session.scalars(select(Case).where(Case.case_no == number))).one()
    assert (child.region_code, child.level, child.owner_unit) == (VILLAGE, "township", "centre-t")
