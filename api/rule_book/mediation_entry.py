"""Which disputes a channel of joint mediation takes, and who may host it."""

from collections.abc import Mapping

from api.rule_book.entry import DEFAULT, RuleEntry

MEDIATION_ENTRY: Mapping[str, RuleEntry] = {
    "channel_switched_off": RuleEntry(
        zh="本市尚未开通这一渠道，其法律依据未经核实。",
        en="The city has not opened this channel: its legal basis is not verified.",
        source=DEFAULT,
    ),
    "filed_already": RuleEntry(
        zh="法院已经立案，请选择立案后的委托调解。",
        en="A court has it already: it is mediated in the court's own procedure.",
        source="[law] 特邀调解规定11",
    ),
    "host_cannot_mediate": RuleEntry(
        zh="这类单位不能主持该渠道的调解，请换一个主持单位。",
        en="A unit of that kind does not host this channel; choose another host.",
        source="[law] 人民调解法8；[law] 特邀调解规定2",
    ),
    "no_violation": RuleEntry(
        zh="未构成违反治安管理行为，请转人民调解或者诉讼。",
        en="Without a minor violation the people's committee or the court has it.",
        source="[law] 治安管理处罚法9",
    ),
    "not_a_civil_dispute": RuleEntry(
        zh="该渠道只受理平等主体之间的民间纠纷。",
        en="This channel takes disputes between equals about rights of their own.",
        source="[law] 人民调解法2",
    ),
    "not_a_commercial_dispute": RuleEntry(
        zh="商事调解组织只受理合同、债务纠纷。",
        en="A licensed commercial body takes disputes about contracts and debts.",
        source="[practice] 商事调解",
    ),
    "not_a_labour_dispute": RuleEntry(
        zh="劳动争议调解组织只受理用人单位与劳动者的争议。",
        en="The labour committee takes disputes between employers and employees.",
        source="[law] 劳动争议调解仲裁法2",
    ),
    "not_a_medical_dispute": RuleEntry(
        zh="医调委只受理诊疗活动引发的争议。",
        en="The medical committee takes disputes about diagnosis and treatment.",
        source="[law] 医疗纠纷预防和处理条例2",
    ),
    "not_a_property_dispute": RuleEntry(
        zh="物业调委会只受理业主、住户与物业服务的纠纷。",
        en="The property committee takes disputes between owners, tenants and property services.",
        source="[practice] 行业性专业性人民调解",
    ),
    "not_a_traffic_dispute": RuleEntry(
        zh="交调委只受理道路交通事故损害赔偿纠纷。",
        en="The traffic committee takes disputes about damage from road accidents.",
        source="[law] 道路交通安全法74",
    ),
    "not_among_neighbours": RuleEntry(
        zh="贤调适用于邻里、家庭、村务等纠纷。",
        en="A respected person is invited for matters of neighbours, families and villages.",
        source="[law] 人民调解法20",
    ),
    "not_in_ordinary_procedure": RuleEntry(
        zh="该案未在法院适用普通程序审理。",
        en="The matter is not before a court in the ordinary procedure.",
        source="[law] 特邀调解规定27",
    ),
    "not_in_summary_procedure": RuleEntry(
        zh="该案未在法院适用简易程序审理。",
        en="The matter is not before a court in the summary procedure.",
        source="[law] 特邀调解规定27",
    ),
    "not_reconcilable": RuleEntry(
        zh="只有依法可以和解的刑事案件才能移送检察机关。",
        en="Only an offence in which the law lets the parties reconcile is referred.",
        source="[law] 刑诉法288",
    ),
    "not_tied_to_powers": RuleEntry(
        zh="行政调解只受理与主管部门职权有关的民事纠纷。",
        en="A department mediates civil disputes that belong to its own powers.",
        source="[practice] 行政调解",
    ),
    "not_within_discretion": RuleEntry(
        zh="访调只适用于行政机关裁量权范围内的诉求。",
        en="Only what lies within an authority's discretion is mediated as a petition.",
        source="[law] 信访工作条例33",
    ),
    "violation": RuleEntry(
        zh="属于违反治安管理行为，由公安派出所自行调解。",
        en="A minor violation is mediated by the police station itself.",
        source="[law] 治安管理处罚法9",
    ),
}
