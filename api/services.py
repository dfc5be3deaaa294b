"""What the routes work with, made once by the app's factory and handed to them through it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Protocol

from fastapi import Depends, Request

from api.metrics import Metrics
from api.paper_press import PaperPress
from api.tokens import Tokens
from infra.database import Sessions
from infra.settings import Settings
from workflows.contracts.commands import AnyCommand
from workflows.contracts.mediation.commands import AnyMediationCommand
from workflows.contracts.mediation.state import MediationState
from workflows.contracts.start import Receipt
from workflows.contracts.state import CaseState


class Gateway(Protocol):
    """The way to the running cases; see `infra.case_gateway.CaseGateway`."""

    async def submit(self, case_no: str, command: AnyCommand) -> Receipt: ...

    async def live(self, case_no: str) -> CaseState: ...


class Mediations(Protocol):
    """The way to the running mediations; see `infra.mediation_gateway.MediationGateway`."""

    async def submit(self, mediation_no: str, command: AnyMediationCommand) -> Receipt: ...

    async def live(self, mediation_no: str) -> MediationState: ...


@dataclass(frozen=True)
class Services:
    """`now` is the process's clock (UTC, shifted in rehearsals); `temporal_answers` asks whether Temporal is there."""

    settings: Settings
    sessions: Sessions
    gateway: Gateway
    mediations: Mediations
    temporal_answers: Callable[[], Awaitable[bool]]
    now: Callable[[], datetime]
    tokens: Tokens
    metrics: Metrics
    papers: PaperPress = field(default_factory=PaperPress)


def services(request: Request) -> Services:
    """The app's services."""
    made: Services = request.app.state.services
    return made


App = Annotated[Services, Depends(services)]
