"""A mediation written to the records as its process would have, so that it can be read at once and as of any day."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID, uuid4

from activities.mediation_records import MediationRecords
from api.wording import keep
from infra.database import Sessions
from infra.mediation_tables import MediationPerson
from infra.tables import Attachment
from tests.api.calling import Callers
from tests.rules.calendar_2026 import at
from tests.rules.mediation.talks import CASE_NO, Talks, party, step, talks
from workflows.contracts.ids import TextId
from workflows.contracts.mediation import commands as c
from workflows.contracts.mediation.events import MediationRecorded
from workflows.contracts.mediation.people import Host, Party, TrackPlan
from workflows.contracts.mediation.start import MediationBatch
from workflows.contracts.mediation.vocabulary import MediationForm, Remedy, Side
from workflows.contracts.vocabulary import ServiceMethod

VILLAGE_COMMITTEE = "committee-990102001001"
COURT_OF_TALKS = "court-990102000000"
MEDIATOR, OTHER_MEDIATOR, FORMER = "mediator-a", "mediator-b", "mediator-former"
INVITED = "housing"
SCAN = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c49444154789c63f8ffff3f0005fe02fe0def46b80000000049454e44ae426082"
)
"""A picture of one white point."""


@dataclass(frozen=True)
class Written:
    """A mediation on record: its `words` by what they are, its parties' `names`, the ids of its attachments."""

    case_no: str
    code: str
    pin: str
    number: str
    words: Mapping[str, str]
    names: Mapping[str, str]
    files: Mapping[str, str]

    @property
    def path(self) -> str:
        return f"/mediations/{self.number}"


class Scene:
    """What is said, and by whom, before it is written; every word and name can be found again."""

    def __init__(self) -> None:
        self.mark = uuid4().hex[:8]
        self.words: dict[str, str] = {}
        self.files = {name: str(uuid4()) for name in ("session", "scan")}
        self.people = {number: uuid4() for number in ("P1", "P2")}

    def said(self, what: str) -> TextId:
        """The id of words that hold a secret of their own."""
        self.words[what] = f"机密{what}{self.mark}"
        return TextId(f"{self.mark}-{what}")

    def name(self, party_no: str) -> str:
        return f"当事人{party_no}{self.mark}"

    def opened(self) -> Talks:
        parties = (self._party("P1", Side.APPLICANT), self._party("P2", Side.RESPONDENT))
        return talks("2026-09-01T09:00", parties=parties, tied_to_powers=True)

    def drafted(self) -> Talks:
        """A committee talked and drew up an agreement that nobody signed, while a department looks at the facts."""
        said = self.said
        host = Host(unit_id=VILLAGE_COMMITTEE, kind="committee")
        first = TrackPlan(form=MediationForm.PEOPLE, host=host, invited=(INVITED,), mediator_id=MEDIATOR)
        facts = step("administrative").model_copy(
            update={"fact_finding": True, "together": True, "mediator_id": OTHER_MEDIATOR}
        )
        story = self.opened().when(c.DecidePlan, tracks=(first, facts), reason=said("plan"))
        story = story.when(c.Apply, party_no="P1", track=1).when(
            c.NameMediator, track=1, mediator_id=FORMER, ties=said("ties")
        )
        story = story.when(c.ObjectToPerson, track=1, party_no="P2", person_id=FORMER, reason=said("objection"))
        story = story.when(c.Consent, party_no="P1", agreed=True, note=said("consent"), track=1)
        story = story.when(c.Consent, party_no="P2", agreed=True, track=1).when(c.TakeUp, track=1)
        notice = next(no for no, one in story.state.papers.items() if one.paper == "rights_notice")
        story = story.when(
            c.ServePaper, paper_no=notice, party_no="P1", how=ServiceMethod.IN_PERSON, served_at=story.now
        )
        story = story.sat(
            "2026-09-02T14:00",
            "2026-09-02T16:00",
            track=1,
            facts=said("facts"),
            open_points=said("open_points"),
            concessions=(c.Concession(party_no="P1", text=said("concession")),),
            attachments=(self.files["session"],),
        )
        owed = c.Promise(
            promisor="P2", to="P1", what=said("promise"), due=at("2026-11-01T00:00").date(), amount=765_432
        )
        return story.at("2026-09-03T10:00").when(c.DraftAgreement, promises=(owed,), terms=said("terms"), track=1)

    def binding(self) -> Talks:
        """The same with every mark under it, until the day of its promise is over."""
        return self.signed().at("2026-11-03T09:00")

    def signed(self) -> Talks:
        """The same with every mark under it."""
        story = self.drafted()
        for mark in ({"by": "parties", "party_no": "P1"}, {"by": "parties", "party_no": "P2"}, {"by": "mediator"}):
            story = story.when(c.Sign, **mark, scan=self.files["scan"])
        return story.when(c.Sign, by="seal", scan=self.files["scan"])

    def fulfilled(self) -> Talks:
        """Signed, and kept in October."""
        story = self.signed().at("2026-10-12T10:00")
        return story.when(c.CheckFulfilment, item_no="I1", kept=True)

    def failed(self) -> Talks:
        """Talked about, and come to nothing."""
        story = self.drafted().when(c.FailTrack, track=1, reason=self.said("failure"))
        return story.when(c.EndMediation, remedy=Remedy.COURT, reason=self.said("end"))

    async def written(self, story: Talks, callers: Callers, sessions: Sessions) -> Written:
        """Puts the story on record as a mediation of a new dispute."""
        receipt = await callers.dispatcher.report(kind="dispute", requester={"name": "申请人", "phone": "13900000000"})
        case_no = receipt["case_no"]
        records = json.dumps([record.model_dump(mode="json") for record in story.events]).replace(CASE_NO, case_no)
        batch = MediationBatch(
            mediation_no=f"{case_no}-M1",
            events=tuple(MediationRecorded.model_validate(record) for record in json.loads(records)),
        )
        async with sessions.begin() as session:
            words = {f"{self.mark}-{what}": body for what, body in self.words.items()}
            await keep(session, words, case_no=case_no, author="x", written_at=story.now)
            for party_no, person_id in self.people.items():
                session.add(
                    MediationPerson(
                        person_id=person_id,
                        case_no=case_no,
                        role="party",
                        name=self.name(party_no),
                        phone=f"139{party_no}{self.mark}",
                        is_requester=party_no == "P1",
                    )
                )
            for file_id in self.files.values():
                session.add(
                    Attachment(
                        id=UUID(file_id),
                        name="a.png",
                        media_type="image/png",
                        size=len(SCAN),
                        sha256="0" * 64,
                        body=SCAN,
                        uploaded_by="somebody",
                        uploaded_for=None,
                        uploaded_at=story.now,
                    )
                )
        await MediationRecords(sessions).record_mediation_events(batch)
        return Written(
            case_no=case_no,
            code=receipt["tracking_code"],
            pin=receipt["pin"],
            number=batch.mediation_no,
            words=self.words,
            names={party_no: self.name(party_no) for party_no in self.people},
            files=self.files,
        )

    def _party(self, number: str, side: Side) -> Party:
        return party(number, side).model_copy(update={"person_id": str(self.people[number])})
