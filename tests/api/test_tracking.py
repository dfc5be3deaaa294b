"""What the holder of a tracking code sees, and what the PIN opens."""

from datetime import UTC, datetime, timedelta

from fastapi import FastAPI
from temporalio.client import Client

from api.app import create_app
from api.server import TemporalProbe
from infra.case_gateway import CaseGateway
from infra.database import Sessions
from infra.mediation_gateway import MediationGateway
from infra.settings import Settings
from tests.api.calling import Callers
from workflows.contracts.vocabulary import Role


def _another(pin: str) -> str:
    return f"{(int(pin) + 1) % 1_000_000:06d}"


async def test_without_the_pin_nothing_private_is_shown(callers: Callers) -> None:
    registered = await callers.dispatcher.report()
    path = f"/track/{registered['tracking_code']}"
    (seen,) = (await callers.nobody().get(path))["cases"]
    assert seen["case_no"] == registered["case_no"]
    assert seen["private"] is None
    assert "路灯" not in str(seen)
    (private,) = (await callers.nobody(Tracking_Pin=registered["pin"]).get(path))["cases"]
    assert private["private"]["title"] == "路灯不亮"


async def test_an_unknown_code_is_404_with_and_without_a_pin(callers: Callers) -> None:
    await callers.nobody().get("/track/AAAAAAAAAAAAAAAAAA", 404)
    await callers.nobody(Tracking_Pin="123456").get("/track/AAAAAAAAAAAAAAAAAA", 404)
    await callers.nobody().get("/track/short", 422)


async def test_five_wrong_pins_close_the_code_for_a_quarter_of_an_hour(
    settings: Settings, sessions: Sessions, gateway: CaseGateway, client: Client
) -> None:
    passed = timedelta()

    def now() -> datetime:
        return datetime.now(UTC) + passed

    app = create_app(
        settings,
        sessions,
        gateway,
        MediationGateway(client, sessions),
        temporal_answers=TemporalProbe(client).answers,
        now=now,
    )
    callers = Callers(app)
    registered = await callers.dispatcher.report()
    path = f"/track/{registered['tracking_code']}"
    right, wrong = (callers.nobody(Tracking_Pin=pin) for pin in (registered["pin"], _another(registered["pin"])))
    for _ in range(5):
        assert (await wrong.get(path, 403))["code"] == "wrong_pin"
    answer = await right.http.get(path)
    assert (answer.status_code, answer.json()["code"]) == (429, "too_many_pins")
    assert 0 < int(answer.headers["retry-after"]) <= 901
    await callers.nobody().get(path)
    passed = timedelta(minutes=16)
    await right.get(path)


async def test_what_binds_needs_the_pin(callers: Callers) -> None:
    registered = await callers.dispatcher.report()
    path = f"/track/{registered['tracking_code']}/withdraw"
    assert (await callers.nobody().post(path, {"reason": "不办了"}, 401))["code"] == "pin_needed"
    wrong = callers.nobody(Tracking_Pin=_another(registered["pin"]))
    assert (await wrong.post(path, {"reason": "不办了"}, 403))["code"] == "wrong_pin"


async def test_the_requester_withdraws_once_under_one_key(at_work: Callers, app: FastAPI) -> None:
    registered = await at_work.dispatcher.report()
    holder = at_work.nobody(Tracking_Pin=registered["pin"])
    path = f"/track/{registered['tracking_code']}/withdraw"
    withdrawn = await holder.post(path, {"reason": "自己解决了"}, Idempotency_Key="w")
    assert withdrawn["status"] == "withdrawn"
    assert await holder.post(path, {"reason": "自己解决了"}, Idempotency_Key="w") == withdrawn
    again = await holder.post(path, {"reason": "自己解决了"}, 409)
    assert again["code"] == "case_ended"


async def test_the_requester_rates_a_verified_case(at_work: Callers) -> None:
    dispatcher = at_work.dispatcher
    registered = await dispatcher.report()
    case = f"/cases/{registered['case_no']}"
    settled = await dispatcher.post(f"{case}/settle", {"reply": "当场修好"})
    if settled["status"] == "finished":
        # It was drawn for verification.
        await at_work.role(Role.GRID_WORKER).post(f"{case}/verify", {"passed": True, "note": "看过"})
    holder = at_work.nobody(Tracking_Pin=registered["pin"])
    path = f"/track/{registered['tracking_code']}/rate"
    unknown = await holder.post(path, {"rating": "splendid"}, 409)
    assert unknown["code"] == "unknown_rating"
    rated = await holder.post(path, {"rating": "satisfied", "solved": "yes", "case_no": registered["case_no"]})
    assert (rated["status"], rated["private"]["rating"]) == ("closed", "satisfied")
    assert rated["private"]["replies"][0]["text"] == "当场修好"
    await holder.post(path, {"rating": "satisfied", "case_no": "990102202601010001"}, 404)
