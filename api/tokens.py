"""Bearer tokens: who calls, in which role, for which region or unit."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated

import jwt
from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from workflows.contracts.actors import Actor
from workflows.contracts.ids import RegionCode, UnitId
from workflows.contracts.vocabulary import Role

_ISSUER = "yingshao"
_ALGORITHM = "HS256"

UserId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.@-]{1,64}$")]
"""An id of the directory; it reaches workflow histories, so it may not be a person's written name."""

UNIT_BOUND = frozenset({Role.HANDLER, Role.SYSTEM})
"""Roles that act for one unit and see only what that unit has a task in."""

AT_A_CENTRE = frozenset({Role.DISPATCHER, Role.SUPERVISOR})
"""Roles that act for a governance centre."""

COOKIE = "yingshao_token"
"""Where a browser keeps its token."""


class Claims(BaseModel):
    """What a token says; `region` bounds it to a subtree (absent: the whole city), `unit` binds it to a unit."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    sub: UserId
    role: Role
    region: RegionCode | None = None
    unit: UnitId | None = None


@dataclass(frozen=True)
class Caller:
    """The person or system behind a request."""

    id: str
    role: Role
    region: str | None = None
    unit: str | None = None

    @property
    def actor(self) -> Actor:
        """As the record names it."""
        return Actor(id=self.id, role=self.role, unit_id=self.unit)

    @property
    def key_owner(self) -> str:
        """Whose `Idempotency-Key`s are the same: one id in two units is two callers."""
        return f"{self.id}/{self.unit}" if self.unit else self.id


class InvalidToken(Exception):  # noqa: N818 - says what it is
    """Not ours, changed, expired, or without what its role needs."""


class Tokens:
    """Issues and reads tokens of one installation."""

    def __init__(self, secret: str) -> None:
        self._secret = secret

    def issue(self, claims: Claims, *, lasting: timedelta = timedelta(days=30)) -> str:
        """A signed token.

        Raises:
            InvalidToken: if the role acts for a unit and none is named.
        """
        _check(claims)
        stated = claims.model_dump(mode="json", exclude_none=True)
        return jwt.encode(
            stated | {"iss": _ISSUER, "exp": datetime.now(UTC) + lasting}, self._secret, algorithm=_ALGORITHM
        )

    def pin(self, owner: str, key: str, case_no: str) -> str:
        """The PIN of a case that was reported under an `Idempotency-Key`: the same each time, and stored nowhere."""
        stated = "\n".join(("pin", owner, key, case_no))
        digest = hmac.new(self._secret.encode(), stated.encode(), hashlib.sha256).digest()
        return f"{int.from_bytes(digest) % 1_000_000:06d}"

    def read(self, token: str) -> Caller:
        """Who the token speaks for.

        Raises:
            InvalidToken: if it does not hold; the message never repeats it.
        """
        try:
            stated = jwt.decode(
                token,
                self._secret,
                algorithms=[_ALGORITHM],
                issuer=_ISSUER,
                options={"require": ["sub", "role", "exp", "iss"]},
            )
            claims = Claims.model_validate(stated)
        except (jwt.InvalidTokenError, ValidationError) as error:
            raise InvalidToken("the token does not hold; ask for a new one") from error
        _check(claims)
        return Caller(id=claims.sub, role=claims.role, region=claims.region, unit=claims.unit)


def _check(claims: Claims) -> None:
    if claims.role in UNIT_BOUND and claims.unit is None:
        raise InvalidToken(f"a token of role {claims.role} needs a unit")
