"""The papers of a mediation, opened again as Word would."""

import re
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import docx
import pytest
from docx.oxml.ns import qn
from jinja2 import UndefinedError

from infra.papers.channel_words import CHANNEL_WORDS
from infra.papers.contents import Contents
from infra.papers.docx_pages import saved
from infra.papers.make_templates import make_all
from infra.papers.vocabulary_words import REMEDIES
from infra.papers.writer import TEMPLATES, PaperWriter
from tests.papers.samples import AGREEMENT, MATTER, SAMPLES
from workflows.contracts.mediation.vocabulary import AgreementForm, MediationForm, Paper, Remedy, SignedBy

WRITER = PaperWriter()


def text_of(file: bytes) -> str:
    """All that can be read, in order."""
    lines: list[str] = []
    for block in docx.Document(BytesIO(file)).element.body:
        if block.tag == qn("w:tbl"):
            lines += ["|".join(said(cell) for cell in row.iter(qn("w:tc"))) for row in block.iter(qn("w:tr"))]
        else:
            lines.append(said(block))
    return "\n".join(lines)


def said(part: Any) -> str:
    return "".join(text.text or "" for text in part.iter(qn("w:t")))


def agreement(form: MediationForm = MediationForm.PEOPLE, contents: Contents = AGREEMENT) -> str:
    return text_of(WRITER.write(form, Paper.AGREEMENT, contents))


@pytest.mark.parametrize("form", MediationForm)
def test_every_form_has_every_paper_with_its_number_and_without_a_tag_left(form: MediationForm) -> None:
    texts = {paper: text_of(WRITER.write(form, paper, SAMPLES[paper])) for paper in Paper}
    for paper, text in texts.items():
        assert f"编号：{MATTER.mediation_no}" in text, paper
        assert "何国强" in text, paper
        assert not re.search(r"\{[{%]|[%}]\}|None", text), paper
    words = CHANNEL_WORDS[form]
    assert all(right in texts[Paper.RIGHTS_NOTICE] for right in (*words.rights, words.fee, words.basis))
    assert texts[Paper.AGREEMENT].startswith(words.agreement)
    assert words.effect in texts[Paper.AGREEMENT]


def test_an_agreement_says_who_promises_what_until_when_and_where_it_can_be_confirmed() -> None:
    text = agreement()
    assert "何国强|周敏|支付第一期赔偿款|2026年9月9日|4,000.00" in text
    assert "合计||||6,800.00" in text
    assert "最迟在2026年10月8日24时以前，共同向云江市清河区人民法院申请司法确认" in text


def test_those_sign_whose_marks_the_channel_asks_for() -> None:
    assert "本协议自各方当事人签名、盖章或者按指印，人民调解员签名，加盖人民调解委员会印章之日起生效" in agreement()
    assert "被申请人　何国强（监护人 何建华）" in agreement()
    assert "人民调解员　马秀兰" in agreement()
    reconciled = agreement(MediationForm.PROCURATORATE, replace(AGREEMENT, signed_by=(SignedBy.PARTIES,)))
    assert "申请人　周敏" in reconciled
    assert "加盖" not in reconciled.replace("也不加盖", "")


def test_an_oral_agreement_is_registered_signed_by_the_mediator_and_not_confirmed() -> None:
    text = agreement(contents=replace(AGREEMENT, form=AgreementForm.ORAL))
    assert text.startswith("口头调解协议登记表")
    assert "口头协议不能申请司法确认" in text
    assert "最迟在" not in text
    assert "签署人" not in text


def test_a_route_notice_tells_how_where_until_when_and_what_became_of_the_periods() -> None:
    text = text_of(WRITER.write(MediationForm.PEOPLE, Paper.ROUTE_NOTICE, SAMPLES[Paper.ROUTE_NOTICE]))
    assert REMEDIES[Remedy.COURT].how in text
    assert "向谁提出：云江市清河区人民法院\n最迟：2029年9月2日" in text
    assert "民事诉讼时效三年|2029年9月2日|因申请人民调解而中断" in text
    assert set(REMEDIES) == set(Remedy)


def test_what_people_say_stays_what_they_said() -> None:
    said = ("{{ it.matter.host }}", "{% for x in y %}", "<w:p>", "a & b < c", "\"'>", "🏠👵🏽", "𠮷", "长" * 20_000)
    text = agreement(contents=replace(AGREEMENT, terms=said, matter=replace(MATTER, dispute="".join(said))))
    assert "".join(said) in text
    assert all(f"{number}．{words}" in text for number, words in enumerate(said, start=1))


def test_what_cannot_stand_in_a_document_is_left_out() -> None:
    assert "1．甲乙丙丁" in agreement(contents=replace(AGREEMENT, terms=("甲\x00\x07乙\x0c\ufffe丙\u202e\ud800丁",)))


def test_the_same_contents_are_the_same_bytes() -> None:
    assert len({WRITER.write(MediationForm.PEOPLE, Paper.AGREEMENT, AGREEMENT) for _ in range(2)}) == 1


def test_a_paper_of_other_contents_is_an_error_and_not_a_blank() -> None:
    with pytest.raises(UndefinedError):
        WRITER.write(MediationForm.PEOPLE, Paper.AGREEMENT, SAMPLES[Paper.APPLICATION])


def test_a_citys_own_template_wins_and_that_of_a_form_over_its_common_one(tmp_path: Path) -> None:
    (tmp_path / "medical").mkdir()
    for place, words in ((tmp_path, "本市"), (tmp_path / "medical", "本市医调委")):
        own = docx.Document()
        own.add_paragraph(words + "：{{ it.matter.host }}")
        (place / "agreement.docx").write_bytes(saved(own))
    writer = PaperWriter(tmp_path)
    texts = [text_of(writer.write(MediationForm(form), Paper.AGREEMENT, AGREEMENT)) for form in ("labour", "medical")]
    assert [text.strip() for text in texts] == [f"本市：{MATTER.host}", f"本市医调委：{MATTER.host}"]
    assert text_of(writer.write(MediationForm.LABOUR, Paper.APPLICATION, SAMPLES[Paper.APPLICATION])).startswith("调解")


def test_the_templates_are_those_that_the_generator_makes_and_small(tmp_path: Path) -> None:
    make_all(tmp_path)
    made = sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*.docx"))
    assert made == sorted(path.relative_to(TEMPLATES) for path in TEMPLATES.rglob("*.docx"))
    for path in made:
        assert parts_of(tmp_path / path) == parts_of(TEMPLATES / path), path
        assert (TEMPLATES / path).stat().st_size < 25_000


def parts_of(path: Path) -> dict[str, bytes]:
    with ZipFile(path) as file:
        return {name: file.read(name) for name in file.namelist()}
