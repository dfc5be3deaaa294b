"""The monthly list of mediations by which a county pays per case (以案定补), as XLSX.

Only a complete file is paid for; how much by the form of its agreement is the city's channel table [practice].
"""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from io import BytesIO

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from infra.papers.contents import ListedMediation
from infra.papers.printable import printable
from workflows.contracts.mediation.policy import CaseRates
from workflows.contracts.mediation.vocabulary import AgreementForm


def _worth(row: ListedMediation, rates: CaseRates) -> Decimal:
    """In yuan."""
    if row.missing:
        return Decimal(0)
    return Decimal(rates.oral if row.form is AgreementForm.ORAL else rates.written) / 100


_FORMS = {AgreementForm.WRITTEN: "书面", AgreementForm.ORAL: "口头"}
_COLUMNS = {
    "序号": 6,
    "调解编号": 26,
    "地区": 14,
    "调解组织": 28,
    "调解员": 12,
    "纠纷类型": 14,
    "受理日期": 12,
    "达成协议日期": 14,
    "履行完毕日期": 14,
    "协议形式": 10,
    "案卷是否完整": 14,
    "缺少的材料": 22,
    "补贴金额（元）": 16,
}
_TOTALS = {"调解组织": 40, "件数": 10, "案卷完整件数": 16, "补贴金额（元）": 16}
_THIN = Side("thin")
_GRID = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_PLAIN, _BOLD, _TITLE = Font(name="宋体"), Font(name="宋体", bold=True), Font(name="宋体", size=16, bold=True)


def write_monthly_list(year: int, month: int, rows: Sequence[ListedMediation], rates: CaseRates) -> bytes:
    """The list in the order given, and beside it the totals per committee."""
    book = Workbook()
    book.remove(book["Sheet"])
    title = f"{year}年{month}月人民调解以案定补清单"
    cases = book.create_sheet("清单")
    _head(cases, f"{title}（依据：{rates.source}）", _COLUMNS)
    for number, row in enumerate(rows, start=1):
        _add(cases, (number, *_cells(row), _worth(row, rates)))
    _add(cases, ("合计", *[None] * (len(_COLUMNS) - 2), sum((_worth(row, rates) for row in rows), Decimal(0))), _BOLD)

    totals = book.create_sheet("按调解组织汇总")
    _head(totals, title, _TOTALS)
    for committee in dict.fromkeys(row.committee for row in rows):
        _add(totals, _total(committee, [row for row in rows if row.committee == committee], rates))
    _add(totals, _total("合计", rows, rates), _BOLD)
    written = BytesIO()
    book.save(written)
    return written.getvalue()


def _cells(row: ListedMediation) -> tuple[str | date | None, ...]:
    return (
        row.mediation_no,
        row.region,
        row.committee,
        row.mediator,
        row.dispute_type,
        row.taken_up_on,
        row.agreed_on,
        row.fulfilled_on,
        _FORMS[row.form],
        "否" if row.missing else "是",
        "、".join(row.missing),
    )


def _total(name: str, rows: Sequence[ListedMediation], rates: CaseRates) -> tuple[str | int | Decimal, ...]:
    complete = sum(not row.missing for row in rows)
    return name, len(rows), complete, sum((_worth(row, rates) for row in rows), Decimal(0))


def _head(sheet: Worksheet, title: str, columns: Mapping[str, int]) -> None:
    _add(sheet, (title,), _TITLE)
    sheet.merge_cells(start_row=1, end_row=1, start_column=1, end_column=len(columns))
    sheet.row_dimensions[1].height = 32
    _add(sheet, tuple(columns), _BOLD)
    for number, width in enumerate(columns.values(), start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.freeze_panes = "A3"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = int(sheet.PAPERSIZE_A4)
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = "1:2"


def _add(sheet: Worksheet, values: Sequence[str | int | date | Decimal | None], font: Font = _PLAIN) -> None:
    sheet.append([_cell(sheet, value, font) for value in values])


def _cell(sheet: Worksheet, value: str | int | date | Decimal | None, font: Font) -> Cell:
    """A text is never a formula, not even where somebody edits the cell: names and words come from outside."""
    cell = WriteOnlyCell(sheet)
    cell.value = printable(value) if isinstance(value, str) else value
    cell.font = font
    cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    cell.border = _GRID
    match value:
        case str():
            cell.data_type = "s"
            cell.quotePrefix = value.startswith(("=", "+", "-", "@"))
        case Decimal():
            cell.number_format = "#,##0.00"
        case date():
            cell.number_format = "yyyy-mm-dd"
        case _:
            pass
    return cell
