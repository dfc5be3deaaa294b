"""What residents read: where their matter stands, what happened to it, and what they are told, in plain Chinese."""

from collections.abc import Mapping

from workflows.contracts.vocabulary import CaseStatus, LegalRoute, News

STATUSES: Mapping[str, str] = {
    CaseStatus.REGISTERED: "您的诉求已登记，正在等待受理。",
    CaseStatus.ACCEPTED: "您的诉求已受理，正在确定承办单位。",
    CaseStatus.DISPATCHED: "已通知承办单位，等待单位到场办理。",
    CaseStatus.IN_PROGRESS: "承办单位正在办理。",
    CaseStatus.IN_MEDIATION: "您的纠纷正在调解。",
    CaseStatus.AGREED: "已达成调解协议，正在履行。",
    CaseStatus.FINISHED: "承办单位已办结，正在核查办理结果。",
    CaseStatus.VERIFIED: "办理结果已核查，正在等您评价。",
    CaseStatus.CLOSED: "您的诉求已结案。",
    CaseStatus.DECLINED: "您的诉求不予受理，理由和正确途径见回复。",
    CaseStatus.WITHDRAWN: "您的诉求已撤回。",
    CaseStatus.MERGED: "您的诉求已并入同一事项办理。",
    CaseStatus.TRANSFERRED: "您的诉求已移交其他城市办理，对方已收件。",
    CaseStatus.LEGAL_ROUTE: "您的诉求须通过法律途径解决，本市不再处理。",
    CaseStatus.ARCHIVED: "您的诉求已归档。",
}
STEPS: Mapping[str, str] = {
    "case_registered": "诉求已登记",
    "case_accepted": "已受理",
    "case_declined": "不予受理",
    "case_answered": "已答复",
    "case_settled": "已当场办结",
    "whistled": "已通知承办单位",
    "task_reported_in": "承办单位已到位",
    "task_finished": "承办单位已办结",
    "case_finished": "已办结，等待核查",
    "verification_passed": "核查通过",
    "verification_failed": "核查未通过，重新办理",
    "case_rated": "收到您的评价",
    "case_closed": "已结案",
    "case_reopened": "已重新办理",
    "contact_added": "收到您的补充反映",
    "case_withdrawn": "已撤回",
    "case_merged": "已并入同一事项，一起办理",
    "main_concluded": "同一事项的办理有了结果",
    "split_from_main": "已改为单独办理",
    "case_divided": "部分诉求已分出，单独办理",
    "hazard_kept": "所涉公共安全隐患继续处理",
    "host_named": "已确定主办地区",
    "transfer_asked": "已商请其他城市办理",
    "transfer_refused": "对方城市未接收，继续在本市办理",
    "case_transferred": "已移交其他城市办理",
    "legal_route_taken": "已转法律途径",
    "explanation_signed": "不再继续办理的说明",
}
"""What a requester reads of an event."""
THANKS: Mapping[str, str] = {
    "rate": "感谢您的评价。",
    "withdraw": "您的诉求已撤回。",
    "reopen": "您的诉求已重新办理，将由其他人员核查结果。",
    "contact": "已收到您的补充，并转告办理人员。",
    "acknowledge": "已记录您收到该告知书。",
    "consent": "已记录您的答复。",
    "leave-mediation": "已记录您退出调解，其他途径见下。",
}
"""What a requester reads after she said something."""
NEWS: Mapping[str, str] = {
    News.EXTENDED: "办理单位的延期申请已获批准，答复期限延至{on}。",
    News.SUSPENDED: "因规定事由，部分时限暂停计算，目前的答复期限为{on}。",
    News.RESUMED: "已恢复计时，答复期限为{on}。",
    News.CALENDAR: "因工作日历更新，答复期限现为{on}。",
    News.COMMITTED: "目前条件尚不具备，承诺最迟于{on}办理。",
    News.INTERIM_REPLY: "该事项依法按专门程序办理，法定期限为{on}。",
    News.MERGED: "另有同一事项的诉求期限更早，答复期限提前到{on}。",
}
"""What a requester reads of the dates of her case."""
ROUTES: Mapping[str, str] = {
    LegalRoute.COURT: "请向有管辖权的人民法院起诉。",
    LegalRoute.ARBITRATION: "请向有管辖权的仲裁机构申请仲裁。",
    LegalRoute.RECONSIDERATION: "请向有权的行政复议机关申请行政复议。",
    LegalRoute.AUTHORITY: "请向依法有权处理的机关提出。",
}
"""How to go on where the city cannot decide."""
