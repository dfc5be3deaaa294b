"""The bodies with which the service of a notice is recorded."""

from typing import Any

from api.bodies import CommandBody, Envelope
from api.fields import Moment, Words
from workflows.contracts import commands as c
from workflows.contracts.ids import NoticeNo
from workflows.contracts.vocabulary import ServiceMethod


class ServeNoticeBody(CommandBody):
    """送达: without a `served_at` it was when the request came in."""

    makes = c.ServeNotice
    notice_no: NoticeNo
    how: ServiceMethod
    served_at: Moment | None = None
    note: Words | None = None

    @property
    def reaches_by(self) -> ServiceMethod:
        return self.how

    def fields(self, envelope: Envelope) -> dict[str, Any]:
        return {"served_at": envelope.received_at} | super().fields(envelope)


class AcknowledgeBody(CommandBody):
    """确认收到: the requester has opened the notice herself."""

    makes = c.ServeNotice
    notice_no: NoticeNo

    def fields(self, envelope: Envelope) -> dict[str, Any]:
        return super().fields(envelope) | {"how": ServiceMethod.ELECTRONIC, "served_at": envelope.received_at}
