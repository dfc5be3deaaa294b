"""Unique marks in place of everything that people tell, and where they may be found again."""

from dataclasses import dataclass, field
from secrets import randbelow, token_hex

from sqlalchemy import func, select, text

from infra.database import Sessions
from infra.tables import Base


@dataclass
class Marks:
    """Hands out marks by the field they stand for."""

    given: dict[str, str] = field(default_factory=dict)

    def words(self, name: str) -> str:
        """A sentence that cannot be found anywhere by chance."""
        self.given[name] = f"mark{token_hex(8)}"
        return f"这是{self.given[name]}的话"

    def phone(self, name: str) -> str:
        """Eleven digits, as a phone number has them."""
        self.given[name] = f"199{randbelow(10**8):08d}"
        return self.given[name]

    def found_in(self, content: bytes) -> set[str]:
        """The fields whose mark stands in there."""
        return {name for name, mark in self.given.items() if mark.encode() in content}


async def everything_in(sessions: Sessions) -> bytes:
    """Every row of every table, as text."""
    rows: list[str] = []
    async with sessions() as session:
        for table in Base.metadata.sorted_tables:
            whole = select(func.to_jsonb(text(table.name)).op("::")(text("text"))).select_from(table)
            rows += (await session.scalars(whole)).all()
    return "\n".join(rows).encode()
