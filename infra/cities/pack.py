"""What a city pack says once it is read and found sound: the city as plain, frozen rows."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from infra.cities.office_hours import WrittenHours
from infra.policies.written import PolicyFile
from infra.sweeps.policy import SweepPolicy
from workflows.contracts.ids import UnitId
from workflows.contracts.mediation.policy import MediationPolicy
from workflows.contracts.mediation.vocabulary import Channel, DisputeType
from workflows.contracts.vocabulary import Level, Role, UnitKind


class RegionLevel(StrEnum):
    """The four levels of government and the grid below them, as regions carry them."""

    CITY = "city"
    COUNTY = "county"
    TOWNSHIP = "township"
    VILLAGE = "village"
    GRID = "grid"

    @property
    def government(self) -> Level:
        """The level of government that acts there: a grid is the village's."""
        return Level.VILLAGE if self is RegionLevel.GRID else Level(self.value)


class Connector(StrEnum):
    """How task signals reach a unit's own system; its address and secret are set at run time."""

    WEBHOOK = "webhook"


class Presence(StrEnum):
    """How a unit takes part at the governance centre: 常驻, 轮驻, 随叫随驻, 网络连通."""

    STATIONED = "stationed"
    ROTATING = "rotating"
    ON_CALL = "on_call"
    ONLINE = "online"


class City(BaseModel):
    """`city.yaml`: the city, and the words it has for things. `rating_scale` is in order, best first, as shown.

    `unit_office_hours` holds, by their ids, the units that do not keep the city's hours. `languages` are those that are
    spoken beside Chinese, as BCP 47 tags.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    code: str = Field(pattern=r"^[1-9]\d{3}0{8}$")
    name: str = Field(min_length=1)
    level_labels: dict[RegionLevel, str]
    office_hours: WrittenHours
    unit_office_hours: dict[UnitId, WrittenHours] = {}
    languages: dict[str, str] = {}
    time_zone: str
    calendar: str
    rating_scale: dict[str, str]
    default_policy: str
    sweeps: SweepPolicy = SweepPolicy()


@dataclass(frozen=True, slots=True)
class Region:
    """An area: 12 digits for city, county, township and village, 15 for a grid.

    `responsible_centre` is the governance centre that owns the cases from here, its own or the nearest one above;
    it need not follow the code.
    """

    code: str
    name: str
    level: RegionLevel
    parent: str | None
    responsible_centre: UnitId


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit or governance centre. `function` is what routes ask for; empty for governance centres.

    `valid_to` is the last day; `successor` takes over after it. `leader` is a user id.
    """

    unit_id: UnitId
    name: str
    kind: UnitKind
    function: str
    level: Level
    region_code: str
    leader: str
    duty_office: str
    valid_from: date
    valid_to: date | None
    successor: UnitId | None
    connector: Connector | None


@dataclass(frozen=True, slots=True)
class User:
    """A member of staff, or the system of a unit; acts in the region's subtree, and for the unit if there is one."""

    user_id: str
    name: str
    role: Role
    region_code: str
    unit_id: UnitId | None


@dataclass(frozen=True, slots=True)
class RosterDay:
    """Who is on duty for a unit on a local date, and how that person takes part at the centre."""

    unit_id: UnitId
    day: date
    user_id: str
    presence: Presence


@dataclass(frozen=True, slots=True)
class Mediator:
    """Somebody who mediates for a unit, in these channels and in a region.

    `mediator_id` is a user id. `specialities` are the disputes that she knows best, `languages` those that she
    speaks beside Chinese. `studio` is a named one of her own (调解工作室). `valid_to` is the last day.
    """

    mediator_id: str
    unit_id: UnitId
    channels: tuple[Channel, ...]
    region_code: str
    languages: tuple[str, ...]
    specialities: tuple[DisputeType, ...]
    studio: str | None
    full_time: bool
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class Room:
    """A room to mediate in, in the house of a unit; `video` if people can join from elsewhere."""

    room_id: str
    unit_id: UnitId
    name: str
    seats: int
    video: bool


@dataclass(frozen=True, slots=True)
class Route:
    """Who handles a class of matters where a case is at `level` (None: at every level not named for the class).

    `region_code` limits it to the cases from a region and all below it (None: from the whole city).
    `category` is a class or all below it. `lead`, `co_units` and `power_holder` (who holds the legal power, always one
    of them) name functions or unit ids; one of a kind that cannot be given dates is asked by `refer`, not whistled.
    """

    category: str
    level: Level | None
    lead: str
    co_units: tuple[str, ...]
    power_holder: str
    clause: str
    region_code: str | None


@dataclass(frozen=True, slots=True)
class CityPack:
    """Everything of one city; `matters` are the classes as `level1/level2/level3`, `policies` by their names."""

    city: City
    regions: tuple[Region, ...]
    units: tuple[Unit, ...]
    users: tuple[User, ...]
    matters: tuple[str, ...]
    routes: tuple[Route, ...]
    policies: dict[str, PolicyFile]
    roster: tuple[RosterDay, ...]
    mediators: tuple[Mediator, ...] = ()
    rooms: tuple[Room, ...] = ()
    channels: MediationPolicy | None = None
