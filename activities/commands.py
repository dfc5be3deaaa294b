"""A case reaches another case only from here."""

from temporalio import activity
from temporalio.exceptions import ApplicationError

from infra.case_gateway import CaseGateway
from workflows.contracts.commands import FollowMain, GoAlone, SplitOff
from workflows.contracts.effects import SendCommand
from workflows.contracts.errors import RuleViolation
from workflows.contracts.retries import REFUSED
from workflows.contracts.start import EffectOrder


class CaseCommands:
    """Sends commands from one case to another; the command's id makes a repetition harmless."""

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
            raise ApplicationError("wrong_effect", type="wrong_effect", non_retryable=True)
        try:
            await self._gateway.submit(order.effect.to_case_no, order.effect.command)
        except RuleViolation as violation:
            if violation.code == "case_archived" and isinstance(order.effect.command, FollowMain | GoAlone | SplitOff):
                # Whoever it would have told has left the archive's reach in the meantime.
                return
            raise ApplicationError(REFUSED, type=REFUSED, non_retryable=True) from None
