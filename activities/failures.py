"""Nothing that an activity saw may reach a history: failures leave it as a class code, without wording or cause."""

from typing import Any

import structlog
from temporalio import activity
from temporalio.exceptions import ApplicationError, CancelledError
from temporalio.worker import ActivityInboundInterceptor, ExecuteActivityInput, Interceptor

_log = structlog.get_logger()


class CodesOnly(Interceptor):
    """Re-raises every failure of an activity as its code."""

    def intercept_activity(self, next: ActivityInboundInterceptor) -> ActivityInboundInterceptor:  # noqa: A002 - theirs
        """Wraps every activity."""
        return _CodesOnly(next)


class _CodesOnly(ActivityInboundInterceptor):
    async def execute_activity(self, input: ExecuteActivityInput) -> Any:  # noqa: A002 - theirs
        try:
            return await super().execute_activity(input)
        except CancelledError:
            raise
        except ApplicationError as error:
            code = error.type or "failed"
            retryable, delay = not error.non_retryable, error.next_retry_delay
        except Exception as error:  # noqa: BLE001 - the edge: what is not known to be harmless must not pass
            code, retryable, delay = type(error).__name__, True, None
        info = activity.info()
        _log.warning(
            "activity failed",
            activity=info.activity_type,
            case=(info.workflow_id or "").removeprefix("case/"),
            code=code,
            attempt=info.attempt,
        )
        raise ApplicationError(code, type=code, non_retryable=not retryable, next_retry_delay=delay) from None
