"""Every form of every channel: what it takes, how long it has, what its agreement is worth, and where it leads."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest

from tests.rules.mediation.talks import FIRST, MEDIATION_NO, OTHER, WORDS, Talks, channels, step, talks
from workflows.contracts.mediation import commands as c
from workflows.contracts.mediation.vocabulary import (
    AgreementEffect,
    AgreementForm,
    DisputeType,
    FulfilmentStatus,
    MediationForm,
    MediationStatus,
    Outside,
    OutsideAsk,
    Paper,
    Remedy,
    SignedBy,
    TrackStatus,
)
from workflows.contracts.vocabulary import ClockName, OwnerRole

BOTH = (FIRST, OTHER)
_WRITTEN = (SignedBy.PARTIES, SignedBy.MEDIATOR, SignedBy.SEAL)
_STATEMENT = (SignedBy.PARTIES, SignedBy.SEAL, SignedBy.RECEIPT)
_CIVIL = (Remedy.OTHER_CHANNEL, Remedy.ARBITRATION, Remedy.COURT)


@dataclass(frozen=True)
class Form:
    """What a form is expected to be, if it is taken up on Monday 2026-03-02 at 09:00.

    `due` is the day through which it has; `leads_to` the ways after its failure, `remedies` those after a breach.
    """

    form: MediationForm
    dispute: DisputeType
    due: date
    facts: dict[str, Any] = field(default_factory=dict)
    ends_at_limit: bool = False
    effect: AgreementEffect = AgreementEffect.BINDING
    needs: tuple[SignedBy, ...] = _WRITTEN
    oral: bool = False
    confirmable: bool = True
    fee: bool = False
    leads_to: tuple[Remedy, ...] = _CIVIL
    remedies: tuple[Remedy, ...] = (Remedy.ENFORCEMENT, Remedy.COURT)

    def taken_up(self) -> Talks:
        """The parties applied and agreed to it, and the host has it."""
        return talks("2026-03-02T09:00", dispute=self.dispute, **self.facts).under_way(self.form)


_AT_COURT: dict[str, Any] = {"effect": AgreementEffect.MEDIATION_STATEMENT, "needs": _STATEMENT, "confirmable": False}
_TRIAL: dict[str, Any] = {"leads_to": (Remedy.TRIAL,), "remedies": (Remedy.ENFORCEMENT,), "ends_at_limit": True}
FORMS = (
    Form(MediationForm.PEOPLE, DisputeType.NEIGHBOUR, date(2026, 4, 2), oral=True),
    Form(MediationForm.LOCAL_WORTHY, DisputeType.VILLAGE, date(2026, 4, 2), oral=True),
    Form(
        MediationForm.PETITION,
        DisputeType.ADMINISTRATIVE,
        # The sixtieth day is a holiday.
        date(2026, 5, 6),
        {"within_discretion": True},
        effect=AgreementEffect.BY_FORM,
        confirmable=False,
        leads_to=(Remedy.OTHER_CHANNEL, Remedy.REVIEW),
        remedies=(Remedy.REVIEW, Remedy.COURT),
    ),
    Form(
        MediationForm.ADMINISTRATIVE,
        DisputeType.ENVIRONMENT,
        date(2026, 4, 1),
        {"tied_to_powers": True},
        effect=AgreementEffect.BY_FORM,
        needs=(SignedBy.PARTIES, SignedBy.SEAL),
        confirmable=False,
        leads_to=(
            Remedy.OTHER_CHANNEL,
            Remedy.RULING,
            Remedy.RECONSIDERATION,
            Remedy.ADMINISTRATIVE_SUIT,
            Remedy.COURT,
        ),
        remedies=(Remedy.COURT, Remedy.RULING),
    ),
    Form(
        MediationForm.MEDICAL,
        DisputeType.MEDICAL,
        date(2026, 4, 14),
        ends_at_limit=True,
        leads_to=(Remedy.OTHER_CHANNEL, Remedy.COURT),
    ),
    Form(
        MediationForm.LABOUR,
        DisputeType.WAGES,
        date(2026, 3, 17),
        {"wages": True},
        leads_to=(Remedy.ARBITRATION, Remedy.PAYMENT_ORDER),
        remedies=(Remedy.PAYMENT_ORDER, Remedy.ENFORCEMENT, Remedy.ARBITRATION),
    ),
    Form(MediationForm.PROPERTY_SERVICE, DisputeType.PROPERTY_SERVICE, date(2026, 4, 2), oral=True),
    Form(
        MediationForm.TRAFFIC,
        DisputeType.TRAFFIC,
        date(2026, 3, 12),
        leads_to=(Remedy.OTHER_CHANNEL, Remedy.COURT),
    ),
    Form(MediationForm.COMMERCIAL, DisputeType.CONTRACT, date(2026, 4, 1), fee=True),
    Form(
        MediationForm.POLICE_VIOLATION,
        DisputeType.INJURY,
        date(2026, 4, 1),
        {"violation": True},
        effect=AgreementEffect.NO_PENALTY,
        confirmable=False,
        leads_to=(Remedy.POLICE_DECISION, Remedy.COURT),
        remedies=(Remedy.POLICE_DECISION, Remedy.COURT),
    ),
    Form(
        MediationForm.POLICE_CIVIL,
        DisputeType.INJURY,
        date(2026, 4, 2),
        oral=True,
        leads_to=(Remedy.OTHER_CHANNEL, Remedy.COURT),
    ),
    Form(
        MediationForm.COURT_BEFORE_FILING,
        DisputeType.DEBT,
        date(2026, 4, 1),
        ends_at_limit=True,
        needs=(SignedBy.PARTIES,),
        leads_to=(Remedy.COURT,),
    ),
    Form(MediationForm.COURT_ORDINARY, DisputeType.DEBT, date(2026, 3, 17), {"filed": True}, **_AT_COURT, **_TRIAL),
    Form(
        MediationForm.COURT_SUMMARY,
        DisputeType.DEBT,
        date(2026, 3, 9),
        {"filed": True, "summary": True},
        **_AT_COURT,
        **_TRIAL,
    ),
)
OWED = c.Promise(promisor=OTHER, to=FIRST, what=WORDS, due=date(2026, 6, 1), amount=300_000)
each_form = pytest.mark.parametrize("form", FORMS, ids=lambda form: form.form)


def test_every_form_is_told_here_but_the_one_that_is_only_referred() -> None:
    assert {form.form for form in FORMS} == set(MediationForm) - {MediationForm.PROCURATORATE}
    assert {form for form, row in channels().channels.items() if row.referral_only} == {MediationForm.PROCURATORATE}


@each_form
def test_a_story_to_an_agreement_that_is_kept(form: Form) -> None:
    story = form.taken_up()
    row = channels().channels[form.form]
    assert (row.effect, row.needs, row.confirmable) == (form.effect, form.needs, form.confirmable)
    limit = story.clock(ClockName.MEDIATION, "K1")
    assert (limit.due_date, limit.source) == (form.due, row.sources.get("limit", limit.source))
    assert story.papers(Paper.RIGHTS_NOTICE) == [BOTH]
    assert story.papers(Paper.APPLICATION) == [(FIRST,)]
    story = story.sat("2026-03-04T14:00", "2026-03-04T16:00")
    assert story.papers(Paper.INVITATION) == story.papers(Paper.SESSION_RECORD) == [BOTH]
    oral: dict[str, Any] = {"terms": WORDS, "form": AgreementForm.ORAL}
    if not form.oral:
        story.refuses("oral_not_allowed", c.DraftAgreement, **oral)
    if not form.fee:
        story.refuses("no_fee_allowed", c.DraftAgreement, terms=WORDS, fee=100)
    story = story.drafted(OWED, fee=100 if form.fee else 0)
    marks = [(by, who) for by in form.needs for who in (BOTH if by in {"parties", "receipt"} else (None,))]
    for by, who in marks:
        assert story.state.status is MediationStatus.DRAFTED
        story = story.when(c.Sign, by=by, party_no=who, scan="scan-1")
    assert story.state.status is MediationStatus.AGREED
    assert story.papers(Paper.AGREEMENT) == [BOTH]
    assert limit.id not in {clock.id for clock in story.state.clocks.values() if clock.is_open}
    assert (
        bool([1 for clock in story.state.clocks.values() if clock.name is ClockName.CONFIRMATION]) is form.confirmable
    )
    assert (story.told().owner_role, story.told().owner_unit) == (OwnerRole.PROMISOR, f"host-{form.form}")
    assert story.told().due == date(2026, 6, 1)
    story = story.at("2026-05-20T10:00").when(c.ProveFulfilment, item_no="I1")
    assert story.told().owner_role is OwnerRole.HOST
    story = story.at("2026-05-21T10:00").when(c.CheckFulfilment, item_no="I1", kept=True)
    assert (story.state.status, story.told().status) == (MediationStatus.FULFILLED, MediationStatus.FULFILLED)
    assert story.papers(Paper.ROUTE_NOTICE) == []


@each_form
def test_a_story_to_failure_and_where_it_leads(form: Form) -> None:
    story = form.taken_up()
    assert set(channels().channels[form.form].on_failure) == set(form.leads_to)
    ran_out = story.at(f"{form.due}T23:59").at("2026-05-08T09:00")
    assert (ran_out.state.tracks[1].status is TrackStatus.FAILED) is form.ends_at_limit
    assert ran_out.clock(ClockName.MEDIATION, "K1").breached_at is not None or form.ends_at_limit
    story = story.at("2026-03-05T10:00").when(c.FailTrack)
    assert story.papers(Paper.TERMINATION) == [BOTH]
    assert story.told().owner_role is OwnerRole.DISPATCHER
    elsewhere = set(Remedy) - {*form.leads_to, Remedy.LEVEL_UP}
    for remedy in elsewhere:
        story.refuses("remedy_not_open", c.EndMediation, remedy=remedy)
    for remedy in form.leads_to:
        if remedy is Remedy.OTHER_CHANNEL:
            story.refuses("remedy_not_open", c.EndMediation, remedy=remedy)
            continue
        ended = story.when(c.EndMediation, remedy=remedy)
        assert (ended.told().status, ended.told().remedy) == (MediationStatus.FAILED, remedy)
        assert ended.papers(Paper.ROUTE_NOTICE) == [BOTH]
    assert story.when(c.EndMediation, remedy=Remedy.LEVEL_UP).told().remedy is Remedy.LEVEL_UP


@each_form
def test_a_broken_promise_opens_the_remedies_of_its_channel(form: Form) -> None:
    story = form.taken_up().at("2026-03-05T10:00").agreed(OWED).at("2026-06-02T00:00")
    agreement = story.state.agreement
    assert agreement is not None
    assert agreement.items["I1"].status is FulfilmentStatus.BREACHED
    assert story.papers(Paper.ROUTE_NOTICE) == [(FIRST,)]
    assert story.told().owner_role is OwnerRole.HOST
    for remedy in Remedy:
        if remedy not in form.remedies:
            story.refuses("remedy_not_open", c.TakeRemedy, item_no="I1", remedy=remedy)
        elif remedy is Remedy.ENFORCEMENT and form.confirmable:
            story.refuses("not_confirmed", c.TakeRemedy, item_no="I1", remedy=remedy)
        else:
            ended = story.when(c.TakeRemedy, item_no="I1", remedy=remedy)
            assert (ended.told().status, ended.told().remedy) == ("failed", remedy)


@pytest.mark.parametrize("agreed", [True, False])
def test_what_the_procuratorate_has_is_only_referred_and_its_outcome_put_on_record(agreed: bool) -> None:
    story = talks(dispute=DisputeType.INJURY, reconcilable=True).planned("procuratorate")
    procuratorate = {"system": Outside.PROCURATORATE, "unit_id": "host-procuratorate"}
    story.refuses("not_consented", c.ReferOutside, **procuratorate)
    story = story.consented()
    story.refuses("referral_only", c.TakeUp)
    story = story.when(c.ReferOutside, **procuratorate)
    story.refuses("referral_only", c.DraftAgreement)
    asked = [pending.effect for pending in story.state.pending_effects if pending.effect.kind == "ask_outside"]
    assert [(one.mediation_no, one.system) for one in asked] == [(MEDIATION_NO, Outside.PROCURATORATE)]
    answer = {"system": Outside.PROCURATORATE, "ask": OutsideAsk.REFERRAL}
    story = story.at("2026-03-09T10:00").when(c.RecordOutside, number=WORDS, **answer)
    story = story.at("2026-03-20T10:00").when(c.RecordOutside, agreed=agreed, outcome=WORDS, **answer)
    if agreed:
        assert story.told().status is MediationStatus.FULFILLED
        return
    assert story.state.tracks[1].status is TrackStatus.FAILED
    story.refuses("remedy_not_open", c.EndMediation, remedy=Remedy.COURT)
    story = story.when(c.EndMediation, remedy=Remedy.PROSECUTION_DECISION)
    assert (story.told().remedy, story.papers(Paper.ROUTE_NOTICE)) == (Remedy.PROSECUTION_DECISION, [BOTH])


def test_a_plan_names_only_hosts_that_the_channel_has() -> None:
    host = step("court_before_filing").host
    story = talks()
    for form, row in channels().channels.items():
        plan = step(form).model_copy(update={"host": host.model_copy(update={"kind": "discipline"})})
        assert "discipline" not in row.hosts
        if form is MediationForm.PEOPLE:
            story.refuses("host_cannot_mediate", c.DecidePlan, tracks=(plan,))
