"""The parts that templates are made of: headings, clauses, lists, tables and marks, with the tags that fill them in."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from docx.document import Document
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT
from docx.oxml import OxmlElement
from docx.shared import Length, Mm, Pt
from docx.table import Table, _Cell, _Row

from infra.papers.docx_pages import CELL, CLAUSE, CLOSING, COLUMN, HEADING, LINE, NUMBER, TITLE, blank_page

_PARTY = "{{ sides[party.side] }}"
_DAY = "　　年　月　日"
_TO_SIGN = Mm(14)


class Draft:
    """A template in the making; what is added comes out in that order.

    Tags: `it` is what the paper tells (`contents`), `words` the channel's wording, `sides`, `remedies`, `meetings` and
    `endings` the wording of the vocabularies.
    """

    def __init__(self, title: str) -> None:
        self.document: Document = blank_page()
        self.document.add_paragraph(title, TITLE)
        self.document.add_paragraph("编号：{{ it.matter.mediation_no }}", NUMBER)

    @contextmanager
    def block(self, tag: str) -> Iterator[None]:
        """What is added inside is repeated or left out, as in `for route in it.routes` or `if it.periods`."""
        self.document.add_paragraph("{%p " + tag + " %}")
        yield
        self.document.add_paragraph("{%p end" + tag.partition(" ")[0] + " %}")

    def heading(self, text: str) -> None:
        self.document.add_paragraph(text, HEADING)

    def clause(self, text: str) -> None:
        """A paragraph of prose."""
        self.document.add_paragraph(text, CLAUSE)

    def line(self, text: str) -> None:
        """A line from margin to margin, as `时间：…`."""
        self.document.add_paragraph(text, LINE)

    def numbered(self, items: str, text: str = "{{ item }}", none: str | None = None) -> None:
        """Each of the `items` with its number; `none` stands there if there are none."""
        with self.block(f"for item in {items}"):
            self.clause("{{ loop.index }}．" + text)
            if none is not None:
                self.document.add_paragraph("{%p else %}")
                self.clause(none)

    def dated(self, by: str, on: str = "it.matter.issued_on") -> None:
        """Who issued the paper and when, to the right; the seal goes over it."""
        self._hold_to_what_follows()
        signed = self.document.add_paragraph(by, CLOSING)
        signed.paragraph_format.space_before = Pt(20)
        signed.paragraph_format.keep_with_next = True
        self.document.add_paragraph("{{ " + on + " }}", CLOSING)

    def parties(self) -> None:
        """One row a party; empty cells are filled in by hand."""
        widths = (22, 36, 42, 56)
        table = self.table(("当事人", "姓名或者名称", "证件号码", "住所、联系方式，代理人"), widths)
        others = (
            "{{ [party.contact,"
            " '监护人：' ~ party.guardian if party.guardian else '',"
            " ('代理人：' if party.kind == 'person' else '代表人、代理人：')"
            " ~ party.representatives|join('、') if party.representatives else '',"
            " '使用语言：' ~ party.language if party.language else '']|select|join('\\n') }}"
        )
        self.rows(
            table, "party in it.matter.parties", (_PARTY, "{{ party.name }}", "{{ party.document_no or '' }}", others)
        )

    def table(self, headings: Sequence[str], widths_mm: Sequence[float]) -> Table:
        self._hold_to_what_follows(space_after=Pt(6))
        table: Table = self.document.add_table(rows=0, cols=len(headings), style="Table Grid")
        table.autofit = False
        for column, width in zip(table.columns, widths_mm, strict=True):
            column.width = Mm(width)
        self._row(table, headings, COLUMN)
        repeated = OxmlElement("w:tblHeader")
        table.rows[0]._tr.get_or_add_trPr().append(repeated)
        return table

    def rows(self, table: Table, each: str, cells: Sequence[str], height: Length | None = None) -> None:
        """A row for each, as in `party in it.matter.parties`."""
        self._row(table, ["{%tr for " + each + " %}"])
        self._row(table, cells).height = height
        self._row(table, ["{%tr endfor %}"])

    def only_if(self, table: Table, condition: str, cells: Sequence[str]) -> None:
        """A row that is there if the condition holds."""
        self._row(table, ["{%tr if " + condition + " %}"])
        self._row(table, cells)
        self._row(table, ["{%tr endif %}"])

    def marks_of_parties(self, condition: str = "true") -> Table:
        """Where each party signs, with the day; a guardian signs for its ward."""
        table = self.table(("签署人", "签名、盖章或者按指印", "日期"), (62, 56, 38))
        guardian = "{% if party.guardian %}（监护人 {{ party.guardian }}）{% endif %}"
        self.rows(
            table,
            f"party in it.matter.parties if {condition}",
            (f"{_PARTY}　{{{{ party.name }}}}{guardian}", "", _DAY),
            _TO_SIGN,
        )
        return table

    def marks(self) -> None:
        """Where those sign whose marks the channel asks for."""
        table = self.marks_of_parties("'parties' in it.signed_by")
        mediator = ("{{ words.mediator }}　{{ mediator }}", "", _DAY)
        self.rows(table, "mediator in it.matter.mediators if 'mediator' in it.signed_by", mediator, _TO_SIGN)
        seal = ("{{ it.matter.host }}", "（加盖{{ words.seal }}）", _DAY)
        self.rows(table, "mark in it.signed_by if mark == 'seal'", seal, Mm(26))

    def _hold_to_what_follows(self, space_after: Length | None = None) -> None:
        """Nobody signs a page that says nothing."""
        last = self.document.paragraphs[-1].paragraph_format
        last.keep_with_next = True
        last.space_after = space_after

    @staticmethod
    def _row(table: Table, texts: Sequence[str], style: str = CELL) -> _Row:
        row: _Row = table.add_row()  # type: ignore[no-untyped-call]
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        cell: _Cell
        for cell, text in zip(row.cells, texts, strict=False):
            cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
            cell.paragraphs[0].style = style
            cell.paragraphs[0].add_run(text)
        return row
