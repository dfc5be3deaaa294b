"""The complete file of a mediation, bound."""

from datetime import date
from io import BytesIO

import docx
import pytest
from docx.oxml.ns import qn
from PIL import Image

from api.mediation_pack import Pack
from infra.papers.contents import CannotBind, Cover, Enclosure
from infra.papers.pack import bind
from infra.papers.scans import MOST_PAGES, pages_of
from infra.papers.writer import PaperWriter
from tests.papers.samples import MATTER, SAMPLES
from workflows.contracts.mediation.vocabulary import MediationForm, Paper

COVER = Cover(
    mediation_no=MATTER.mediation_no,
    case_no="53010220260302000017",
    host=MATTER.host,
    mediators=MATTER.mediators,
    parties=("周敏", "何国强"),
    dispute_type="邻里纠纷",
    taken_up_on=date(2026, 8, 1),
    ended_on=None,
    result="达成协议，正在履行",
    bound_on=date(2026, 9, 30),
)
DAY = date(2026, 9, 1)


def drawn(kind: str, width: int = 60, height: int = 40, more_pages: int = 0) -> bytes:
    written = BytesIO()
    page = Image.new("RGB", (width, height), "white")
    if kind == "PDF":
        page.save(written, kind, save_all=True, append_images=[page] * more_pages)
    else:
        page.save(written, kind)
    return written.getvalue()


def test_a_file_has_a_cover_and_all_documents_in_the_order_of_its_contents() -> None:
    writer = PaperWriter()
    papers = [
        Enclosure(title=title, on=DAY, content=writer.write(MediationForm.PEOPLE, paper, SAMPLES[paper]))
        for title, paper in (("调解申请书", Paper.APPLICATION), ("人民调解协议书", Paper.AGREEMENT))
    ]
    scans = [
        Enclosure(title="现场照片", on=DAY, content=drawn("JPEG")),
        Enclosure(title="收据 <1> & 2", on=DAY, content=drawn("PNG")),
        Enclosure(title="鉴定意见", on=DAY, content=drawn("PDF", more_pages=1)),
    ]
    file = docx.Document(BytesIO(bind(COVER, [*papers, *scans], missing=("回访记录",))))

    cover, contents = file.tables[:2]
    assert [row.cells[1].text for row in cover.rows][:2] == [COVER.mediation_no, COVER.case_no]
    assert [row.cells[1].text for row in contents.rows][1:] == [enclosure.title for enclosure in (*papers, *scans)]
    fields = [field.get(qn("w:instr")) for field in contents._tbl.iter(qn("w:fldSimple"))]
    marks = [mark.get(qn("w:name")) for mark in file.element.body.iter(qn("w:bookmarkStart"))]
    assert fields == [f"PAGEREF {mark} \\h" for mark in marks]
    assert len(file.inline_shapes) == 4
    texts = [paragraph.text for paragraph in file.paragraphs]
    begun = [paragraph.text for paragraph in file.paragraphs if paragraph.paragraph_format.page_break_before]
    assert begun == ["卷内目录", *(enclosure.title for enclosure in (*papers, *scans))]
    assert "1．回访记录" in texts[: texts.index("调解申请书")]
    assert file.settings.element.find(qn("w:updateFields")) is not None


@pytest.mark.parametrize(
    "content",
    [b"", b"MZ\x90", b"%PDF-1.7 cut off", drawn("PNG")[:60], b"PK\x03\x04 no archive"],
    ids=["empty", "program", "pdf", "png", "docx"],
)
def test_what_cannot_be_read_is_named(content: bytes) -> None:
    with pytest.raises(CannotBind, match="收据"):
        bind(COVER, [Enclosure(title="收据", on=DAY, content=content)])


def test_a_scan_that_cannot_be_read_is_named_as_missing_and_the_rest_is_bound() -> None:
    torn = Enclosure(title="调解协议书签署件", on=DAY, content=b"%PDF-1.7 cut off")
    whole = Enclosure(title="履行证明", on=DAY, content=drawn("PNG"))
    file = docx.Document(BytesIO(Pack(COVER, [torn, whole, torn], ["回访记录"]).bound()))
    texts = [paragraph.text for paragraph in file.paragraphs]
    assert "1．回访记录" in texts
    assert [text.partition("（")[0] for text in texts if "无法装订" in text] == [
        "2．调解协议书签署件",
        "3．调解协议书签署件",
    ]
    assert len(file.inline_shapes) == 1


def test_more_pages_of_attachments_than_a_file_holds_are_refused() -> None:
    long = Enclosure(title="聊天记录", on=DAY, content=drawn("PNG", 3, 4 * MOST_PAGES))
    with pytest.raises(CannotBind, match=f"聊天记录.*{MOST_PAGES} pages at most"):
        bind(COVER, [Enclosure(title="收据", on=DAY, content=drawn("JPEG")), long])


def test_a_picture_loses_what_the_camera_added_and_a_long_chat_is_cut_into_pages() -> None:
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = 6, "柳荫小区3栋502室"
    written = BytesIO()
    Image.new("RGB", (60, 40)).save(written, "JPEG", exif=exif)
    (page,) = pages_of(written.getvalue())
    with Image.open(BytesIO(page)) as shown:
        assert shown.size == (40, 60)
        assert not shown.getexif()
    assert len(pages_of(drawn("PNG", 60, 300))) == 4
