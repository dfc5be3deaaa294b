"""批量变更: a published calendar or a policy on its way to many open cases, and how far each has got."""

from collections.abc import Mapping
from typing import Any, assert_never
from urllib.parse import urlencode

from fastapi import APIRouter
from fastapi.responses import Response

from api.authorisation import Action
from api.operations import BatchProgress, list_batches
from api.pages.refusals import sentence
from api.pages.session import SignedIn
from api.pages.view import Shown
from api.paging import CursorText
from api.services import App
from infra.batches import RECONCILER, AdoptCalendarChange, AdoptPolicyChange, AnyChange, SucceedUnitChange, Where
from infra.rosters import UnitName, unit_names

router = APIRouter(include_in_schema=False)

_PAGE = 20


@router.get("/batches")
async def batches(viewer: SignedIn, app: App, view: Shown, cursor: CursorText = None) -> Response:
    """The batches, the latest first."""
    viewer.may(Action.READ_STUCK)
    async with app.sessions() as session:
        items, following = await list_batches(session, viewer.caller, cursor, _PAGE)
        names = await unit_names(session, {unit_id for item in items for unit_id in _units(item.change)})
    return view.page(
        "batches.html",
        viewer=viewer,
        here="batches",
        cards=[_card(item, names) for item in items],
        first_page=cursor is None,
        following=f"?{urlencode({'cursor': following})}" if following else None,
        now=app.now(),
    )


def _card(batch: BatchProgress, names: Mapping[str, UnitName]) -> dict[str, Any]:
    return {
        "batch": batch,
        "title": _title(batch.change, names),
        "by": "系统核对" if batch.requested_by == RECONCILER else batch.requested_by,
        "done": batch.total - batch.left,
        "refused": [(sentence(code), count) for code, count in batch.refused.items()],
    }


def _title(change: AnyChange, names: Mapping[str, UnitName]) -> str:
    match change:
        case AdoptCalendarChange(version=version):
            return f"换用第{version}版工作日历"
        case AdoptPolicyChange(policy=policy, version=version, where=where):
            which = "全部未归档案件" if where == Where() else "选定的案件"
            return f"{which}改用规则“{policy}”第{version}版"
        case SucceedUnitChange(old=old, new=new):
            return f"{names[old].unit}的工作由{names[new].unit}承接"
    assert_never(change)


def _units(change: AnyChange) -> tuple[str, ...]:
    return (change.old, change.new) if isinstance(change, SucceedUnitChange) else ()
