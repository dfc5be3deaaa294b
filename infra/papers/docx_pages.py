"""The page that all papers share (公文: A4, 仿宋, a number at the foot), and files that come out the same twice."""

from io import BytesIO
from typing import cast
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import docx
from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.section import Section
from docx.shared import Mm, Pt
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph

TEXT_WIDTH = Mm(156)
"""Between the margins of a page [GB/T 9704]."""
_BODY, _SONG, _HEI, _LATIN = "仿宋", "宋体", "黑体", "Times New Roman"
_FALLBACKS = {
    _BODY: "FangSong,FangSong_GB2312,STFangsong,Noto Serif CJK SC",
    _SONG: "SimSun,STSong,Noto Serif CJK SC",
    _HEI: "SimHei,STHeiti,Noto Sans CJK SC",
}
_KEPT_STYLES = {"Normal", "DefaultParagraphFont", "TableNormal", "NoList", "TableGrid"}
_EFFECTS = "http://schemas.microsoft.com/office/2007/relationships/stylesWithEffects"
_EPOCH = (1980, 1, 1, 0, 0, 0)

TITLE, NUMBER, HEADING, CLAUSE, LINE, COLUMN, CELL, CLOSING = (
    "题目",
    "文号",
    "标题",
    "条文",
    "行文",
    "表头",
    "表格",
    "落款",
)


def blank_page() -> Document:
    """An empty document with the page, the fonts and the styles of a paper."""
    document = docx.Document()
    _drop_what_word_brings_along(document)
    _declare_fonts(document)
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.footer_distance = Mm(25)
    _set(cast("ParagraphStyle", document.styles["Normal"]), _BODY, 14, 24)
    for name, font, size, lines in (
        (TITLE, _SONG, 22, 34),
        (NUMBER, _BODY, 12, 24),
        (HEADING, _HEI, 14, 24),
        (CLAUSE, _BODY, 14, 24),
        (LINE, _BODY, 14, 24),
        (COLUMN, _HEI, 11, 18),
        (CELL, _BODY, 11, 18),
        (CLOSING, _BODY, 14, 24),
    ):
        style = cast("ParagraphStyle", document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH))
        _set(style, font, size, lines)
        style.font.bold = name == TITLE
    _shape(document)
    number_pages(section)
    return document


def number_pages(section: Section) -> None:
    """`— 1 —` in the middle of the foot of each page of the section."""
    section.footer.is_linked_to_previous = False
    foot = section.footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
    foot.add_run("— ")
    add_field(foot, "PAGE", "1")
    foot.add_run(" —")


def add_field(paragraph: Paragraph, instruction: str, shown: str) -> None:
    """A field that the reader's program brings up to date; `shown` until it does."""
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), instruction)
    paragraph.add_run(shown)
    run = paragraph.runs[-1]._r
    run.addprevious(field)
    field.append(run)


def saved(document: Document) -> bytes:
    """The document as a file; the same document is the same bytes at any time."""
    written, steady = BytesIO(), BytesIO()
    document.save(written)
    with ZipFile(written) as old, ZipFile(steady, "w") as new:
        for name in old.namelist():
            new.writestr(ZipInfo(name, _EPOCH), old.read(name), compress_type=ZIP_DEFLATED, compresslevel=9)
    return steady.getvalue()


def _set(style: ParagraphStyle, font: str, size: float, lines: float) -> None:
    style.font.name = _LATIN
    style.font.size = Pt(size)
    # Word takes Chinese characters from this attribute alone
    style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
    form = style.paragraph_format
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(lines)
    form.space_before = form.space_after = Pt(0)


def _shape(document: Document) -> None:
    by_name = {style.name: style.paragraph_format for style in document.styles if isinstance(style, ParagraphStyle)}
    by_name[TITLE].alignment = WD_ALIGN_PARAGRAPH.CENTER
    by_name[TITLE].space_after = Pt(14)
    by_name[NUMBER].alignment = WD_ALIGN_PARAGRAPH.RIGHT
    by_name[NUMBER].space_after = Pt(8)
    by_name[HEADING].keep_with_next = True
    by_name[HEADING].space_before = by_name[HEADING].space_after = Pt(6)
    by_name[CLAUSE].first_line_indent = Pt(28)
    by_name[LINE].space_before = Pt(4)
    by_name[COLUMN].alignment = WD_ALIGN_PARAGRAPH.CENTER
    by_name[CLOSING].alignment = WD_ALIGN_PARAGRAPH.RIGHT
    by_name[CLOSING].right_indent = Pt(28)


def _drop_what_word_brings_along(document: Document) -> None:
    """The library's own template has styles, theme fonts and a preview picture that no paper uses."""
    document.core_properties.author = document.core_properties.comments = ""
    root = document.styles.element
    for style in list(root.findall(qn("w:style"))):
        if style.get(qn("w:styleId")) not in _KEPT_STYLES:
            root.remove(style)
    for left_over in (root.find(qn("w:docDefaults")), root.find(qn("w:latentStyles"))):
        if left_over is not None:
            root.remove(left_over)
    package = document.part.package
    for holder, unused in (
        (package.rels, RELATIONSHIP_TYPE.THUMBNAIL),
        (package.rels, RELATIONSHIP_TYPE.EXTENDED_PROPERTIES),
        (document.part.rels, _EFFECTS),
        (document.part.rels, RELATIONSHIP_TYPE.CUSTOM_XML),
        (document.part.rels, RELATIONSHIP_TYPE.THEME),
    ):
        for rel_id in [rel_id for rel_id, rel in holder.items() if rel.reltype == unused]:
            del holder[rel_id]


def _declare_fonts(document: Document) -> None:
    """Which fonts stand in where a machine lacks the Chinese ones."""
    fonts = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{stand_ins}"/><w:charset w:val="86"/></w:font>'
        for name, stand_ins in _FALLBACKS.items()
    )
    table = document.part.part_related_by(RELATIONSHIP_TYPE.FONT_TABLE)
    table._blob = f"<w:fonts {nsdecls('w')}>{fonts}</w:fonts>".encode()
    root = document.styles.element
    root.insert(
        0,
        parse_xml(
            f'<w:docDefaults {nsdecls("w")}><w:rPrDefault><w:rPr><w:rFonts w:ascii="{_LATIN}" w:hAnsi="{_LATIN}" '
            f'w:eastAsia="{_BODY}"/><w:lang w:val="en-US" w:eastAsia="zh-CN"/></w:rPr></w:rPrDefault>'
            "<w:pPrDefault/></w:docDefaults>"
        ),
    )
