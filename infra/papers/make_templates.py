"""Makes the templates of the papers: `python -m infra.papers.make_templates`.

What is made lies beside the code and is part of it; a city that wants another paper puts its own file in front (see
`writer`). The layout follows the document formats for people's mediation of the Ministry of Justice [practice].
"""

from collections.abc import Callable, Mapping
from pathlib import Path

from docx.shared import Mm

from infra.papers.docx_pages import saved
from infra.papers.drafting import Draft
from infra.papers.writer import TEMPLATES
from workflows.contracts.mediation.vocabulary import MediationForm, Paper

_HOST = "{{ it.matter.host }}"


def make_all(folder: Path) -> None:
    """Every template into its place below the folder; what is there is overwritten."""
    for place, draft in _MAKERS.items():
        file = folder / place
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(saved(draft().document))


def _application() -> Draft:
    draft = Draft("调解申请书")
    draft.parties()
    draft.heading("一、纠纷简要情况")
    draft.clause("{{ it.matter.dispute }}")
    with draft.block("if it.handled_before"):
        draft.clause("此前的处理：{{ it.handled_before }}")
    draft.heading("二、请求事项")
    draft.numbered("it.requests")
    with draft.block("if it.taken_down_by"):
        draft.clause("本申请由申请人口头提出，{{ it.taken_down_by }}记录，已向申请人宣读，申请人确认无误。")
    draft.clause(f"以上情况属实，申请由{_HOST}调解。申请人已知悉：调解全凭自愿，可以随时撤回申请。{{{{ words.fee }}}}")
    draft.marks_of_parties("party.side == 'applicant'")
    return draft


def _rights_notice() -> Draft:
    draft = Draft("调解权利义务告知书")
    draft.line("{% for party in it.matter.parties %}{{ party.name }}{% if not loop.last %}、{% endif %}{% endfor %}：")
    draft.clause(f"{_HOST}就下列纠纷主持调解：{{{{ it.matter.dispute }}}}")
    draft.clause("{{ words.mediator }}：{{ it.matter.mediators|join('、') or '待定' }}。依据：{{ words.basis }}。")
    with draft.block("if it.disclosed"):
        draft.heading("调解员说明的关系")
        draft.numbered("it.disclosed")
    draft.heading("一、您的权利")
    draft.numbered("words.rights")
    draft.heading("二、您的义务")
    draft.numbered("words.duties")
    draft.heading("三、费用、期限和结果")
    draft.clause("{{ words.fee }}")
    with draft.block("if it.conclude_by"):
        draft.clause("本次调解应当在{{ it.conclude_by }}以前办结。")
    draft.clause("{{ words.failing }}")
    draft.clause(
        "以上内容已经阅读或者听取宣读，本人已经理解"
        "{% if it.matter.mediators %}，同意由上述调解员调解{% else %}，调解员确定后另行告知{% endif %}。"
    )
    draft.marks_of_parties()
    draft.dated(_HOST)
    return draft


def _invitation() -> Draft:
    draft = Draft("调解通知书")
    draft.line("{{ it.to }}：")
    draft.clause(f"{_HOST}定于下列时间就以下纠纷举行第{{{{ it.session }}}}次调解，请您参加。")
    draft.line("纠纷：{{ it.matter.dispute }}")
    draft.line("时间：{{ it.begins }}")
    draft.line("地点：{{ it.place }}（{{ meetings[it.form] }}）")
    draft.line("{{ words.mediator }}：{{ it.matter.mediators|join('、') or '待定' }}")
    with draft.block("if it.bring"):
        draft.line("请携带：{{ it.bring|join('、') }}")
    draft.clause("不能按时参加的，请提前告知，可以另约时间；不愿意参加调解的，也请告知，不影响您的其他权利。")
    with draft.block("if it.contact"):
        draft.line("联系：{{ it.contact }}")
    draft.dated(_HOST)
    return draft


def _session_record() -> Draft:
    draft = Draft("调解笔录（第{{ it.session }}次）")
    draft.line("时间：{{ it.began }}至{{ it.ended|clock }}")
    draft.line("地点：{{ it.place }}（{{ meetings[it.form] }}）")
    draft.line("主持：{{ it.matter.mediators|join('、') }}　　记录：{{ it.recorder or '' }}")
    table = draft.table(("参加人", "身份", "签名或者按指印"), (48, 50, 58))
    draft.rows(table, "person in it.present", ("{{ person.name }}", "{{ person.role }}", ""), Mm(10))
    with draft.block("if it.absent"):
        draft.line("未到场：")
        draft.numbered(
            "it.absent", "{{ item.name }}（{{ item.role }}）{% if item.why_absent %}：{{ item.why_absent }}{% endif %}"
        )
    draft.heading("一、告知")
    draft.clause("已告知各方当事人在调解中的权利和义务，{{ words.mediator }}的姓名，以及可以要求更换。")
    draft.heading("二、调解经过")
    with draft.block("for said in it.course.splitlines()"):
        draft.clause("{{ said }}")
    draft.heading("三、各方无争议的事实")
    draft.numbered("it.facts_agreed", none="无。")
    draft.heading("四、仍有分歧之处")
    draft.numbered("it.open_points", none="无。")
    draft.heading("五、结果")
    draft.clause("{{ it.outcome }}{% if it.next_at %}下次调解：{{ it.next_at }}。{% endif %}")
    draft.clause("以上笔录已经各参加人阅读或者听取宣读，核对无误，由各参加人在参加人栏签名或者按指印。")
    draft.line("{{ words.mediator }}（签名）：　　　　　　　　　　记录人（签名）：")
    return draft


def _agreement(
    *,
    facts: str = "纠纷事实和争议事项",
    admitted: str | None = None,
    agreed: str = "经调解，各方当事人依据{{ words.basis }}，自愿达成如下协议：",
    assured: str | None = None,
) -> Draft:
    """The written agreement and, as a register entry, the oral one; `admitted` follows facts, `assured` terms."""
    draft = Draft("{% if it.form == 'oral' %}口头调解协议登记表{% else %}{{ words.agreement }}{% endif %}")
    draft.parties()
    draft.line("{{ words.host }}：{{ it.matter.host }}")
    draft.line("{{ words.mediator }}：{{ it.matter.mediators|join('、') }}")
    with draft.block("if it.matter.invited"):
        draft.line("参加单位和人员：{{ it.matter.invited|join('、') }}")
    draft.heading(f"一、{facts}")
    draft.clause("{{ it.matter.dispute }}")
    draft.numbered("it.facts")
    if admitted is not None:
        draft.clause(admitted)
    draft.heading("二、协议内容")
    draft.clause(agreed)
    draft.numbered("it.terms")
    if assured is not None:
        draft.clause(assured)
    with draft.block("if it.promises"):
        draft.heading("三、履行的内容、方式和期限")
        table = draft.table(("序号", "义务人", "权利人", "履行内容", "期限", "金额（元）"), (12, 24, 21, 38, 37, 24))
        cells = ("{{ loop.index }}", "{{ promise.by }}", "{{ promise.to }}", "{{ promise.what }}")
        draft.rows(table, "promise in it.promises", (*cells, "{{ promise.due }}", "{{ promise.amount|yuan }}"))
        draft.only_if(table, "it.sum", ("", "合计", "", "", "", "{{ it.sum|yuan }}"))
    draft.heading("{% if it.promises %}四{% else %}三{% endif %}、协议的效力")
    with draft.block("if it.form == 'oral'"):
        draft.clause("{{ words.oral_effect }}")
        draft.clause(
            "各方于{{ it.agreed_on }}{% if it.place %}在{{ it.place }}{% endif %}达成以上口头协议，"
            "由{{ words.mediator }}记录。"
        )
        draft.line("{{ words.mediator }}（签名）：")
        draft.dated(_HOST, "it.agreed_on")
    with draft.block("if it.form != 'oral'"):
        draft.clause("{{ words.takes_effect(it.signed_by) }}{{ words.effect }}")
        with draft.block("if it.confirmation"):
            draft.clause(
                "各方可以自协议生效之日起{{ it.confirmation.days }}日内，最迟在{{ it.confirmation.until }}24时以前，"
                "共同向{{ it.confirmation.court or '有管辖权的人民法院' }}申请司法确认；"
                "经确认有效的，一方不履行，另一方可以申请强制执行。"
            )
        draft.clause("本协议一式{{ it.copies }}份，各方当事人各执一份，{{ it.matter.host }}留存一份。")
        draft.line("签订时间：{{ it.agreed_on }}{% if it.place %}　　地点：{{ it.place }}{% endif %}")
        draft.marks()
    return draft


def _medical_agreement() -> Draft:
    return _agreement(
        facts="诊疗经过、损害和争议事项",
        assured="各方确认：赔付数额已经充分考虑鉴定或者咨询意见；本纠纷未向人民法院起诉，也未申请行政调解。",
    )


def _labour_agreement() -> Draft:
    return _agreement(facts="劳动关系和争议事项")


def _police_agreement() -> Draft:
    return _agreement(
        facts="案由、违法事实和损害后果",
        admitted="各方对以上事实没有异议。违反治安管理行为人已经认识到其行为违法，愿意承担相应的民事责任。",
        agreed="在公安机关主持下，各方当事人依据{{ words.basis }}，自愿达成如下协议：",
    )


def _reconciliation() -> Draft:
    return _agreement(
        facts="案件的主要事实",
        admitted="犯罪嫌疑人对以上事实没有异议，承认自己的行为，真诚悔罪。",
        agreed="双方依据{{ words.basis }}，自愿达成如下和解协议：",
        assured="被害人一方自愿和解；是否要求或者同意对犯罪嫌疑人从宽处理，以上述协议内容所载为准。",
    )


def _filed_agreement() -> Draft:
    return _agreement(
        facts="诉讼请求、事实和争议事项",
        agreed="各方当事人依据{{ words.basis }}，自愿达成如下协议，并请求人民法院制作调解书：",
    )


def _termination() -> Draft:
    draft = Draft("调解终止通知书")
    draft.line("{% for party in it.matter.parties %}{{ party.name }}{% if not loop.last %}、{% endif %}{% endfor %}：")
    draft.clause(f"{_HOST}主持调解的纠纷：{{{{ it.matter.dispute }}}}")
    draft.clause(
        "因{{ endings[it.ended] }}，调解于{{ it.ended_on }}终止。{% if it.reason %}理由：{{ it.reason }}{% endif %}"
    )
    draft.clause("{{ words.failing }}")
    draft.clause("各方可以采取的途径和期限，见随附的《救济途径告知书》。")
    draft.dated(_HOST)
    return draft


def _route_notice() -> Draft:
    draft = Draft("救济途径告知书")
    draft.line("{{ it.to|join('、') }}：")
    draft.clause(f"{_HOST}主持调解的纠纷：{{{{ it.matter.dispute }}}}")
    draft.clause("该纠纷{{ it.reason }}。{{ words.failing }}您可以选择下列途径维护自己的权利：")
    with draft.block("for route in it.routes"):
        draft.heading("{{ loop.index }}．{{ remedies[route.remedy].name }}")
        draft.clause("怎样办理：{{ remedies[route.remedy].how }}{{ route.note or '' }}")
        with draft.block("if route.where"):
            draft.clause("向谁提出：{{ route.where }}")
        with draft.block("if route.until"):
            draft.clause("最迟：{{ route.until }}")
    with draft.block("if it.periods"):
        draft.heading("请留意的期限")
        table = draft.table(("期限", "最后一日", "调解对它的影响"), (48, 38, 70))
        draft.rows(table, "period in it.periods", ("{{ period.name }}", "{{ period.until }}", "{{ period.effect }}"))
    draft.clause(
        "以上日期依现有材料计算，以受理机关的认定为准。需要法律帮助的，可以拨打12348，或者到法律援助机构申请法律援助。"
    )
    draft.dated(_HOST)
    return draft


_MAKERS: Mapping[str, Callable[[], Draft]] = {
    f"{Paper.APPLICATION}.docx": _application,
    f"{Paper.RIGHTS_NOTICE}.docx": _rights_notice,
    f"{Paper.INVITATION}.docx": _invitation,
    f"{Paper.SESSION_RECORD}.docx": _session_record,
    f"{Paper.AGREEMENT}.docx": _agreement,
    f"{MediationForm.MEDICAL}/{Paper.AGREEMENT}.docx": _medical_agreement,
    f"{MediationForm.LABOUR}/{Paper.AGREEMENT}.docx": _labour_agreement,
    f"{MediationForm.POLICE_VIOLATION}/{Paper.AGREEMENT}.docx": _police_agreement,
    f"{MediationForm.PROCURATORATE}/{Paper.AGREEMENT}.docx": _reconciliation,
    f"{MediationForm.COURT_ORDINARY}/{Paper.AGREEMENT}.docx": _filed_agreement,
    f"{MediationForm.COURT_SUMMARY}/{Paper.AGREEMENT}.docx": _filed_agreement,
    f"{Paper.TERMINATION}.docx": _termination,
    f"{Paper.ROUTE_NOTICE}.docx": _route_notice,
}

if __name__ == "__main__":
    make_all(TEMPLATES)
