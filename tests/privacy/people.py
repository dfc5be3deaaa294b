"""Everybody who may write something about a case, writing marks wherever words, names or numbers are taken."""

from typing import Any

import httpx

from api.tokens import Claims, Tokens
from tests.activities.fake_department import Department
from tests.privacy.marks import Marks
from tests.processes import TOKEN_SECRET
from workflows.contracts.vocabulary import Role

_VILLAGE = "990102001001"


class People:
    """`kept` are the marks that the database must hold in the end; `passing` those of what was refused or asked."""

    def __init__(self, http: httpx.AsyncClient, unit: Department) -> None:
        self.kept = Marks()
        self.passing = Marks()
        self.case_no = ""
        self._http = http
        self._unit = unit
        self._tokens = Tokens(TOKEN_SECRET)

    async def report(self, name: str, **fields: Any) -> dict[str, str]:
        """A report of the bare minimum and these fields."""
        words = {"title": self.kept.words(f"{name} title"), "description": self.kept.words(f"{name} description")}
        body = {"source": "test", "kind": "help", "region_code": _VILLAGE, **words, **fields}
        answer: dict[str, str] = await self._post(Role.DISPATCHER, "cases", body, 201)
        return answer

    async def report_at_length(self) -> dict[str, str]:
        """A report with everything in it that a report may have."""
        kept = self.kept
        return await self.report(
            "long",
            location={"text": kept.words("address")},
            requester={
                "name": kept.words("requester name"),
                "phone": kept.phone("requester phone"),
                "safe_contact": {
                    "how": kept.words("how"),
                    "when": kept.words("when"),
                    "never": kept.words("never"),
                },
            },
            reported_by={
                "name": kept.words("reporter name"),
                "phone": kept.phone("reporter phone"),
                "relation": kept.words("relation"),
            },
            subjects=[{"type": "person", "name": kept.words("subject name")}],
            group={"headcount": 30, "representatives": [kept.words("representative")]},
            pending_procedure={"kind": kept.words("procedure"), "number": kept.words("procedure number")},
        )

    async def work_through(self) -> None:
        """One case from the report to the requester's rating, with a result that had to be done again."""
        reported = await self.report_at_length()
        self.case_no = case_no = reported["case_no"]
        task = f"tasks/{case_no}-T1"
        await self._case(case_no, "accept", note="note")
        await self._case(case_no, "serve-notice", notice_no=f"{case_no}-N1", how="mail", note="service note")
        await self._case(case_no, "whistle", reason="whistle reason", lead_unit=self._unit.unit.unit_id)
        await self._case(case_no, "urge", note="urge note")
        await self._case(case_no, "escalate", reason="escalate reason")
        await self._task(task, "sign")
        await self._task(task, "contact", note="contact note")
        await self._task(task, "report-in")
        await self._task(task, "progress", note="progress note")
        evidence = [await self._attach()]
        await self._task(task, "finish", reply="first reply", internal_note="internal note", evidence=evidence)
        await self._case(case_no, "verify", Role.GRID_WORKER, passed=False, note="verification note")
        await self._task(task, "finish", reply="second reply")
        await self._case(case_no, "verify", Role.GRID_WORKER, passed=True, note="second verification note")
        await self._case(case_no, "callback", outcome="unreachable", note="callback note")
        rating = {"rating": "satisfied", "solved": "yes", "note": self.kept.words("rating note")}
        await self._post(None, f"track/{reported['tracking_code']}/rate", rating, pin=reported["pin"] or "")
        await self._look_around(reported)

    async def end_otherwise(self) -> None:
        """The other ends that a case may come to."""
        declined = (await self.report("declined"))["case_no"]
        await self._case(declined, "decline", ground="other_authority", route="route")
        answered = (await self.report("answered", kind="inquiry"))["case_no"]
        await self._case(answered, "answer", reply="answer")
        settled = (await self.report("settled"))["case_no"]
        await self._case(settled, "settle", Role.GRID_WORKER, reply="settled reply")
        withdrawn = (await self.report("withdrawn"))["case_no"]
        await self._case(withdrawn, "withdraw", Role.GRID_WORKER, reason="withdrawal reason")
        await self._case(withdrawn, "confirm-withdrawal", confirmed=True, note="confirmation note")

    async def stay_anonymous(self) -> None:
        """Somebody tips off and would not be named, though her name was written down."""
        passing = self.passing
        await self.report(
            "anonymous",
            kind="tip_off",
            requester={
                "name": passing.words("anonymous name"),
                "phone": passing.phone("anonymous phone"),
                "anonymous": True,
                "safe_contact": {"never": self.kept.words("anonymous never")},
            },
            reported_by={"name": passing.words("anonymous reporter")},
            subjects=[{"type": "unit", "id": self._unit.unit.unit_id, "name": self.kept.words("subject unit name")}],
        )

    async def be_refused(self) -> None:
        """What rules, types or lengths forbid is refused and must be forgotten everywhere."""
        refused = self.passing.words("refused note")
        await self._post(Role.DISPATCHER, f"cases/{self.case_no}/accept", {"note": refused}, 409)
        for name, body in {
            "unknown field": {"note": "x", "also": self.passing.words("unknown field")},
            "too long": {"note": self.passing.words("too long") * 1_000},
            "wrong type": {"note": [self.passing.words("wrong type")]},
            "control character": {"note": f"\0{self.passing.words('control character')}"},
        }.items():
            assert name in self.passing.given
            await self._post(Role.DISPATCHER, f"cases/{self.case_no}/accept", body, 422)

    async def skip(self, effect_id: str) -> None:
        """An operator does without a signal that failed."""
        body = {"case_no": self.case_no, "effect_id": effect_id, "reason": self.kept.words("skip reason")}
        await self._post(Role.OPERATOR, "operations/skip", body)

    async def _look_around(self, reported: dict[str, str]) -> None:
        queries = {"q": self.passing.words("search"), "limit": 10}
        for path in ("cases", f"cases/{self.case_no}", f"cases/{self.case_no}/timeline", "tasks", self._notice):
            await self._get(path, queries if path == "cases" else {})
        pin = {"Tracking-Pin": reported["pin"] or ""}
        (await self._http.get(f"/api/v1/track/{reported['tracking_code']}", headers=pin)).raise_for_status()

    @property
    def _notice(self) -> str:
        return f"cases/{self.case_no}/notices/{self.case_no}-N1"

    async def _case(self, case_no: str, command: str, role: Role = Role.DISPATCHER, **fields: Any) -> None:
        await self._post(role, f"cases/{case_no}/{command}", self._marked(fields))

    async def _task(self, task: str, command: str, **fields: Any) -> None:
        await self._post(Role.HANDLER, f"{task}/{command}", self._marked(fields))

    def _marked(self, fields: dict[str, Any]) -> dict[str, Any]:
        """The fields, words among them replaced by marks of that name."""
        words = {"note", "reason", "reply", "internal_note", "route"}
        return {name: self.kept.words(value) if name in words else value for name, value in fields.items()}

    async def _attach(self) -> str:
        name, content = self.kept.words("file name"), self.passing.words("file content")
        answer = await self._http.post(
            "/api/v1/attachments",
            files={"file": (f"{name}.txt", content.encode(), "text/plain")},
            headers=self._token(Role.HANDLER),
        )
        assert answer.status_code == 201, answer.text
        attachment_id: str = answer.json()["id"]
        return attachment_id

    async def _get(self, path: str, queries: dict[str, Any]) -> None:
        role = Role.HANDLER if path == "tasks" else Role.DISPATCHER
        answer = await self._http.get(f"/api/v1/{path}", params=queries, headers=self._token(role))
        assert answer.status_code == 200, answer.text

    async def _post(self, role: Role | None, path: str, body: Any, expected: int = 200, *, pin: str = "") -> Any:
        headers = {"Tracking-Pin": pin} if role is None else self._token(role)
        answer = await self._http.post(f"/api/v1/{path}", json=body, headers=headers)
        while answer.status_code >= 500 and expected < 400:
            # The database may be made to fail; people try again.
            answer = await self._http.post(f"/api/v1/{path}", json=body, headers=headers)
        assert answer.status_code == expected, answer.text
        return answer.json()

    def _token(self, role: Role) -> dict[str, str]:
        unit = self._unit.unit.unit_id if role is Role.HANDLER else None
        claims = Claims(sub=f"{role}-1", role=role, unit=unit)
        return {"Authorization": f"Bearer {self._tokens.issue(claims)}"}
