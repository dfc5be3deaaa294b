"""A pack with a mistake is refused whole, and the mistake is named by file and line."""

import re
import shutil
from datetime import time
from pathlib import Path

import pytest

from infra.cities.faults import CityPackFault, Fault
from infra.cities.reader import read_city

YUNJIANG = Path("infra/cities/yunjiang").resolve()


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    return Path(shutil.copytree(YUNJIANG, tmp_path / "city"))


def faults(pack: Path) -> tuple[Fault, ...]:
    with pytest.raises(CityPackFault) as refused:
        read_city(pack)
    return refused.value.faults


def append(file: Path, row: str) -> int:
    """Adds a row and returns its line."""
    text = file.read_text(encoding="utf-8") + row + "\n"
    file.write_text(text, encoding="utf-8")
    return text.count("\n")


UNIT = "spare,备用,department,spare,city,990100000000,leader-housing,值班室,2020-01-01,,,"

MEDIATOR = "mediator-9901,centre-990100000000,people,990100000000,,family,,yes,2025-01-01,"
ROOM = "blue,centre-990100000000,蓝厅,8,no"
UNREADABLE = [
    ("mediators.csv", MEDIATOR.replace(",people", ",people radio"), "unknown channels 'radio'"),
    ("mediators.csv", MEDIATOR.replace("family", "war"), "unknown specialities 'war'"),
    ("mediators.csv", MEDIATOR.replace("yes", "often"), "full_time 'often' is neither yes nor no"),
    ("rooms.csv", ROOM.replace(",8,", ",0,"), "seats '0' is not a number"),
]
CONTRADICTORY = [
    ("mediators.csv", MEDIATOR, "mediator-9901 stands in line 2 already"),
    ("mediators.csv", MEDIATOR.replace("mediator-9901", "nobody"), "user nobody does not exist"),
    ("mediators.csv", MEDIATOR.replace("mediator-9901", "auditor-1"), "is a auditor, not a mediator"),
    ("mediators.csv", MEDIATOR.replace("centre-", "centre_"), "unit centre_990100000000 does not exist"),
    ("mediators.csv", MEDIATOR.replace("centre-990100000000", "housing"), "does not work for housing"),
    ("mediators.csv", MEDIATOR.replace("9901,centre-990100", "990102,centre-990102"), "does not serve 990100000000"),
    ("mediators.csv", MEDIATOR.replace(",990100", ",990199"), "region 990199000000 does not exist"),
    ("mediators.csv", MEDIATOR.replace(",,family", ",mn zz,family"), "language zz is not in city.yaml"),
    ("mediators.csv", MEDIATOR + "2024-12-31", "valid_to lies before valid_from"),
    ("rooms.csv", ROOM.replace("blue", "Blue"), "room_id Blue"),
    ("rooms.csv", ROOM.replace("centre-990100000000", "sanitation"), "not in office after 2025-12-31"),
    ("rooms.csv", ROOM.replace("centre-990100000000", "nobody"), "unit nobody does not exist"),
]

ROWS = [
    ("regions.csv", "990102999,短码镇,township,990102000000,centre-990102001000", "not the code of a township"),
    ("regions.csv", "990102099000,错级镇,village,990102000000,centre-990102001000", "not the code of a village"),
    ("regions.csv", "990102098000,错父镇,township,990103000000,centre-990102001000", "parent must be 990102000000"),
    (
        "regions.csv",
        "990104001000,无父镇,township,990104000000,centre-990102001000",
        "parent 990104000000 does not exist",
    ),
    ("regions.csv", "990102001000,重码街道,township,990102000000,centre-990102001000", "already"),
    ("regions.csv", "990102097000,平溪街道,township,990102000000,centre-990102001000", "name of a sibling already"),
    (
        "regions.csv",
        "990102096000,无心街道,township,990102000000,centre-nowhere",
        "centre centre-nowhere does not exist",
    ),
    ("regions.csv", "990102095000,非心街道,township,990102000000,housing", "not a governance centre"),
    ("regions.csv", "990102094000,,township,990102000000,centre-990102001000", "name is empty"),
    ("regions.csv", "990102093000,大区,state,990102000000,centre-990102001000", "unknown level 'state'"),
    ("regions.csv", "990102092000,少格街道,township", "3 cells where 5 are expected"),
    ("regions.csv", "990102091000,坏\0字,township,990102000000,centre-990102001000", "cannot be printed"),
    ("units.csv", UNIT.replace("spare,备", "Spare!,备"), "unit_id Spare!"),
    ("units.csv", UNIT.replace("spare,备", "housing,备"), "already"),
    ("units.csv", UNIT.replace("department", "club"), "unknown kind 'club'"),
    ("units.csv", UNIT.replace("leader-housing", ""), "leader is empty"),
    ("units.csv", UNIT.replace("leader-housing", "nobody"), "leader nobody does not exist"),
    ("units.csv", UNIT.replace("990100000000", "990199000000"), "region 990199000000 does not exist"),
    ("units.csv", UNIT.replace("city", "county"), "is of level city, not county"),
    ("units.csv", UNIT.replace("department,spare", "department,housing"), "housing has the function housing"),
    ("units.csv", UNIT.replace(",,,", ",2026-01-01,nobody,"), "successor nobody does not exist"),
    ("units.csv", UNIT.replace(",,,", ",2026-01-01,,"), "belong together"),
    ("units.csv", UNIT.replace(",,,", ",2019-01-01,housing,"), "valid_to lies before valid_from"),
    ("units.csv", UNIT.replace(",,,", ",2026-01-01,sanitation,"), "does not outlast it"),
    ("units.csv", UNIT.replace("2020-01-01", "in spring"), "valid_from 'in spring' is not a date"),
    ("units.csv", UNIT + "fax", "unknown connector 'fax'"),
    ("users.csv", "someone,某人,king,990100000000,", "unknown role 'king'"),
    ("users.csv", "someone,某人,requester,990100000000,", "requesters are not staff"),
    ("users.csv", "someone,某人,operator,990199000000,", "region 990199000000 does not exist"),
    ("users.csv", "someone,某人,handler,990100000000,", "works for a unit"),
    ("users.csv", "someone,某人,handler,990100000000,nobody", "unit nobody does not exist"),
    ("users.csv", "auditor-1,某人,auditor,990100000000,", "already"),
    ("matters.csv", "航天,火箭,发射", "航天/火箭/发射 has no route at level village"),
    ("routing.csv", "航天,,housing,,housing,", "class 航天 is not in matters.csv"),
    ("routing.csv", "城乡建设/村镇建设/新农村建设,,space,,space,", "no unit or function space serves 云江市"),
    ("routing.csv", "城乡建设/村镇建设/新农村建设,county,police-990102001,,police-990102001,", "serves 澄岚区"),
    ("routing.csv", "城乡建设/村镇建设/新农村建设,,housing,,transport,", "transport holds the power"),
    ("routing.csv", "城乡建设,,housing,,housing,", "already"),
    ("routing.csv", "城乡建设,planet,housing,,housing,", "unknown level 'planet'"),
]


@pytest.mark.parametrize(("file", "row", "reason"), ROWS, ids=[f"{file}: {reason}" for file, _, reason in ROWS])
def test_a_bad_row_is_named_by_file_and_line(pack: Path, file: str, row: str, reason: str) -> None:
    line = append(pack / file, row)

    assert [fault for fault in faults(pack) if fault.file == file and fault.line == line and reason in fault.reason]


def test_all_bad_rows_are_named_at_once(pack: Path) -> None:
    expected = {("users.csv", append(pack / "users.csv", "a,甲,king,990100000000,"))}
    expected |= {("users.csv", append(pack / "users.csv", "b,乙,queen,990100000000,"))}
    expected |= {("units.csv", append(pack / "units.csv", UNIT.replace("department", "club")))}

    assert {(fault.file, fault.line) for fault in faults(pack)} == expected


def test_a_row_over_several_lines_is_named_by_its_first(pack: Path) -> None:
    line = append(pack / "users.csv", '"a","甲\n乙",auditor,990100000000,')

    assert [(fault.file, fault.line) for fault in faults(pack)] == [("users.csv", line - 1)]


def test_a_file_in_another_encoding_is_named_with_the_line(pack: Path) -> None:
    text = (pack / "matters.csv").read_text(encoding="utf-8")
    (pack / "matters.csv").write_bytes(text.encode("gb18030"))

    assert faults(pack) == (Fault("matters.csv", 2, "is not UTF-8"),)


@pytest.mark.parametrize("rows", [UNREADABLE, CONTRADICTORY], ids=["what does not read", "what does not agree"])
def test_mistakes_about_mediators_rooms_and_languages_are_named(pack: Path, rows: list[tuple[str, str, str]]) -> None:
    text = (pack / "city.yaml").read_text(encoding="utf-8")
    (pack / "city.yaml").write_text(text.replace("  mn: 蒙古语", "  蒙语: x\n  mn: 蒙古语"), encoding="utf-8")
    expected = [(file, append(pack / file, row), reason) for file, row, reason in rows]

    found = faults(pack)
    for file, line, reason in expected:
        assert [fault for fault in found if (fault.file, fault.line) == (file, line) and reason in fault.reason]
    assert ("languages.蒙语: is no tag of a language, like mn or zh-Hant" in str(found)) is (rows is CONTRADICTORY)


def test_an_older_pack_without_mediators_and_rooms_is_whole(pack: Path) -> None:
    (pack / "mediators.csv").unlink()
    (pack / "rooms.csv").unlink()

    city = read_city(pack)
    assert (city.mediators, city.rooms) == ((), ())


def test_a_byte_order_mark_is_welcome(pack: Path) -> None:
    text = (pack / "matters.csv").read_text(encoding="utf-8")
    (pack / "matters.csv").write_text(text, encoding="utf-8-sig")

    assert read_city(pack).city.name == "云江市"


def test_missing_files_are_named(pack: Path) -> None:
    (pack / "units.csv").unlink()
    (pack / "city.yaml").unlink()

    assert {(fault.file, fault.line) for fault in faults(pack)} == {("units.csv", 0), ("city.yaml", 0)}


def test_other_columns_are_refused(pack: Path) -> None:
    text = (pack / "users.csv").read_text(encoding="utf-8")
    (pack / "users.csv").write_text(text.replace("user_id,", "id,", 1), encoding="utf-8")

    assert faults(pack) == (Fault("users.csv", 1, "expected the columns user_id,name,role,region_code,unit_id"),)


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('"990100000000"', '"990200000000"', "exactly one city"),
        ("  grid: 网格\n", "", "grid has no label"),
        ("Asia/Shanghai", "Asia/Yunjiang", "unknown time zone"),
        ("default_policy: yunjiang", "default_policy: other", "no policy other"),
        ("  satisfied: 满意\n", "", "rating satisfied has no label"),
        ("name: 云江市", "nom: 云江市", "name: is missing"),
        ("name: 云江市", "name: [云江市", "not valid YAML"),
        ("name: 云江市", "name: 云江市\nname: 云江", "given twice"),
        ("name: 云江市", "name: &x [*x]", "aliases are not read"),
    ],
)
def test_a_mistake_in_the_city_file_is_named(pack: Path, old: str, new: str, reason: str) -> None:
    text = (pack / "city.yaml").read_text(encoding="utf-8")
    assert old in text
    (pack / "city.yaml").write_text(text.replace(old, new, 1), encoding="utf-8")

    assert reason in str(faults(pack))


HOURS = """
  housing:
    stretches: [["08:00", "12:00"]]
    seasons:
      - {since: "05-01", until: "09-30", stretches: [["09:00", "18:00"]]}
"""


@pytest.mark.parametrize(
    ("old", "new", "line", "reason"),
    [
        ("housing:", "nobody:", 2, "unit_office_hours.nobody: there is no such unit"),
        ('"08:00"', "8:00", 3, "'8:00' is not a time like 08:30"),
        ('"08:00"', "[]", 3, "not a time"),
        ('"12:00"', '"noon"', 3, "'noon' is not a time"),
        ('"12:00"', '"07:00"', 3, "each must end after it begins"),
        ('[["08:00", "12:00"]]', "[]", 3, "at least one stretch"),
        ('[["08:00", "12:00"]]', '[["08:00", "12:00"], ["11:00", "17:00"]]', 3, "without overlap"),
        ('"08:00"', '"08:00+08:00"', 3, "local times without an offset"),
        ("seasons:", "season:", 4, "nobody knows"),
        ('"09-30"', '"02-30"', 5, "no day of the year: '02-30'"),
        ('"09-30"', '"W01-1"', 5, "no day of the year: 'W01-1'"),
        ('"09-30"', "2026-09-30", 5, "no day of the year: '2026-09-30'"),
        ('"18:00"', '"09:00"', 5, "each must end after it begins"),
    ],
)
def test_bad_hours_of_a_unit_are_named_by_file_and_line(pack: Path, old: str, new: str, line: int, reason: str) -> None:
    text = (pack / "city.yaml").read_text(encoding="utf-8")
    before, after = re.split(r"(?m)^unit_office_hours:\n(?: .*\n)+", text)
    assert old in HOURS
    written = f"{before}unit_office_hours:{HOURS.replace(old, new, 1)}{after}"
    (pack / "city.yaml").write_text(written, encoding="utf-8")

    (fault,) = faults(pack)
    assert (fault.file, fault.line) == ("city.yaml", before.count("\n") + line)
    assert reason in fault.reason


def test_times_without_quotes_are_times_all_the_same(pack: Path) -> None:
    text = (pack / "city.yaml").read_text(encoding="utf-8")
    (pack / "city.yaml").write_text(text.replace('["08:30", "12:00"]', "[10:00, 12:00]"), encoding="utf-8")

    assert read_city(pack).city.office_hours.stretches[0] == (time(10), time(12))


def test_bad_hours_of_the_city_are_named_by_file_and_line(pack: Path) -> None:
    text = (pack / "city.yaml").read_text(encoding="utf-8")
    (pack / "city.yaml").write_text(text.replace('["13:30", "17:30"]', '["11:30", "17:30"]', 1), encoding="utf-8")

    (fault,) = faults(pack)
    assert text.splitlines()[fault.line - 1].strip() == "stretches:"
    assert "without overlap" in fault.reason


def test_a_policy_about_an_unknown_class_is_refused(pack: Path) -> None:
    line = append(pack / "policies" / "statutory.yaml", '  航天/火箭: {limit: 1 years, source: "[default] x"}')
    reason = "statutory.航天/火箭: class 航天/火箭 is not in matters.csv"

    assert faults(pack) == (Fault("policies/statutory.yaml", line, reason),)


def test_two_policies_of_one_name_are_refused(pack: Path) -> None:
    shutil.copy(pack / "policies" / "rehearsal.yaml", pack / "policies" / "zz.yaml")

    assert faults(pack) == (Fault("policies/zz.yaml", 1, "policies/rehearsal.yaml has the name rehearsal already"),)
