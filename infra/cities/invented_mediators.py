"""The mediators of the invented city, the staff of the units that host mediation, and the rooms to mediate in."""

from datetime import date

from infra.cities.invented_hosts import PEOPLE_MEDIATION
from infra.cities.invented_names import Names
from infra.cities.pack import Mediator, Region, RegionLevel, Room, Unit, User
from workflows.contracts.mediation.vocabulary import Channel, DisputeType
from workflows.contracts.vocabulary import Level, Role, UnitKind

_SINCE = date(2025, 1, 1)
_COMMITTEES_UNTIL = date(2029, 12, 31)
"""Committees, and with them their mediators, are chosen for some years; others are appointed until further notice."""
_MEDIATING_VILLAGES = 5
"""In every fifth village the head of the committee is in the register, in every twentieth a respected person too."""
_WORTHY_VILLAGES = 20
_STUDIOS = ("老马", "", "连心", "", "百合", "", "")
"""By turns among the townships; some have none."""
_ROOMS = (("joint", "联合调解室", 16, True), ("small", "小调解室", 6, False))

_D = DisputeType
_URBAN = (_D.NEIGHBOUR, _D.PROPERTY_SERVICE, _D.HOUSING, _D.CONSUMER)
_RURAL = (_D.NEIGHBOUR, _D.VILLAGE, _D.LAND)
_OF_FAMILIES = (_D.FAMILY, _D.INHERITANCE, _D.NEIGHBOUR)
_AT_A_CENTRE = (Channel.PEOPLE, Channel.ADMINISTRATIVE, Channel.PETITION, Channel.PROCURATORATE)
_AT_A_STATION = (Channel.PEOPLE, Channel.POLICE)
_TRADES: dict[str, tuple[Channel, tuple[DisputeType, ...], tuple[str, ...]]] = {
    "committee-medical": (Channel.PROFESSIONAL, (_D.MEDICAL,), ()),
    "committee-property_service": (Channel.PROFESSIONAL, (_D.PROPERTY_SERVICE,), ()),
    "committee-traffic": (Channel.PROFESSIONAL, (_D.TRAFFIC, _D.INJURY), ("mn",)),
    "committee-labour": (Channel.PROFESSIONAL, (_D.LABOUR, _D.WAGES), ("mn",)),
    "committee-petition": (Channel.PETITION, (_D.ADMINISTRATIVE, _D.OTHER), ()),
    "commercial_mediation": (Channel.PROFESSIONAL, (_D.CONTRACT, _D.DEBT), ("ru",)),
}
_OFFICES: dict[str, tuple[Channel, tuple[DisputeType, ...]]] = {
    "housing": (Channel.ADMINISTRATIVE, (_D.HOUSING, _D.PROPERTY_SERVICE)),
    "human_resources": (Channel.ADMINISTRATIVE, (_D.LABOUR, _D.WAGES)),
    "market_supervision": (Channel.ADMINISTRATIVE, (_D.CONSUMER,)),
    "natural_resources": (Channel.ADMINISTRATIVE, (_D.LAND,)),
    "agriculture": (Channel.ADMINISTRATIVE, (_D.LAND, _D.VILLAGE)),
    "ecology": (Channel.ADMINISTRATIVE, (_D.ENVIRONMENT,)),
    "petition": (Channel.PETITION, (_D.ADMINISTRATIVE,)),
    "procuratorate": (Channel.PROCURATORATE, (_D.INJURY,)),
}
"""Those of authorities, by unit."""
_BANNER = "990123"
"""Where many speak Mongolian."""


def invent_mediators(regions: list[Region], units: list[Unit], users: list[User]) -> list[Mediator]:
    """The register: those of centres, authorities, police stations, trades, courts, townships and some villages."""
    villages = [region.code for region in regions if region.level is RegionLevel.VILLAGE]
    places = {code: n for n, code in enumerate(villages)}
    townships = [unit for unit in units if unit.function == PEOPLE_MEDIATION and unit.level is Level.TOWNSHIP]
    return [
        *(
            _mediator(user.user_id, user.unit_id, user.region_code, _AT_A_CENTRE, ())
            for user in users
            if user.role is Role.MEDIATOR and user.unit_id is not None
        ),
        *(_at_an_office(unit, *_OFFICES[unit.unit_id]) for unit in units if unit.unit_id in _OFFICES),
        *(
            _at_an_office(unit, Channel.POLICE, (_D.INJURY, _D.NEIGHBOUR))
            for unit in units
            if unit.function == "public_security" and unit.level is Level.TOWNSHIP
        ),
        *(mediator for unit in units if unit.unit_id in _TRADES for mediator in _of_a_trade(unit)),
        *(_invited_by_a_court(unit) for unit in units if unit.function == "court" and unit.level is Level.COUNTY),
        *(mediator for n, host in enumerate(townships) for mediator in _of_a_township(host, n)),
        *(
            mediator
            for unit in units
            if unit.function == PEOPLE_MEDIATION and unit.level is Level.VILLAGE
            for mediator in _of_a_village(unit, places[unit.region_code])
        ),
    ]


def invent_host_users(names: Names, hosts: list[Unit], mediators: list[Mediator], known: list[User]) -> list[User]:
    """A leader for every host, who mediates in a committee; a handler for all others; then the rest of the register."""
    users: list[User] = []
    for host in hosts:
        committee = host.kind is UnitKind.COMMITTEE
        role = Role.MEDIATOR if committee else Role.HANDLER
        users.append(User(f"leader-{host.unit_id}", names.person(), role, host.region_code, host.unit_id))
        if not committee:
            users.append(User(f"handler-{host.unit_id}", names.person(), role, host.region_code, host.unit_id))
    ids = {user.user_id for user in known + users}
    return users + [
        User(one.mediator_id, names.person(), Role.MEDIATOR, one.region_code, one.unit_id)
        for one in mediators
        if one.mediator_id not in ids
    ]


def invent_rooms(units: list[Unit]) -> list[Room]:
    """Two rooms at the centres of the city, the counties and the townships."""
    return [
        Room(f"{unit.region_code}-{room}", unit.unit_id, name, seats, video)
        for unit in units
        if unit.kind is UnitKind.GOVERNANCE_CENTRE and unit.level is not Level.VILLAGE
        for room, name, seats, video in _ROOMS
    ]


def _at_an_office(unit: Unit, channel: Channel, specialities: tuple[DisputeType, ...]) -> Mediator:
    return _mediator(
        f"mediator-{unit.unit_id}", unit.unit_id, unit.region_code, (channel,), specialities, _spoken(unit)
    )


def _of_a_trade(host: Unit) -> list[Mediator]:
    channel, specialities, languages = _TRADES[host.unit_id]
    ids = [f"mediator-{n}-{host.unit_id}" for n in (1, 2)]
    return [
        _mediator(ids[0], host.unit_id, host.region_code, (channel,), specialities),
        _mediator(ids[1], host.unit_id, host.region_code, (channel,), specialities, languages),
    ]


def _invited_by_a_court(host: Unit) -> Mediator:
    return _mediator(
        f"mediator-{host.unit_id}",
        host.unit_id,
        host.region_code,
        (Channel.COURT,),
        (_D.DEBT, _D.CONTRACT, _D.INJURY, _D.PROPERTY_SERVICE),
        _spoken(host),
        studio="法院特邀调解工作室",
    )


def _of_a_township(host: Unit, n: int) -> list[Mediator]:
    """The head of the committee, and a mediator who sits at the police station as well."""
    place, studio = host.region_code, _STUDIOS[n % len(_STUDIOS)]
    specialities = _URBAN if "街道" in host.name else _RURAL
    return [
        _mediator(
            f"leader-{host.unit_id}",
            host.unit_id,
            place,
            (Channel.PEOPLE,),
            _OF_FAMILIES,
            studio=f"{studio}调解工作室" if studio else None,
            full_time=False,
            until=_COMMITTEES_UNTIL,
        ),
        _mediator(
            f"mediator-{host.unit_id}",
            host.unit_id,
            place,
            _AT_A_STATION,
            specialities,
            _spoken(host),
            until=_COMMITTEES_UNTIL,
        ),
    ]


def _of_a_village(host: Unit, n: int) -> list[Mediator]:
    """The head of the committee, and a respected person whom it invites (贤调), in some villages."""
    people = [(f"leader-{host.unit_id}", Channel.PEOPLE)] if n % _MEDIATING_VILLAGES == 0 else []
    if n % _WORTHY_VILLAGES == 0:
        people.append((f"worthy-{host.region_code}", Channel.LOCAL_WORTHY))
    return [
        _mediator(
            mediator_id,
            host.unit_id,
            host.region_code,
            (channel,),
            (_D.NEIGHBOUR, _D.FAMILY),
            _spoken(host),
            full_time=False,
            until=_COMMITTEES_UNTIL,
        )
        for mediator_id, channel in people
    ]


def _spoken(host: Unit) -> tuple[str, ...]:
    return ("mn",) if host.region_code.startswith(_BANNER) else ()


def _mediator(
    mediator_id: str,
    unit_id: str,
    region_code: str,
    channels: tuple[Channel, ...],
    specialities: tuple[DisputeType, ...],
    languages: tuple[str, ...] = (),
    *,
    studio: str | None = None,
    full_time: bool = True,
    until: date | None = None,
) -> Mediator:
    return Mediator(
        mediator_id, unit_id, channels, region_code, languages, specialities, studio, full_time, _SINCE, until
    )
