"""Who hosts mediation in the invented city, and who helps beside it, besides its departments and governments."""

from infra.cities.invented_units import invent_unit
from infra.cities.pack import Region, RegionLevel, Unit
from workflows.contracts.vocabulary import UnitKind

PEOPLE_MEDIATION = "people_mediation"
"""The function of the committees of villages and townships; those of trades have one of their own."""

_OF_THE_CITY = (
    ("committee-medical", "医疗纠纷人民调解委员会", UnitKind.COMMITTEE, "medical_mediation"),
    ("committee-property_service", "物业纠纷人民调解委员会", UnitKind.COMMITTEE, "property_service_mediation"),
    ("committee-traffic", "道路交通事故纠纷人民调解委员会", UnitKind.COMMITTEE, "traffic_mediation"),
    ("committee-labour", "劳动争议人民调解委员会", UnitKind.COMMITTEE, "labour_mediation"),
    ("committee-petition", "信访矛盾人民调解委员会", UnitKind.COMMITTEE, "petition_mediation"),
    # Licensed, and may charge: no people's committee.
    ("commercial_mediation", "商事调解中心", UnitKind.ENTERPRISE, "commercial_mediation"),
    ("labour_arbitration", "劳动人事争议仲裁委员会", UnitKind.JUDICIAL, "labour_arbitration"),
    ("legal_aid", "法律援助中心", UnitKind.DEPARTMENT, "legal_aid"),
    ("counselling", "社会心理服务中心", UnitKind.DEPARTMENT, "counselling"),
    ("women_and_children", "妇女儿童维权服务窗口", UnitKind.DEPARTMENT, "women_and_children"),
)
_OF_COUNTIES = (
    ("court", "人民法院", UnitKind.JUDICIAL),
    ("petition", "信访局", UnitKind.DEPARTMENT),
    ("labour_arbitration", "劳动人事争议仲裁委员会", UnitKind.JUDICIAL),
    ("legal_aid", "法律援助中心", UnitKind.DEPARTMENT),
)
_LEFT_OUT_OF_A_STATION = ("街道", "镇", "乡")


def committee_id(region_code: str) -> str:
    """The id of the people's mediation committee of a village or township."""
    return f"committee-{region_code}"


def invent_hosts(regions: list[Region], units: list[Unit]) -> list[Unit]:
    """Those that are not among the units yet: of the city, of the counties, police stations, and every committee."""
    city = regions[0]
    counties = [region for region in regions if region.level is RegionLevel.COUNTY]
    townships = [region for region in regions if region.level is RegionLevel.TOWNSHIP]
    known = {unit.unit_id for unit in units}
    stations = [(f"police-{town.code[:9]}", town) for town in townships]
    return [
        *(
            invent_unit(unit_id, city.name + name, kind, function, city)
            for unit_id, name, kind, function in _OF_THE_CITY
        ),
        *(
            invent_unit(f"{function}-{county.code[:6]}", county.name + name, kind, function, county)
            for county in counties
            for function, name, kind in _OF_COUNTIES
        ),
        *(
            invent_unit(station, _station(city, town), UnitKind.DEPARTMENT, "public_security", town)
            for station, town in stations
            if station not in known
        ),
        *(
            invent_unit(
                committee_id(region.code),
                f"{region.name}人民调解委员会",
                UnitKind.COMMITTEE,
                PEOPLE_MEDIATION,
                region,
            )
            for region in regions
            if region.level in {RegionLevel.TOWNSHIP, RegionLevel.VILLAGE}
        ),
    ]


def _station(city: Region, town: Region) -> str:
    place = next((town.name.removesuffix(end) for end in _LEFT_OUT_OF_A_STATION if town.name.endswith(end)), town.name)
    return f"{city.name}公安局{place}派出所"
