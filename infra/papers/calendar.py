"""Sessions for the calendars of those who hold them (iCalendar, RFC 5545); nobody's name is in there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Alarm, Calendar, Event

from infra.papers.channel_words import CHANNEL_WORDS
from workflows.contracts.mediation.vocabulary import MediationForm

_ZONE = ZoneInfo("Asia/Shanghai")
_BEFORE = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Appointment:
    """A session as a calendar shows it.

    `sequence` grows with each change, so that calendars take the newer one; `changed_at` is when it last did. Times
    know their zone. `room` is where, with its address.
    """

    session_no: str
    mediation_no: str
    form: MediationForm
    sequence: int
    changed_at: datetime
    begins: datetime
    ends: datetime
    room: str
    cancelled: bool = False


def write_calendar(appointments: Sequence[Appointment]) -> bytes:
    """An ICS file with all appointments; the same ones are the same bytes at any time."""
    calendar = Calendar()
    calendar.add("prodid", "-//Yingshao//Joint Mediation//ZH")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    for appointment in appointments:
        calendar.add_component(_event(appointment))
    calendar.add_missing_timezones()
    written: bytes = calendar.to_ical()
    return written


def _event(appointment: Appointment) -> Event:
    event = Event()
    event.add("uid", f"{appointment.session_no}@yingshao")
    event.add("sequence", appointment.sequence)
    event.add("dtstamp", appointment.changed_at)
    event.add("dtstart", appointment.begins.astimezone(_ZONE))
    event.add("dtend", appointment.ends.astimezone(_ZONE))
    # numbers alone: calendars are synchronised to phones and seen over shoulders
    event.add("summary", f"{CHANNEL_WORDS[appointment.form].occasion} {appointment.mediation_no}")
    event.add("location", appointment.room)
    event.add("status", "CANCELLED" if appointment.cancelled else "CONFIRMED")
    event.add("class", "CONFIDENTIAL")
    if not appointment.cancelled:
        event.add_component(_alarm())
    return event


def _alarm() -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", "明天有一场调解")
    alarm.add("trigger", -_BEFORE)
    return alarm
