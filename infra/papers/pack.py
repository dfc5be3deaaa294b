"""The complete file of a mediation (卷宗): papers and attachments in order, one DOCX with a table of contents."""

from collections.abc import Sequence
from datetime import date
from io import BytesIO
from zipfile import BadZipFile

import docx
from docx.document import Document
from docx.enum.section import WD_SECTION
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.image.image import Image
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Length, Mm
from docx.table import Table
from docx.text.paragraph import Paragraph
from docxcompose.composer import Composer

from infra.papers.contents import CannotBind, Cover, Enclosure
from infra.papers.docx_pages import (
    CELL,
    CLAUSE,
    COLUMN,
    HEADING,
    LINE,
    TEXT_WIDTH,
    TITLE,
    add_field,
    blank_page,
    number_pages,
    saved,
)
from infra.papers.printable import printable
from infra.papers.scans import MOST_PAGES, UnreadableScan, pages_of

_DOCX = b"PK\x03\x04"
_AFTER_UPDATE_FIELDS = ("w:hdrShapeDefaults", "w:footnotePr", "w:endnotePr", "w:compat", "w:rsids", "m:mathPr")
"""The settings that the schema has behind `w:updateFields`; those further behind come with one of these."""
_TALLEST = Mm(205)


def bind(cover: Cover, enclosures: Sequence[Enclosure], missing: Sequence[str] = ()) -> bytes:
    """The file as DOCX: cover, contents, then each document on a new page, numbered from 1 on.

    `missing` names what a complete file would have besides; the contents page says so. The page numbers of the contents
    are fields, which Word and LibreOffice fill in when they open it.

    Raises:
        CannotBind: if a document is damaged or of another kind, or the attachments are too many pages.
    """
    document = blank_page()
    fields = OxmlElement("w:updateFields")
    fields.set(qn("w:val"), "true")
    document.settings.element.insert_element_before(fields, *_AFTER_UPDATE_FIELDS)
    _write_cover(document, cover)
    _write_contents(document, enclosures, missing)
    _begin_numbered_pages(document)
    composer = Composer(document)
    pages = 0
    for number, enclosure in enumerate(enclosures, start=1):
        if enclosure.content.startswith(_DOCX):
            composer.append(_paper(enclosure, _mark(number)))
        else:
            pages = _add_scan(document, enclosure, _mark(number), pages)
    return saved(document)


def page(title: str, lines: Sequence[str]) -> bytes:
    """A document of the file that no template is for: a title, and a paragraph for each line."""
    document = blank_page()
    document.add_paragraph(title, TITLE)
    for line in lines:
        document.add_paragraph(printable(line), CLAUSE)
    return saved(document)


def _write_cover(document: Document, cover: Cover) -> None:
    for _ in range(4):
        document.add_paragraph()
    document.add_paragraph("矛盾纠纷调解卷宗", TITLE)
    document.add_paragraph()
    table = _table(document, (Mm(40), Mm(116)))
    for name, value in (
        ("案卷编号", cover.mediation_no),
        ("事项编号", cover.case_no),
        ("调解组织", cover.host),
        ("调解员", "、".join(cover.mediators)),
        ("当事人", "、".join(cover.parties)),
        ("纠纷类型", cover.dispute_type),
        ("受理日期", _day(cover.taken_up_on)),
        ("办结日期", _day(cover.ended_on)),
        ("调解结果", cover.result),
        ("立卷日期", _day(cover.bound_on)),
    ):
        _add_row(table, (name, value))
        table.rows[-1].height = Mm(12)


def _write_contents(document: Document, enclosures: Sequence[Enclosure], missing: Sequence[str]) -> None:
    title = document.add_paragraph("卷内目录", TITLE)
    title.paragraph_format.page_break_before = True
    table = _table(document, (Mm(14), Mm(86), Mm(40), Mm(16)))
    _add_row(table, ("序号", "文件名称", "日期", "页次"), COLUMN)
    for number, enclosure in enumerate(enclosures, start=1):
        _add_row(table, (str(number), enclosure.title, _day(enclosure.on), ""))
        add_field(table.rows[-1].cells[3].paragraphs[0], f"PAGEREF {_mark(number)} \\h", "")
    if missing:
        document.add_paragraph("本卷尚缺下列材料：", HEADING)
        for number, name in enumerate(missing, start=1):
            document.add_paragraph(f"{number}．{printable(name)}", CLAUSE)
    else:
        document.add_paragraph("本卷材料齐全。", LINE)


def _table(document: Document, widths: Sequence[Length]) -> Table:
    table: Table = document.add_table(rows=0, cols=len(widths), style="Table Grid")
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    return table


def _add_row(table: Table, texts: Sequence[str], style: str = CELL) -> None:
    row = table.add_row()  # type: ignore[no-untyped-call]
    for cell, text in zip(row.cells, texts, strict=True):
        cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
        cell.paragraphs[0].style = style
        cell.paragraphs[0].add_run(printable(text))


def _begin_numbered_pages(document: Document) -> None:
    section = document.add_section(WD_SECTION.NEW_PAGE)
    document.sections[0].footer.is_linked_to_previous = True
    number_pages(section)
    start = OxmlElement("w:pgNumType")
    start.set(qn("w:start"), "1")
    section._sectPr.find(qn("w:pgMar")).addnext(start)


def _paper(enclosure: Enclosure, mark: str) -> Document:
    """The paper, ready to begin on a page of its own, without page settings that would reach into the others."""
    try:
        paper = docx.Document(BytesIO(enclosure.content))
    except (BadZipFile, KeyError, PackageNotFoundError, ValueError) as error:
        raise CannotBind(enclosure, "it is no DOCX file, or damaged") from error
    for settings in paper.element.body.findall(f".//{qn('w:p')}//{qn('w:sectPr')}"):
        settings.getparent().remove(settings)
    first = paper.element.body[0]
    if first.tag != qn("w:p"):
        first.addprevious(OxmlElement("w:p"))
    _begin(paper.paragraphs[0], mark)
    return paper


def _add_scan(document: Document, enclosure: Enclosure, mark: str, pages: int) -> int:
    """Its pictures under its title; returns how many pages of attachments there are by now."""
    try:
        pictures = pages_of(enclosure.content, MOST_PAGES - pages)
    except UnreadableScan as error:
        raise CannotBind(enclosure, str(error)) from error
    _begin(document.add_paragraph(printable(enclosure.title), HEADING), mark)
    for picture in pictures:
        _add_picture(document, picture)
    return pages + len(pictures)


def _add_picture(document: Document, picture: bytes) -> None:
    image = Image.from_blob(picture)
    scale = min(1, TEXT_WIDTH / image.width, _TALLEST / image.height)
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.add_run().add_picture(BytesIO(picture), width=Length(int(image.width * scale)))


def _begin(paragraph: Paragraph, mark: str) -> None:
    """A new page from here on, which the contents refer to."""
    paragraph.paragraph_format.page_break_before = True
    for tag in ("w:bookmarkEnd", "w:bookmarkStart"):
        edge = OxmlElement(tag)
        edge.set(qn("w:id"), "0")
        if tag == "w:bookmarkStart":
            edge.set(qn("w:name"), mark)
        paragraph._p.get_or_add_pPr().addnext(edge)


def _mark(number: int) -> str:
    return f"enclosure_{number}"


def _day(day: date | None) -> str:
    return "" if day is None else f"{day.year}年{day.month}月{day.day}日"
