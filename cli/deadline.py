"""`yingshao deadline`: works out one due date, and shows which days it rests on."""

import json
from datetime import datetime
from typing import Annotated, NoReturn

import typer
from pydantic import ValidationError

from infra.calendars import FIRST_YEAR, LAST_YEAR, published_window
from workflows.contracts.clocks import Due, Limit, Pause
from workflows.rules.calendar import LOCAL, compile_calendar, local_date
from workflows.rules.day_strip import Day, Reason, Verdict, day_strip
from workflows.rules.limits import due

_WEEKDAYS = "一二三四五六日"
_VERDICTS = {
    Verdict.COUNTED: "计入",
    Verdict.SKIPPED: "跳过",
    Verdict.PAUSED: "暂停",
    Verdict.ROLLED: "顺延",
}
_REASONS = {
    Reason.START: "起算当日",
    Reason.WORKDAY: "工作日",
    Reason.MAKEUP: "调休上班",
    Reason.WEEKEND: "周末",
    Reason.HOLIDAY: "节假日",
    Reason.CLOSED: "非办公时间",
    Reason.PAUSE: "时限暂停",
}


def register(app: typer.Typer) -> None:
    """Adds the command to the application."""

    @app.command()
    def deadline(
        start: Annotated[str, typer.Option(help="起算时间,未写时区即为北京时间 · when the limit starts, ISO 8601")],
        limit: Annotated[str, typer.Option(help="时限,如 '5 working_days' · the limit")],
        pause: Annotated[list[str] | None, typer.Option(help="暂停,起/止,可重复 · a pause as A/B, repeatable")] = None,
        extended_by: Annotated[
            int,
            typer.Option(
                help="延长多少,单位同时限,月和年按自然日 · added to the limit, in its unit; months, years: days"
            ),
        ] = 0,
        explain: Annotated[
            bool, typer.Option("--explain", help="逐日说明 · the days counted, skipped and paused")
        ] = False,
    ) -> None:
        """计算到期时间 · when a limit ends, as JSON on the first line."""
        try:
            pauses = [_pause(text) for text in pause or ()]
            _answer(_moment(start), Limit.parse(limit), pauses, extended_by, explain=explain)
        except ValueError as error:
            _refuse(error)


def _answer(begin: datetime, limit: Limit, pauses: list[Pause], extended_by: int, *, explain: bool) -> None:
    year = local_date(begin).year
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"the limit starts in {year}, but the calendar covers the years {FIRST_YEAR} to {LAST_YEAR}")
    calendar = compile_calendar(published_window(year, LAST_YEAR))
    ends = _within_the_data(due(limit, begin, calendar, pauses, extended_by))
    typer.echo(json.dumps(_as_json(ends)))
    if explain:
        for day in day_strip(limit, begin, calendar, pauses, extended_by):
            typer.echo(_line(day))
        typer.echo(_ending(ends))


def _refuse(error: ValueError) -> NoReturn:
    typer.echo(f"deadline: {error}", err=True)
    raise typer.Exit(2) from None


def _within_the_data(ends: Due) -> Due:
    if ends.due_date.year > LAST_YEAR:
        raise ValueError(
            f"the limit ends in {ends.due_date.year}, but the calendar covers the years {FIRST_YEAR} to {LAST_YEAR}"
        )
    return ends


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text.strip())
        return moment.astimezone(LOCAL) if moment.tzinfo else moment.replace(tzinfo=LOCAL)
    except (ValueError, OverflowError):
        raise ValueError(f"not a time: {text!r}; write it like 2026-02-13T16:40") from None


def _pause(text: str) -> Pause:
    since, slash, until = text.partition("/")
    if not slash:
        raise ValueError(f"not a pause: {text!r}; write its begin and end like 2026-04-20T10:00/2026-05-11T15:00")
    try:
        return Pause(since=_moment(since), until=_moment(until))
    except ValidationError:
        raise ValueError(f"the pause {text!r} ends before it begins") from None


def _as_json(ends: Due) -> dict[str, str | bool]:
    return {
        "due": ends.due_at.astimezone(LOCAL).isoformat(),
        "due_date": ends.due_date.isoformat(),
        "raw_due_date": ends.raw_due_date.isoformat(),
        "provisional": ends.provisional,
    }


def _line(day: Day) -> str:
    words = [day.date.isoformat(), f"周{_WEEKDAYS[day.date.weekday()]}", _VERDICTS[day.verdict], _REASONS[day.reason]]
    return " ".join([*words, "(日历未公布)"] if day.provisional else words)


def _ending(ends: Due) -> str:
    at = ends.due_at.astimezone(LOCAL)
    # A day limit ends at 24:00 of its last day, which people do not read as 00:00 of the next.
    clock = f"{at:%H:%M}" if at.date() == ends.due_date else "24:00"
    return f"到期 {ends.due_date.isoformat()} {clock}{'(暂定)' if ends.provisional else ''}"
