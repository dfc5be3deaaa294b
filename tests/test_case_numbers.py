"""Case numbers are given out once."""

from datetime import UTC, datetime

from infra.intake import allot_numbers
from tests.installation import Installation

MIDNIGHT = datetime(2026, 3, 1, 16, tzinfo=UTC)
"""In Shanghai, of 2 March."""


async def test_several_numbers_follow_each_other_and_the_next_goes_on(empty: Installation) -> None:
    async with empty.sessions.begin() as session:
        assert await allot_numbers(session, "990102001001", MIDNIGHT, 1) == ("9901022026030200001",)
        assert await allot_numbers(session, "990102001001", MIDNIGHT, 3) == (
            "9901022026030200002",
            "9901022026030200003",
            "9901022026030200004",
        )
        assert await allot_numbers(session, "990102002000", MIDNIGHT, 1) == ("9901022026030200005",)
        assert await allot_numbers(session, None, MIDNIGHT, 1) == ("9901002026030200001",)
