"""A case reaches another case, or a mediation, only from here; a mediation its case."""

from temporalio import activity
from temporalio.exceptions import ApplicationError

from infra.case_gateway import CaseGateway
from infra.mediation_gateway import MEDIATION_OVER, MediationGateway
from workflows.contracts.commands import FollowMain, FollowMediation, GoAlone, SplitOff
from workflows.contracts.effects import SendCommand, TellMediation
from workflows.contracts.errors import RuleViolation
from workflows.contracts.retries import REFUSED
from workflows.contracts.start import EffectOrder

_NEED_NOT_REACH_AN_ARCHIVE = FollowMain | GoAlone | SplitOff | FollowMediation


class CaseCommands:
    """Sends commands to cases; the command's id makes a repetition harmless."""

    def __init__(self, gateway: CaseGateway) -> None:
        self._gateway = gateway

    @activity.defn
    async def send_command(self, order: EffectOrder) -> None:
        """Has the other case apply the command.

        Raises:
            ApplicationError: `refused` if its rules forbid it, which is final.
            CaseUnavailable: if it does not answer; tried again.
        """
        if not isinstance(order.effect, SendCommand):
            raise _wrong_effect()
        try:
            await self._gateway.submit(order.effect.to_case_no, order.effect.command)
        except RuleViolation as violation:
            if violation.code == "case_archived" and isinstance(order.effect.command, _NEED_NOT_REACH_AN_ARCHIVE):
                # Whoever it would have told has left the archive's reach in the meantime.
                return
            raise ApplicationError(REFUSED, type=REFUSED, non_retryable=True) from None


class MediationCommands:
    """Sends commands from a case to its mediations; the command's id makes a repetition harmless."""

    def __init__(self, gateway: MediationGateway) -> None:
        self._gateway = gateway

    @activity.defn
    async def tell_mediation(self, order: EffectOrder) -> None:
        """Has the mediation apply the command; one that has ended need not be told any more.

        Raises:
            ApplicationError: `refused` if its rules forbid it, which is final.
            CaseUnavailable: if it does not answer; tried again.
        """
        if not isinstance(order.effect, TellMediation):
            raise _wrong_effect()
        try:
            await self._gateway.submit(order.effect.mediation_no, order.effect.command)
        except RuleViolation as violation:
            if violation.code != MEDIATION_OVER:
                raise ApplicationError(REFUSED, type=REFUSED, non_retryable=True) from None


def _wrong_effect() -> ApplicationError:
    return ApplicationError("wrong_effect", type="wrong_effect", non_retryable=True)
