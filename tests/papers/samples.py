"""A quarrel over a leak between two flats, as each of its papers tells it."""

from collections.abc import Mapping
from datetime import date, datetime

from infra.papers import contents as c
from workflows.contracts.mediation.vocabulary import (
    AgreementForm,
    MediationStatus,
    Paper,
    PartyKind,
    Remedy,
    Side,
    SignedBy,
)
from workflows.rules.calendar import LOCAL

MATTER = c.Matter(
    mediation_no="53010220260302000017-M1",
    host="云江市清河区柳荫街道人民调解委员会",
    mediators=("沈立新", "马秀兰"),
    parties=(
        c.PartyLines(side=Side.APPLICANT, name="周敏", document_no="530102000000000000", contact="柳荫小区3栋502室"),
        c.PartyLines(
            side=Side.RESPONDENT, name="何国强", contact="柳荫小区3栋602室", guardian="何建华", language="彝语"
        ),
        c.PartyLines(
            side=Side.THIRD,
            name="云江安居物业服务有限公司",
            kind=PartyKind.ORGANISATION,
            representatives=("段志文",),
        ),
    ),
    dispute="602室卫生间渗水，致502室天花板、墙面和木地板受损，双方就修缮责任和赔偿数额发生争议。",
    invited=("清河区住房和城乡建设局",),
    issued_on=date(2026, 9, 2),
)

AGREEMENT = c.AgreementText(
    matter=MATTER,
    form=AgreementForm.WRITTEN,
    facts=(
        "2026年7月11日起，602室卫生间地漏周边防水层失效，水渗入502室。",
        "经各方共同查看，502室受损天花板约4平方米、木地板约6平方米，各方对受损范围没有异议。",
    ),
    terms=(
        "602室卫生间防水由何国强负责重做，物业公司派员到场查验闭水试验。",
        "何国强赔偿周敏天花板、墙面和木地板修复费用共计人民币6800元，分两期支付。",
        "各方就此纠纷再无其他争议。",
    ),
    promises=(
        c.Promise(by="何国强", to="周敏", what="重做602室卫生间防水，闭水试验48小时不渗漏", due=date(2026, 9, 20)),
        c.Promise(by="何国强", to="周敏", what="支付第一期赔偿款", due=date(2026, 9, 9), amount=400_000),
        c.Promise(by="何国强", to="周敏", what="支付第二期赔偿款", due=date(2026, 10, 30), amount=280_000),
        c.Promise(by="云江安居物业服务有限公司", to="周敏", what="查验闭水试验并出具书面结果", due=date(2026, 9, 22)),
    ),
    signed_by=(SignedBy.PARTIES, SignedBy.MEDIATOR, SignedBy.SEAL),
    agreed_on=date(2026, 9, 2),
    place="柳荫街道矛盾纠纷调处中心二号调解室",
    confirmation=c.Confirmation(until=date(2026, 10, 8), days=30, court="云江市清河区人民法院"),
)

SAMPLES: Mapping[Paper, c.Contents] = {
    Paper.APPLICATION: c.Application(
        matter=MATTER,
        requests=("修复渗漏", "赔偿装修损失人民币9000元"),
        handled_before="物业公司于7月15日上门查看，未能解决。",
        taken_down_by="沈立新",
    ),
    Paper.RIGHTS_NOTICE: c.RightsNotice(
        matter=MATTER, disclosed=("马秀兰与第三人的项目经理为校友。",), conclude_by=date(2026, 10, 2)
    ),
    Paper.INVITATION: c.Invitation(
        matter=MATTER,
        to="何国强",
        session=2,
        begins=datetime(2026, 8, 26, 9, 30, tzinfo=LOCAL),
        place="柳荫街道矛盾纠纷调处中心二号调解室",
        bring=("身份证件", "装修合同和票据"),
        contact="柳荫街道矛盾纠纷调处中心，0871-60000000",
    ),
    Paper.SESSION_RECORD: c.SessionRecord(
        matter=MATTER,
        session=2,
        began=datetime(2026, 8, 26, 9, 30, tzinfo=LOCAL),
        ended=datetime(2026, 8, 26, 11, 5, tzinfo=LOCAL),
        place="柳荫街道矛盾纠纷调处中心二号调解室",
        recorder="马秀兰",
        present=(
            c.Attendant(name="周敏", role="申请人"),
            c.Attendant(name="何国强", role="被申请人"),
            c.Attendant(name="何建华", role="被申请人的监护人"),
            c.Attendant(name="阿支以诺", role="彝语翻译"),
        ),
        absent=(c.Attendant(name="段志文", role="第三人的代理人", why_absent="出差，已经请假"),),
        course="申请人：7月11日夜里开始滴水，地板已经起翘。\n被申请人：漏水是事实，但装修价格不认可。\n调解员建议共同询价。",
        facts_agreed=("渗水来自602室卫生间。",),
        open_points=("木地板是整体更换还是局部修补。",),
        outcome="双方同意各找一家施工单位报价后再谈。",
        next_at=datetime(2026, 9, 2, 9, 30, tzinfo=LOCAL),
    ),
    Paper.AGREEMENT: AGREEMENT,
    Paper.TERMINATION: c.Termination(
        matter=MATTER, ended=MediationStatus.FAILED, ended_on=date(2026, 9, 2), reason="双方对赔偿数额差距过大。"
    ),
    Paper.ROUTE_NOTICE: c.RouteNotice(
        matter=MATTER,
        to=("周敏", "何国强"),
        reason="经调解未能达成协议",
        routes=(
            c.Route(remedy=Remedy.OTHER_CHANNEL, where="清河区矛盾纠纷调处中心"),
            c.Route(
                remedy=Remedy.COURT,
                where="云江市清河区人民法院",
                until=date(2029, 9, 2),
                note="立案前可以先申请诉前调解。",
            ),
        ),
        periods=(
            c.RunningPeriod(
                name="民事诉讼时效三年", until=date(2029, 9, 2), effect="因申请人民调解而中断，自调解终止之日起重新计算"
            ),
        ),
    ),
}
"""One of each paper, complete."""
