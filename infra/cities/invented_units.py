"""The units of the invented city: its departments and services, township governments and governance centres."""

from datetime import date

from infra.cities.invented_regions import centre_id
from infra.cities.pack import Connector, Region, RegionLevel, Unit
from workflows.contracts.vocabulary import UnitKind

TOWNSHIP_GOVERNMENT = "township_government"

_FOUNDED = date(2020, 1, 1)

_CITY_UNITS: dict[UnitKind, dict[str, str]] = {
    UnitKind.DEPARTMENT: {
        "housing": "住房和城乡建设局",
        "housing_fund": "住房公积金管理中心",
        "urban_management": "城市管理局",
        "human_resources": "人力资源和社会保障局",
        "market_supervision": "市场监督管理局",
        "transport": "交通运输局",
        "water_affairs": "水利局",
        "agriculture": "农业农村局",
        "natural_resources": "自然资源和规划局",
        "forestry": "林业和草原局",
        "education": "教育局",
        "health": "卫生健康委员会",
        "medical_insurance": "医疗保障局",
        "civil_affairs": "民政局",
        "veterans": "退役军人事务局",
        "emergency_management": "应急管理局",
        "public_security": "公安局",
        "justice": "司法局",
        "culture_tourism": "文化广电旅游体育局",
        "development_reform": "发展和改革委员会",
        "industry_science": "科技和工业信息化局",
        "finance": "财政局（国有资产监督管理局）",
        "commerce": "商务局",
        "ethnic_religion": "民族宗教事务委员会",
        "petition": "信访局",
        "party_organisation": "市委组织部",
        "publicity": "市委宣传部",
        "united_front": "市委统战部",
        "general_office": "市委办公室",
        "mass_organisations": "总工会",
    },
    UnitKind.VERTICAL: {
        "ecology": "生态环境局",
        "tax": "税务局",
        "fire_rescue": "消防救援支队",
        "postal": "邮政管理局",
        "financial_regulation": "金融监管分局",
        "customs": "海关",
        "communications": "通信管理办公室",
    },
    UnitKind.ENTERPRISE: {
        "power_supply": "供电公司",
        "water_supply": "供水集团",
        "gas_supply": "燃气公司",
        "heating": "热力公司",
        "bus": "公共交通集团",
        "telecom": "通信服务公司",
    },
    UnitKind.JUDICIAL: {"court": "中级人民法院", "procuratorate": "人民检察院"},
    UnitKind.DISCIPLINE: {"discipline": "纪委监委"},
}

_COUNTY_UNITS = {"housing": "住房和城乡建设局", "urban_management": "城市管理局"}

_WITH_OWN_SYSTEM = {
    "housing",
    "urban_management",
    "human_resources",
    "market_supervision",
    "transport",
    "public_security",
    "power_supply",
    "water_supply",
    "gas_supply",
    "bus",
}
"""City units whose own system takes task signals; all others work from the inbox."""

_POLICE_STATIONS = 3
_PROPERTY_COMPANIES = 2

_GOVERNMENTS = {"街道": "办事处", "镇": "人民政府", "乡": "人民政府", "苏木": "人民政府"}


def invent_units(regions: list[Region]) -> list[Unit]:
    """Every unit, those of the city first; a unit's leader is the user `leader-{unit_id}`."""
    counties = [region for region in regions if region.level is RegionLevel.COUNTY]
    townships = [region for region in regions if region.level is RegionLevel.TOWNSHIP]
    return [
        *_city_units(regions[0]),
        *(
            invent_unit(f"{function}-{county.code[:6]}", county.name + name, UnitKind.DEPARTMENT, function, county)
            for county in counties
            for function, name in _COUNTY_UNITS.items()
        ),
        *_local_units(regions),
        *(
            invent_unit(
                f"township-{town.code[:9]}", _government(town.name), UnitKind.TOWNSHIP, TOWNSHIP_GOVERNMENT, town
            )
            for town in townships
        ),
        *(
            invent_unit(centre_id(region.code), f"{region.name}综治中心", UnitKind.GOVERNANCE_CENTRE, "", region)
            for region in regions
            if region.responsible_centre == centre_id(region.code)
        ),
    ]


def _city_units(city: Region) -> list[Unit]:
    units = [
        invent_unit(
            function,
            name if name.startswith("市委") else city.name + name,
            kind,
            function,
            city,
            connector=Connector.WEBHOOK if function in _WITH_OWN_SYSTEM else None,
        )
        for kind, functions in _CITY_UNITS.items()
        for function, name in functions.items()
    ]
    # Dissolved into another one: what it still had to do has passed on.
    dissolved = invent_unit(
        "sanitation",
        f"{city.name}环境卫生管理处",
        UnitKind.DEPARTMENT,
        "sanitation",
        city,
        successor="urban_management",
    )
    return [*units, dissolved]


def _local_units(regions: list[Region]) -> list[Unit]:
    """Police stations of some streets and property companies of some communities: nearer than the city's units."""
    streets = [region for region in regions if region.name.endswith("街道")][:_POLICE_STATIONS]
    centred = [
        region
        for region in regions
        if region.level is RegionLevel.VILLAGE and region.responsible_centre == centre_id(region.code)
    ]
    return [
        *(
            invent_unit(
                f"police-{street.code[:9]}",
                f"云江市公安局{street.name.removesuffix('街道')}派出所",
                UnitKind.DEPARTMENT,
                "public_security",
                street,
            )
            for street in streets
        ),
        *(
            invent_unit(
                f"property-{community.code}",
                f"{community.name.removesuffix('社区')}物业服务公司",
                UnitKind.ENTERPRISE,
                "property_service",
                community,
            )
            for community in centred[:_PROPERTY_COMPANIES]
        ),
    ]


def _government(township: str) -> str:
    ending = next((ending for suffix, ending in _GOVERNMENTS.items() if township.endswith(suffix)), "管理委员会")
    return township + ending


def invent_unit(
    unit_id: str,
    name: str,
    kind: UnitKind,
    function: str,
    region: Region,
    *,
    connector: Connector | None = None,
    successor: str | None = None,
) -> Unit:
    """A unit as every one of this city is: of its region's level, with an office that is always manned."""
    return Unit(
        unit_id=unit_id,
        name=name,
        kind=kind,
        function=function,
        level=region.level.government,
        region_code=region.code,
        leader=f"leader-{successor or unit_id}",
        duty_office=f"{name}值班室",
        valid_from=_FOUNDED,
        valid_to=date(2025, 12, 31) if successor else None,
        successor=successor,
        connector=connector,
    )
