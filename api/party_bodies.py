"""The people of a dispute as a body names them; the command gets ids in their place."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from api.bodies import Envelope
from api.fields import Body, Flag, Language, Name, Phone, Title
from api.mediation_people import Person, TakesPartAs
from workflows.contracts.mediation.people import Party
from workflows.contracts.mediation.vocabulary import Capacity, PartyKind, Side

_CHINESE = frozenset({"zh", "zh-cn"})
IdDocument = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z()-]{4,40}$")]
PartyNo = Annotated[str, StringConstraints(pattern=r"^P[1-9][0-9]{0,2}$")]


class Authority(StrEnum):
    """What a representative may do (一般授权, 特别授权): only special authority concedes or settles [民诉法 62]."""

    GENERAL = "general"
    SPECIAL = "special"


class GuardianBody(Body):
    """监护人: `relation` is what she is to the party."""

    name: Name
    phone: Phone | None = None
    relation: Name

    def introduced(self, envelope: Envelope, path: str) -> str:
        """Her id."""
        person = Person(role=TakesPartAs.GUARDIAN, name=self.name, phone=self.phone, standing=self.relation)
        return envelope.introduce(path, person)


class RepresentativeBody(Body):
    """代理人."""

    name: Name
    phone: Phone | None = None
    authority: Authority

    def introduced(self, envelope: Envelope, path: str) -> str:
        """The representative's id."""
        role, standing = TakesPartAs.REPRESENTATIVE, self.authority.value
        return envelope.introduce(path, Person(role=role, name=self.name, phone=self.phone, standing=standing))


Representatives = Annotated[tuple[RepresentativeBody, ...], Field(max_length=20)]


class PartyBody(Body):
    """当事人: a person, a group or an organisation; `language` is what the party speaks if it is not Chinese.

    A `suspect` of a minor violation may not be represented. The `requester` is whoever follows the case by its tracking
    code, and answers for this party there.
    """

    side: Side
    kind: PartyKind = PartyKind.PERSON
    name: Name
    phone: Phone | None = None
    id_document: IdDocument | None = None
    address: Title | None = None
    capacity: Capacity = Capacity.FULL
    language: Language | None = None
    guardian: GuardianBody | None = None
    representatives: Representatives = ()
    suspect: Flag = False
    requester: Flag = False

    def party(self, envelope: Envelope, party_no: str, path: str, *, is_requester: bool = False) -> Party:
        """The party under that number; `path` is where it stands in the body."""
        language = None if self.language is None or self.language.lower() in _CHINESE else self.language
        person = Person(
            role=TakesPartAs.PARTY,
            name=self.name,
            phone=self.phone,
            id_document=self.id_document,
            address=self.address,
            language=language,
            is_requester=self.requester or is_requester,
        )
        return Party(
            party_no=party_no,
            side=self.side,
            person_id=envelope.introduce(path, person),
            kind=self.kind,
            capacity=self.capacity,
            guardian=self.guardian.introduced(envelope, f"{path}.guardian") if self.guardian else None,
            representatives=introduced(self.representatives, envelope, path),
            language=language,
            suspect=self.suspect,
        )


def introduced(representatives: Representatives, envelope: Envelope, path: str) -> tuple[str, ...]:
    """The ids of representatives."""
    return tuple(
        one.introduced(envelope, f"{path}.representatives.{place}") for place, one in enumerate(representatives)
    )
