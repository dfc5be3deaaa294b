"""The closed vocabularies of joint mediation (七调联动), by their names in code."""

from enum import StrEnum


class Channel(StrEnum):
    """People's mediation, which every village has, and the seven channels that join it."""

    PEOPLE = "people"
    PETITION = "petition"
    ADMINISTRATIVE = "administrative"
    PROFESSIONAL = "professional"
    POLICE = "police"
    PROCURATORATE = "procuratorate"
    LOCAL_WORTHY = "local_worthy"
    COURT = "court"


class MediationForm(StrEnum):
    """A form of a channel: what has an entry, a limit and an effect of its own. One row of the channel table each."""

    PEOPLE = "people"
    LOCAL_WORTHY = "local_worthy"
    PETITION = "petition"
    ADMINISTRATIVE = "administrative"
    MEDICAL = "medical"
    LABOUR = "labour"
    PROPERTY_SERVICE = "property_service"
    TRAFFIC = "traffic"
    COMMERCIAL = "commercial"
    POLICE_VIOLATION = "police_violation"
    POLICE_CIVIL = "police_civil"
    PROCURATORATE = "procuratorate"
    COURT_BEFORE_FILING = "court_before_filing"
    COURT_ORDINARY = "court_ordinary"
    COURT_SUMMARY = "court_summary"


class DisputeType(StrEnum):
    """What a dispute is about (纠纷类型)."""

    NEIGHBOUR = "neighbour"
    FAMILY = "family"
    INHERITANCE = "inheritance"
    VILLAGE = "village"
    LAND = "land"
    DEBT = "debt"
    CONTRACT = "contract"
    CONSUMER = "consumer"
    PROPERTY_SERVICE = "property_service"
    HOUSING = "housing"
    TRAFFIC = "traffic"
    MEDICAL = "medical"
    LABOUR = "labour"
    WAGES = "wages"
    INJURY = "injury"
    ENVIRONMENT = "environment"
    ADMINISTRATIVE = "administrative"
    OTHER = "other"


class MediationStatus(StrEnum):
    """Where a mediation is; the five last are its ends."""

    OPENED = "opened"
    PLANNED = "planned"
    CONSENTED = "consented"
    UNDER_WAY = "under_way"
    DRAFTED = "drafted"
    AGREED = "agreed"
    FULFILLED = "fulfilled"
    FAILED = "failed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    STOPPED = "stopped"


MEDIATION_ENDS = frozenset(
    {
        MediationStatus.FULFILLED,
        MediationStatus.FAILED,
        MediationStatus.REFUSED,
        MediationStatus.WITHDRAWN,
        MediationStatus.STOPPED,
    }
)
"""Nothing more is talked about in these, and every party has been told where it can go."""


class TrackStatus(StrEnum):
    """How far a step of the plan is."""

    WAITING = "waiting"
    CONSENT_ASKED = "consent_asked"
    CONSENTED = "consented"
    UNDER_WAY = "under_way"
    AGREED = "agreed"
    FAILED = "failed"
    DONE = "done"
    DROPPED = "dropped"


TRACK_ENDS = frozenset({TrackStatus.AGREED, TrackStatus.FAILED, TrackStatus.DONE, TrackStatus.DROPPED})


class FailureCause(StrEnum):
    """Why a track came to nothing."""

    NO_AGREEMENT = "no_agreement"
    LIMIT_RAN_OUT = "limit_ran_out"
    NOT_TAKEN_UP = "not_taken_up"
    ENDED_ELSEWHERE = "ended_elsewhere"


class Side(StrEnum):
    """On which side of the dispute a party stands."""

    APPLICANT = "applicant"
    RESPONDENT = "respondent"
    THIRD = "third"


class PartyKind(StrEnum):
    PERSON = "person"
    GROUP = "group"
    ORGANISATION = "organisation"


class Capacity(StrEnum):
    """Capacity for civil acts (民事行为能力) [民法典 17–24]; without the full one a guardian acts."""

    FULL = "full"
    LIMITED = "limited"
    NONE = "none"


class Chosen(StrEnum):
    """Who chose the mediator [人民调解法 19]."""

    BY_THE_PARTIES = "by_the_parties"
    BY_THE_HOST = "by_the_host"


class Support(StrEnum):
    """Help beside mediation that is no mediation, on consent."""

    LEGAL_AID = "legal_aid"
    COUNSELLING = "counselling"
    WOMEN_AND_CHILDREN = "women_and_children"


class SessionForm(StrEnum):
    """Where people meet, or by what."""

    ON_SITE = "on_site"
    AT_HOME = "at_home"
    VIDEO = "video"


class SessionStatus(StrEnum):
    SCHEDULED = "scheduled"
    HELD = "held"
    ADJOURNED = "adjourned"
    CANCELLED = "cancelled"
    NO_SHOW = "no_show"


class AgreementForm(StrEnum):
    """Oral agreements bind from the moment they are reached [人民调解法 28, 30]."""

    WRITTEN = "written"
    ORAL = "oral"


class AgreementEffect(StrEnum):
    """What an agreement of a channel is worth."""

    BINDING = "binding"
    MEDIATION_STATEMENT = "mediation_statement"
    NO_PENALTY = "no_penalty"
    RECONCILIATION = "reconciliation"
    BY_FORM = "by_form"


class SignedBy(StrEnum):
    """Whose mark an agreement needs before it is effective."""

    PARTIES = "parties"
    MEDIATOR = "mediator"
    SEAL = "seal"
    RECEIPT = "receipt"


class SignatureMeans(StrEnum):
    """How somebody signed; wet ink by default, with its scan [电子签名法 3, 13]."""

    WET_INK = "wet_ink"
    FINGERPRINT = "fingerprint"
    SEAL = "seal"
    ELECTRONIC = "electronic"


class BarredClause(StrEnum):
    """What an agreement may say that no court confirms [民诉法解释 355, 358]."""

    STATUS_OF_PERSONS = "status_of_persons"
    TITLE = "title"
    UNLAWFUL = "unlawful"
    THIRD_PARTY_HARM = "third_party_harm"
    INVOLUNTARY = "involuntary"
    UNCLEAR = "unclear"


class FulfilmentStatus(StrEnum):
    """How a promise stands."""

    OPEN = "open"
    PROVEN = "proven"
    KEPT = "kept"
    BREACHED = "breached"
    GIVEN_UP = "given_up"


class ConfirmationStatus(StrEnum):
    """How far judicial confirmation (司法确认) is."""

    APPLIED = "applied"
    ACCEPTED = "accepted"
    CONFIRMED = "confirmed"
    REFUSED = "refused"


class Remedy(StrEnum):
    """Where a party can go when mediation fails or a promise is broken."""

    OTHER_CHANNEL = "other_channel"
    LEVEL_UP = "level_up"
    COURT = "court"
    ARBITRATION = "arbitration"
    PAYMENT_ORDER = "payment_order"
    ENFORCEMENT = "enforcement"
    RULING = "ruling"
    RECONSIDERATION = "reconsideration"
    ADMINISTRATIVE_SUIT = "administrative_suit"
    REVIEW = "review"
    POLICE_DECISION = "police_decision"
    PROSECUTION_DECISION = "prosecution_decision"
    TRIAL = "trial"


class Outside(StrEnum):
    """Systems of other authorities that take referrals and answer with outcomes."""

    COURT = "court"
    PETITION_OFFICE = "petition_office"
    POLICE = "police"
    PROCURATORATE = "procuratorate"


class OutsideAsk(StrEnum):
    """What is asked of another authority's system."""

    REFERRAL = "referral"
    CONFIRMATION = "confirmation"


class Paper(StrEnum):
    """The writings of a mediation, each from a template of its channel."""

    APPLICATION = "application"
    RIGHTS_NOTICE = "rights_notice"
    INVITATION = "invitation"
    SESSION_RECORD = "session_record"
    AGREEMENT = "agreement"
    TERMINATION = "termination"
    ROUTE_NOTICE = "route_notice"
