"""Field types of request bodies: bounded, without NUL bytes, and strict where JSON has the type itself."""

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, TypeVar

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_YUAN = re.compile(r"[0-9]{1,12}(\.[0-9]{1,2})?")
_When = TypeVar("_When", datetime, date)


def clean(text: str) -> str:
    """The text without control characters and surrogates, for names that a client's software made."""
    return _CONTROL.sub("", text).encode(errors="ignore").decode().strip()


def _without_control_characters(text: str) -> str:
    if _CONTROL.search(text):
        raise PydanticCustomError("control_character", "NUL bytes and other control characters are not taken")
    return text


def _only_text(value: Any) -> Any:
    # Without this a bare number would be read as seconds since 1970.
    if not isinstance(value, str):
        raise PydanticCustomError("datetime_type", "give an ISO 8601 time with offset, as text")
    return value


def _of_our_time(moment: _When) -> _When:
    if not 1900 <= moment.year <= 2200:
        raise PydanticCustomError("datetime_range", "the year lies outside 1900 to 2200")
    return moment


def _only_a_date(value: Any) -> Any:
    # A number would be read as seconds since 1970, and a time would lose its hours.
    if not isinstance(value, str) or not _DATE.fullmatch(value):
        raise PydanticCustomError("date_type", "give a date as text, like 2026-03-09")
    return value


def _in_fen(value: Any) -> int:
    text = "" if isinstance(value, bool) else str(value)
    if not _YUAN.fullmatch(text):
        raise PydanticCustomError("amount_type", "give an amount in yuan with two decimals at most, like 1200.50")
    return int(Decimal(text) * 100)


def in_yuan(fen: int) -> str:
    """An amount as people write it: `1200.50`."""
    return f"{Decimal(fen) / 100:.2f}"


def text_of(longest: int) -> Any:
    """Written words of 1 to `longest` characters, once the blanks around them are gone."""
    return StringConstraints(strip_whitespace=True, min_length=1, max_length=longest)


_Clean = AfterValidator(_without_control_characters)

Title = Annotated[str, text_of(200), _Clean]
Name = Annotated[str, text_of(100), _Clean]
Words = Annotated[str, text_of(5_000), _Clean]
Description = Annotated[str, text_of(20_000), _Clean]
Identifier = Annotated[str, StringConstraints(pattern=r"^[\w./:@#-]{1,128}$")]
Phone = Annotated[str, StringConstraints(pattern=r"^\+?[0-9][0-9 ()-]{2,30}$")]
Language = Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,4}){0,2}$", max_length=16)]
SourceName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]{1,32}$")]
Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]{1,64}$")]
Instant = Annotated[AwareDatetime, AfterValidator(_of_our_time)]
Moment = Annotated[Instant, BeforeValidator(_only_text)]
LocalDate = Annotated[date, AfterValidator(_of_our_time), BeforeValidator(_only_a_date)]
"""A date in Asia/Shanghai."""
Flag = Annotated[bool, Field(strict=True)]
Count = Annotated[int, Field(strict=True, ge=1, le=1_000_000)]
Yuan = Annotated[
    int, BeforeValidator(_in_fen), WithJsonSchema({"anyOf": [{"type": "number"}, {"type": "string"}], "minimum": 0})
]
"""An amount given in yuan, as a number or as text; kept in fen."""
Latitude = Annotated[float, Field(strict=True, ge=-90, le=90, allow_inf_nan=False)]
Longitude = Annotated[float, Field(strict=True, ge=-180, le=180, allow_inf_nan=False)]
Search = Annotated[str, text_of(100), _Clean]


class Body(BaseModel):
    """The base of every request body: what is not known is refused, and errors do not repeat what was sent."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)
