"""The closed vocabularies of the field, by their names in code. Values are what the interfaces show."""

from enum import StrEnum


class Level(StrEnum):
    """The four levels of government; a city names them its own way (`level_labels`)."""

    VILLAGE = "village"
    TOWNSHIP = "township"
    COUNTY = "county"
    CITY = "city"

    @property
    def rank(self) -> int:
        """0 for a village up to 3 for the city."""
        return _LEVELS.index(self)


_LEVELS = list(Level)


class CaseKind(StrEnum):
    """What sort of matter a case is (诉求类别)."""

    INQUIRY = "inquiry"
    HELP = "help"
    COMPLAINT = "complaint"
    TIP_OFF = "tip_off"
    SUGGESTION = "suggestion"
    HAZARD = "hazard"
    DISPUTE = "dispute"


class Urgency(StrEnum):
    EMERGENCY = "emergency"
    URGENT = "urgent"
    IMPORTANT = "important"
    ORDINARY = "ordinary"


class RiskLevel(StrEnum):
    """How likely a case is to get worse (三色预警). Of cases, never of people."""

    BLUE = "blue"
    YELLOW = "yellow"
    RED = "red"


class CaseStatus(StrEnum):
    REGISTERED = "registered"
    ACCEPTED = "accepted"
    DISPATCHED = "dispatched"
    IN_PROGRESS = "in_progress"
    IN_MEDIATION = "in_mediation"
    AGREED = "agreed"
    FINISHED = "finished"
    VERIFIED = "verified"
    CLOSED = "closed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"
    TRANSFERRED = "transferred"
    LEGAL_ROUTE = "legal_route"
    ARCHIVED = "archived"


END_STATUSES = frozenset(
    {
        CaseStatus.CLOSED,
        CaseStatus.DECLINED,
        CaseStatus.WITHDRAWN,
        CaseStatus.MERGED,
        CaseStatus.TRANSFERRED,
        CaseStatus.LEGAL_ROUTE,
    }
)
"""A matter is over in these, yet its workflow stays open for `archive_after`; only `archived` is final."""


class TaskStatus(StrEnum):
    DISPATCHED = "dispatched"
    SIGNED = "signed"
    CONTACTED = "contacted"
    REPORTED_IN = "reported_in"
    FINISHED = "finished"
    SENT_BACK = "sent_back"
    REASSIGNED = "reassigned"
    CANCELLED = "cancelled"


TASK_ENDS = frozenset({TaskStatus.FINISHED, TaskStatus.SENT_BACK, TaskStatus.REASSIGNED, TaskStatus.CANCELLED})
"""The unit has nothing to do any more; only a finished task had a result."""
GIVEN_UP = frozenset({TaskStatus.SENT_BACK, TaskStatus.REASSIGNED, TaskStatus.CANCELLED})
"""The unit was rid of the task before it had a result."""


class TaskRole(StrEnum):
    LEAD = "lead"
    CO = "co"


class UnitKind(StrEnum):
    """What sort of body a unit is; a committee is one of people's mediation (人民调解委员会) [人民调解法 8, 34]."""

    DEPARTMENT = "department"
    TOWNSHIP = "township"
    VERTICAL = "vertical"
    ENTERPRISE = "enterprise"
    JUDICIAL = "judicial"
    DISCIPLINE = "discipline"
    GOVERNANCE_CENTRE = "governance_centre"
    COMMITTEE = "committee"


DATED_UNIT_KINDS = frozenset({UnitKind.DEPARTMENT, UnitKind.TOWNSHIP, UnitKind.ENTERPRISE})
"""Only these can be whistled and given dates; the others are asked, reminded or referred to."""
REFERRED_UNIT_KINDS = frozenset({UnitKind.VERTICAL, UnitKind.JUDICIAL, UnitKind.DISCIPLINE})
"""These are asked, or have a matter referred to them: no date, no ladder."""


class DeclineGround(StrEnum):
    """The listed grounds of 不予受理; each must name the right route."""

    OTHER_AUTHORITY = "other_authority"
    IN_LEGAL_PROCEDURE = "in_legal_procedure"
    MUST_USE_LEGAL_PROCEDURE = "must_use_legal_procedure"
    EFFECTIVE_DECISION = "effective_decision"
    REVIEW_EXHAUSTED = "review_exhausted"
    SAME_MATTER_PENDING = "same_matter_pending"
    DISCIPLINE_MATTER = "discipline_matter"
    EMERGENCY_LINE = "emergency_line"
    NO_IDENTIFIABLE_CLAIM = "no_identifiable_claim"


class LegalRoute(StrEnum):
    """Where a matter goes that the city cannot decide."""

    COURT = "court"
    ARBITRATION = "arbitration"
    RECONSIDERATION = "reconsideration"
    AUTHORITY = "authority"


class SubjectType(StrEnum):
    """Who a complaint or tip-off is about (被反映对象)."""

    PERSON = "person"
    UNIT = "unit"
    STAFF = "staff"
    COMPANY = "company"


class NoticeKind(StrEnum):
    """A formal writing to the requester (告知书)."""

    RECEIPT = "receipt"
    DECLINE = "decline"
    EXTENSION = "extension"
    TRANSFER = "transfer"
    ROUTE = "route"
    CLOSING = "closing"


class ServiceMethod(StrEnum):
    """How a notice reached its addressee (送达方式)."""

    IN_PERSON = "in_person"
    MAIL = "mail"
    ELECTRONIC = "electronic"
    PHONE = "phone"
    LEAVE_ON_SITE = "leave_on_site"
    PUBLIC_NOTICE = "public_notice"


class CallbackOutcome(StrEnum):
    REACHED = "reached"
    ANONYMOUS = "anonymous"
    DECLINED = "declined"
    UNREACHABLE = "unreachable"
    VISITED = "visited"


class Solved(StrEnum):
    YES = "yes"
    PARTLY = "partly"
    NO = "no"


class Role(StrEnum):
    """Who acts. What each may do stands in one table of the API."""

    REQUESTER = "requester"
    GRID_WORKER = "grid_worker"
    DISPATCHER = "dispatcher"
    HANDLER = "handler"
    MEDIATOR = "mediator"
    SUPERVISOR = "supervisor"
    OPERATOR = "operator"
    AUDITOR = "auditor"
    SYSTEM = "system"


class OwnerRole(StrEnum):
    """In which capacity somebody owes the next step of a case."""

    DISPATCHER = "dispatcher"
    LEAD_UNIT = "lead_unit"
    CO_UNIT = "co_unit"
    HOST = "host"
    PROMISOR = "promisor"
    VERIFIER = "verifier"
    CALLBACK_DESK = "callback_desk"
    LEADER = "leader"


class ClockName(StrEnum):
    CITIZEN = "citizen"
    ACCEPT = "accept"
    DISPATCH = "dispatch"
    SIGN = "sign"
    CONTACT = "contact"
    REPORT_IN = "report_in"
    FINISH = "finish"
    VERIFY = "verify"
    CALLBACK = "callback"
    WITHDRAWAL = "withdrawal"
    LEVEL = "level"
    ARCHIVE_AFTER = "archive_after"
    NOTICE = "notice"
    REVIEW = "review"
    RE_REVIEW = "re_review"
    OBJECTION = "objection"
    EXTENSION = "extension"
    SUSPENSION = "suspension"
    COMMITMENT = "commitment"
    SEND_BACK = "send_back"
    DISPUTE = "dispute"
    SUPERVISION = "supervision"
    WHISTLE_REQUEST = "whistle_request"
    OBJECTION_DECISION = "objection_decision"
    HOST = "host"
    TRANSFER = "transfer"
    LEGAL_OUTCOME = "legal_outcome"
    MEDIATION = "mediation"
    PLAN = "plan"
    CONSENT = "consent"
    TAKE_UP = "take_up"
    MEDIATOR = "mediator"
    SESSION = "session"
    SECOND_SESSION = "second_session"
    PLAN_REVIEW = "plan_review"
    SIGNATURE = "signature"
    CONFIRMATION = "confirmation"
    COURT_DECISION = "court_decision"
    FULFILMENT = "fulfilment"
    FULFILMENT_CHECK = "fulfilment_check"
    REMEDY = "remedy"
    DUTY_LEADER = "duty_leader"
    CONSULTATION = "consultation"
    RISK_REVIEW = "risk_review"
    DANGER_CALL = "danger_call"
    PROTECTION_REPORT = "protection_report"
    LIMITATION = "limitation"


TASK_CLOCKS = (ClockName.SIGN, ClockName.CONTACT, ClockName.REPORT_IN, ClockName.FINISH)
"""The four timed steps of a task, in their order: a later step meets the earlier clocks too."""
DANGER_CLOCKS = frozenset({ClockName.DUTY_LEADER, ClockName.DANGER_CALL, ClockName.PROTECTION_REPORT})
"""Minutes count here, at all hours and whatever else the case is about."""
OUTLIVE_THE_CASE = frozenset({ClockName.DANGER_CALL, ClockName.PROTECTION_REPORT, ClockName.LIMITATION})
"""The end of the matter does not stop these; its archiving does."""
NO_DUE_DATES = frozenset({ClockName.ARCHIVE_AFTER, ClockName.LIMITATION})
"""By these nobody owes the case anything."""


class Flag(StrEnum):
    """What should catch the eye about a case, and whoever waits for a decision looks for."""

    NEEDS_OPERATOR = "needs_operator"
    WITHDRAWAL_ASKED = "withdrawal_asked"
    OVERDUE = "overdue"
    DUE_SOON = "due_soon"
    SUSPENDED = "suspended"
    EXTENSION_ASKED = "extension_asked"
    SEND_BACK_ASKED = "send_back_asked"
    DISPUTED = "disputed"
    SUPERVISED = "supervised"
    SUPERVISOR_CALLED = "supervisor_called"
    REOPENED = "reopened"
    COMMITTED = "committed"
    WHISTLE_ASKED = "whistle_asked"
    OBJECTED = "objected"
    HOST_WANTED = "host_wanted"
    TRANSFER_ASKED = "transfer_asked"
    EXPLANATION_UNSIGNED = "explanation_unsigned"
    DISSATISFIED = "dissatisfied"
    GROUP = "group"
    PENDING_PROCEDURE = "pending_procedure"
    COMMON_ISSUE = "common_issue"
    PROVISIONAL = "provisional"
    DANGER = "danger"
    LIMITATION_NEAR = "limitation_near"


class Rung(StrEnum):
    """A clock's ladder: the warning, the due time (overdue, urged), then supervision and escalation.

    At the city there is nobody to escalate to: it is urged again and again.
    """

    DUE_SOON = "due_soon"
    URGE = "urge"
    SUPERVISE = "supervise"
    ESCALATE = "escalate"
    URGE_AGAIN = "urge_again"


class PauseGround(StrEnum):
    """Why a clock may stand still; each only where the clock's own source allows it."""

    HEARING = "hearing"
    MEDICAL_APPRAISAL = "medical_appraisal"
    PRE_FILING_APPRAISAL = "pre_filing_appraisal"


class MoveCause(StrEnum):
    """Why a due time moved. Nothing else moves one."""

    EXTENSION = "extension"
    PAUSE = "pause"
    CALENDAR = "calendar"
    MERGE = "merge"


class News(StrEnum):
    """What the requester is told about the dates of her case."""

    EXTENDED = "extended"
    SUSPENDED = "suspended"
    RESUMED = "resumed"
    CALENDAR = "calendar"
    COMMITTED = "committed"
    INTERIM_REPLY = "interim_reply"
    MERGED = "merged"


class LimitUnit(StrEnum):
    SECONDS = "seconds"
    MINUTES = "minutes"
    HOURS = "hours"
    WORKING_HOURS = "working_hours"
    WORKING_DAYS = "working_days"
    CALENDAR_DAYS = "calendar_days"
    MONTHS = "months"
    YEARS = "years"


EXACT_UNITS = frozenset({LimitUnit.SECONDS, LimitUnit.MINUTES, LimitUnit.HOURS})
"""Counted from the moment, at all hours; every other unit counts days or office time."""
