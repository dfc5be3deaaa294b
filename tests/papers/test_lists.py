"""What leaves for other programs: the monthly list as XLSX, sessions as ICS."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from io import BytesIO

from icalendar import Calendar
from openpyxl import load_workbook

from infra.papers.calendar import Appointment, write_calendar
from infra.papers.contents import ListedMediation
from infra.papers.monthly_list import write_monthly_list
from tests.papers.samples import MATTER
from workflows.contracts.mediation.policy import CaseRates
from workflows.contracts.mediation.vocabulary import AgreementForm, MediationForm
from workflows.rules.calendar import LOCAL

ROW = ListedMediation(
    mediation_no=MATTER.mediation_no,
    region="柳荫街道",
    committee="柳荫街道人民调解委员会",
    mediator="沈立新",
    dispute_type="邻里纠纷",
    taken_up_on=date(2026, 8, 3),
    agreed_on=date(2026, 9, 2),
    fulfilled_on=None,
    form=AgreementForm.WRITTEN,
)
RATES = CaseRates(written=20_050, oral=5_000, source="县财政局、司法局文件")


def test_a_complete_file_is_paid_for_by_its_form_and_each_committee_has_its_total() -> None:
    rows = [
        ROW,
        replace(ROW, form=AgreementForm.ORAL),
        replace(ROW, missing=("回访记录", "协议书")),
        replace(ROW, committee="清河区人民调解委员会"),
    ]
    book = load_workbook(BytesIO(write_monthly_list(2026, 9, rows, RATES)))
    cases = list(book["清单"].iter_rows(min_row=3, values_only=True))
    assert [row[-1] for row in cases] == [200.5, 50, 0, 200.5, 451]
    assert cases[2][-3:-1] == ("否", "回访记录、协议书")
    assert book["清单"].freeze_panes == "A3"
    totals = list(book["按调解组织汇总"].iter_rows(min_row=3, values_only=True))
    assert totals == [
        ("柳荫街道人民调解委员会", 3, 2, 250.5),
        ("清河区人民调解委员会", 1, 1, 200.5),
        ("合计", 4, 3, 451),
    ]


def test_a_name_is_never_a_formula() -> None:
    names = ("=1+1", "+1", "-1", "@SUM(A1)", "沈\x00立新")
    written = write_monthly_list(2026, 9, [replace(ROW, mediator=name, committee=name) for name in names], RATES)
    for sheet, column in (("清单", 5), ("按调解组织汇总", 1)):
        cells = [row[column - 1] for row in load_workbook(BytesIO(written))[sheet].iter_rows(min_row=3, max_row=7)]
        assert [cell.value for cell in cells] == ["=1+1", "+1", "-1", "@SUM(A1)", "沈立新"]
        assert {cell.data_type for cell in cells} == {"s"}
        assert [cell.quotePrefix for cell in cells] == [True] * 4 + [False]


def test_a_session_goes_into_calendars_by_its_number_and_is_taken_back_by_the_next() -> None:
    begins = datetime(2026, 9, 2, 9, 30, tzinfo=LOCAL)
    appointment = Appointment(
        session_no=f"{MATTER.mediation_no}-S2",
        mediation_no=MATTER.mediation_no,
        form=MediationForm.MEDICAL,
        sequence=0,
        changed_at=datetime(2026, 8, 26, 12, tzinfo=LOCAL),
        begins=begins,
        ends=begins + timedelta(hours=2),
        room="二号调解室",
    )
    written = write_calendar([appointment, replace(appointment, sequence=1, cancelled=True)])
    assert written == write_calendar([appointment, replace(appointment, sequence=1, cancelled=True)])
    calendar = Calendar.from_ical(written)
    assert [zone.tz_name for zone in calendar.timezones] == ["Asia/Shanghai"]
    first, second = calendar.events
    assert first["UID"] == second["UID"]
    assert [(event["STATUS"], event["SEQUENCE"]) for event in (first, second)] == [("CONFIRMED", 0), ("CANCELLED", 1)]
    assert first.start == begins
    assert first["SUMMARY"] == f"医疗纠纷调解 {MATTER.mediation_no}"
    assert first["LOCATION"] == "二号调解室"
    assert [len(event.walk("VALARM")) for event in (first, second)] == [1, 0]
    assert b"TRIGGER:-P1D" in written
