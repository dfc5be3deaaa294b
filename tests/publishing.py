"""Publishing a calendar as the command does."""

from datetime import UTC, datetime
from pathlib import Path

from infra.calendar_files import CalendarFile, read_calendar_file
from infra.calendar_versions import NewVersion, publish
from infra.database import Sessions

SNOW_DAY = """\
title: 暴雪停工
source: 市应急指挥部通告
days_off: [2026-03-04]
"""


def written(folder: Path, text: str) -> Path:
    """A file with that text."""
    file = folder / "日历.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def calendar_file(folder: Path, text: str) -> CalendarFile:
    return read_calendar_file(written(folder, text))


async def published(sessions: Sessions, folder: Path, text: str) -> NewVersion | None:
    """The new version, committed; None if there was nothing new."""
    async with sessions.begin() as session:
        return await publish(session, calendar_file(folder, text), by="tester", now=datetime.now(UTC))
