"""Which open cases a change is for, and how that is said on a command line."""

import re

import pytest

from infra.batches import AdoptPolicyChange, Where, count_concerned, read_where
from infra.tables import Case
from tests.installation import Installation
from workflows.contracts.vocabulary import CaseKind, CaseStatus


def test_conditions_are_read_as_they_are_typed() -> None:
    assert read_where(["kind=help", "version=2", "category=城乡建设/供热"]) == Where(
        kind=CaseKind.HELP, version=2, category="城乡建设/供热"
    )


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        (["colour=red"], "colour=red: expected KEY=VALUE with one of the keys policy, version"),
        (["kind"], "kind: expected KEY=VALUE"),
        (["kind=rumour"], "kind=rumour: Input should be 'inquiry', 'help'"),
        (["version=new"], "version=new: Input should be a valid integer"),
        (["region=99"], "region=99: String should match pattern"),
        (["kind=help", "kind=hazard"], "kind=hazard: kind is given twice"),
    ],
)
def test_a_condition_that_cannot_be_meant_is_told(given: list[str], complaint: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(complaint)}.*$"):
        read_where(given)


async def test_a_change_is_for_the_open_cases_that_meet_every_condition(empty: Installation) -> None:
    cases = [
        ("990102001001", "城乡建设/供热", CaseStatus.REGISTERED),
        ("990102002001", "城乡建设/供热/管网", CaseStatus.FINISHED),
        ("990102002001", "城乡建设/供热面积", CaseStatus.REGISTERED),
        ("990101001001", "城乡建设/供热", CaseStatus.REGISTERED),
        ("990102001001", "城乡建设/供热", CaseStatus.ARCHIVED),
    ]
    for region, category, status in cases:
        case_no = await empty.driver().register()
        async with empty.sessions.begin() as session:
            case = await session.get_one(Case, case_no)
            case.region_code, case.category, case.status = region, category, status.value
            case.policy_name, case.policy_version = "yunjiang", 1
    # One that is not started yet will start with the newest version.
    await empty.driver().register()

    async def count(*where: str, version: int = 2) -> int:
        change = AdoptPolicyChange(policy="yunjiang", version=version, where=read_where(where))
        async with empty.sessions() as session:
            return await count_concerned(session, change)

    assert await count() == 4
    assert await count(version=1) == 0
    assert await count("category=城乡建设/供热") == 3
    assert await count("category=城乡建设/供热", "region=990102000000") == 2
    assert await count("region=990102002000", "status=finished") == 1
    assert await count("policy=yunjiang", "version=1", "source=test", "urgency=ordinary") == 4
    assert await count(f"case={case_no}") == 0
