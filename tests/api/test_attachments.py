"""Files given as evidence."""

from uuid import uuid4

from tests.api.calling import Callers
from workflows.contracts.vocabulary import Role


async def test_evidence_is_seen_by_those_who_see_the_case(at_work: Callers) -> None:
    dispatcher, grid_worker = at_work.dispatcher, at_work.role(Role.GRID_WORKER)
    picture = ("修好的灯.html", b"<script>", "text/html")
    stored = (await grid_worker.http.post("/attachments", files={"file": picture})).json()
    before = await dispatcher.http.get(f"/attachments/{stored['id']}")
    assert before.status_code == 404
    registered = await dispatcher.report()
    settled = {"reply": "修好了", "evidence": [stored["id"]]}
    await grid_worker.post(f"/cases/{registered['case_no']}/settle", settled)
    after = await dispatcher.http.get(f"/attachments/{stored['id']}")
    assert (after.status_code, after.content) == (200, b"<script>")
    assert after.headers["content-type"] == "application/octet-stream"
    assert after.headers["content-disposition"].startswith("attachment; filename*=UTF-8''%E4%BF%AE")
    assert (await at_work.handler().http.get(f"/attachments/{stored['id']}")).status_code == 404


async def test_what_is_not_named_yet_is_seen_by_its_uploader_for_the_same_unit_only(callers: Callers) -> None:
    here, elsewhere = (callers.role(Role.HANDLER, unit=unit, user="handler") for unit in ("housing", "transport"))
    stored = (await here.http.post("/attachments", files={"file": ("a.txt", b"x")})).json()
    assert (await here.http.get(f"/attachments/{stored['id']}")).status_code == 200
    assert (await elsewhere.http.get(f"/attachments/{stored['id']}")).status_code == 404


async def test_a_file_that_is_too_large_or_empty_is_refused(callers: Callers) -> None:
    http = callers.dispatcher.http
    for size, status, code in ((1_001, 413, "too_large"), (200_000, 413, "too_large"), (0, 422, "empty_file")):
        answer = await http.post("/attachments", files={"file": ("a", b"x" * size)})
        assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert (await http.post("/attachments", json={})).status_code == 422


async def test_the_same_file_under_the_same_key_is_stored_once(callers: Callers) -> None:
    http, key = callers.dispatcher.http, {"Idempotency-Key": "k"}
    first, second = [
        (await http.post("/attachments", files={"file": ("a.txt", b"x")}, headers=key)).json() for _ in range(2)
    ]
    assert first == second
    other = await http.post("/attachments", files={"file": ("a.txt", b"y")}, headers=key)
    assert other.json()["code"] == "idempotency_key_reused"


async def test_evidence_that_was_never_uploaded_is_refused(callers: Callers) -> None:
    registered = await callers.dispatcher.report()
    settled = {"reply": "修好了", "evidence": [str(uuid4())]}
    refused = await callers.dispatcher.post(f"/cases/{registered['case_no']}/settle", settled, 422)
    assert (refused["code"], refused["errors"][0]["field"]) == ("unknown_attachment", "evidence.0")
