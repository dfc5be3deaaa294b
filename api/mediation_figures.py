"""Figures of joint mediation, each defined here once: numerator and denominator together, never a rate alone."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from pydantic import BaseModel
from sqlalchemy import ColumnElement, Date, and_, cast, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from api.mediation_list import CHANNEL
from api.scope import visible
from api.tokens import Caller
from infra.mediation_tables import Mediation
from infra.tables import Case, TimelineEvent
from workflows.contracts.ids import region_prefix
from workflows.contracts.mediation.vocabulary import Channel, FulfilmentStatus, MediationStatus
from workflows.rules.calendar import midnight

_ONE_DAY = timedelta(days=1)


class Share(BaseModel):
    """`numerator` out of `denominator`."""

    numerator: int = 0
    denominator: int = 0

    def plus(self, other: "Share") -> "Share":
        """Both together."""
        return Share(numerator=self.numerator + other.numerator, denominator=self.denominator + other.denominator)


class Figures(BaseModel):
    """How mediation goes.

    Of the mediations taken up in the period: `success` = with an agreement that took effect, out of all;
    `success_of_concluded` = the same, out of those with an agreement or at their end; `resolution` (化解率) = with
    every promise kept, or with a legal result on the record of their case, out of all: an agreement that is not kept
    resolves nothing. `fulfilment` (履行率) = promises kept, out of those due in the period, broken and open ones
    included; promises that the other side does without are not due.
    """

    success: Share = Share()
    success_of_concluded: Share = Share()
    resolution: Share = Share()
    fulfilment: Share = Share()


class ChannelFigures(Figures):
    channel: Channel


class MediationFigures(Figures):
    """Those of all channels together, and of each; local days, both included."""

    region: str | None
    since: date | None
    until: date
    channels: list[ChannelFigures]


async def mediation_figures(
    session: AsyncSession, caller: Caller, region: str | None, since: date | None, until: date
) -> MediationFigures:
    """The figures of what the caller sees, for mediations of the region's subtree."""
    seen: list[ColumnElement[bool]] = [visible(caller)]
    if region is not None:
        seen.append(Mediation.region_code.startswith(region_prefix(region)))
    shares: dict[Channel, dict[str, Share]] = {}
    for channel, taken_on, agreed, concluded, resolved in await session.execute(_taken_on(seen, since, until)):
        shares[Channel(channel)] = {
            "success": Share(numerator=agreed, denominator=taken_on),
            "success_of_concluded": Share(numerator=agreed, denominator=concluded),
            "resolution": Share(numerator=resolved, denominator=taken_on),
        }
    for channel, kept, due in await session.execute(_due(seen, since, until)):
        shares.setdefault(Channel(channel), {})["fulfilment"] = Share(numerator=kept, denominator=due)
    channels = [ChannelFigures(channel=channel, **shares[channel]) for channel in Channel if channel in shares]
    together = {name: _sum(getattr(one, name) for one in channels) for name in Figures.model_fields}
    return MediationFigures(region=region, since=since, until=until, channels=channels, **together)


def _taken_on(seen: list[ColumnElement[bool]], since: date | None, until: date) -> Any:
    agreed = Mediation.agreed_at.is_not(None)
    legal_result = exists().where(
        TimelineEvent.case_no == Mediation.case_no, TimelineEvent.kind == "legal_outcome_recorded"
    )
    period = [Mediation.taken_up_at < midnight(until + _ONE_DAY)]
    if since is not None:
        period.append(Mediation.taken_up_at >= midnight(since))
    return (
        select(
            CHANNEL,
            func.count(),
            func.count().filter(agreed),
            func.count().filter(or_(agreed, Mediation.ended_at.is_not(None))),
            func.count().filter(or_(Mediation.status == MediationStatus.FULFILLED.value, legal_result)),
        )
        .join(Case, Case.case_no == Mediation.case_no)
        .where(*seen, *period, CHANNEL.is_not(None))
        .group_by(CHANNEL)
    )


def _due(seen: list[ColumnElement[bool]], since: date | None, until: date) -> Any:
    item = func.jsonb_each(Mediation.snapshot["agreement"]["items"]).table_valued("key", "value").lateral("item")
    due = cast(item.c.value.op("->>")("due"), Date)
    status = item.c.value.op("->>")("status")
    in_period = [due <= until, *([due >= since] if since is not None else [])]
    return (
        select(CHANNEL, func.count().filter(status == FulfilmentStatus.KEPT.value), func.count())
        .select_from(Mediation)
        .join(Case, Case.case_no == Mediation.case_no)
        .join(item, and_(*in_period, status != FulfilmentStatus.GIVEN_UP.value))
        .where(*seen, Mediation.agreed_at.is_not(None))
        .group_by(CHANNEL)
    )


def _sum(shares: Iterable[Share]) -> Share:
    total = Share()
    for share in shares:
        total = total.plus(share)
    return total
