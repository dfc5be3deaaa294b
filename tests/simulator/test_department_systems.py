import base64
from datetime import timedelta

from tests.simulator.public_side import PublicSide, signal

STEPS = ("sign", "contact", "report-in", "finish")


def _without_notes(steps: list[str]) -> list[str]:
    return [step for step in steps if not step.endswith("/progress")]


async def test_a_dispatched_task_is_signed_contacted_reported_in_and_finished_in_that_order() -> None:
    side = PublicSide()
    headers, body = signal("9901022026030200001-T1")
    assert await side.system().receive(headers, body) == (202, {})
    await side.until(lambda side: any(step.endswith("/finish") for step in side.steps))
    assert _without_notes(side.steps) == [f"9901022026030200001-T1/{step}" for step in STEPS]


async def test_a_signal_signed_with_another_secret_is_refused_and_nothing_is_done() -> None:
    side = PublicSide()
    system = side.system()
    stranger = "whsec_" + base64.b64encode(b"somebody else's").decode()
    assert (await system.receive(*signal(secret=stranger)))[0] == 401
    await system.stop()
    assert side.asked == []


async def test_a_changed_body_an_unreadable_signature_and_a_missing_one_are_refused() -> None:
    system = PublicSide().system()
    headers, body = signal()
    assert (await system.receive(headers, body.replace(b"T1", b"T2")))[0] == 401
    assert (await system.receive({**headers, "webhook-signature": "v1,§"}, body))[0] in {400, 401}
    assert (await system.receive({}, body))[0] == 401


async def test_the_same_signal_a_second_time_is_answered_409_and_worked_on_once() -> None:
    side = PublicSide()
    system = side.system()
    again = signal()
    assert [(await system.receive(*again))[0] for _ in range(2)] == [202, 409]
    await side.until(lambda side: any(step.endswith("/finish") for step in side.steps))
    await system.stop()
    assert len(_without_notes(side.steps)) == len(STEPS)
    assert system.answered == {202: 1, 409: 1}


async def test_a_system_that_is_down_asks_to_come_back_and_then_takes_the_same_signal() -> None:
    system = PublicSide().system(first_answers=(503, 500))
    again = signal()
    assert await system.receive(*again) == (503, {"retry-after": "1"})
    assert await system.receive(*again) == (500, {})
    assert (await system.receive(*again))[0] == 202
    await system.stop()


async def test_a_class_without_a_place_in_its_software_is_refused_every_time_but_a_reminder_is_taken() -> None:
    system = PublicSide().system(refused_classes=("国土资源/矿产",))
    mining = "国土资源/矿产资源管理/矿产开采"
    assert [(await system.receive(*signal(category=mining)))[0] for _ in range(2)] == [422, 422]
    assert (await system.receive(*signal(kind="task.urged", category=mining)))[0] == 202


async def test_one_that_waits_for_the_city_does_nothing_until_it_is_urged_there() -> None:
    side = PublicSide(level="county")
    system = side.system(waits_for_the_city=True)
    await system.receive(*signal())
    await system.receive(*signal(kind="task.supervised", number=2))
    await side.until(lambda side: len(side.asked) == 1)
    assert side.steps == []
    side.level = "city"
    await system.receive(*signal(kind="task.urged", number=3))
    await side.until(lambda side: any(step.endswith("/finish") for step in side.steps))


async def test_a_rework_is_done_again_under_new_idempotency_keys() -> None:
    side = PublicSide()
    system = side.system()
    await system.receive(*signal())
    await side.until(lambda side: any(step.endswith("/finish") for step in side.steps))
    rework = signal(kind="task.changed", number=2, clocks=("finish",), due_in=timedelta(seconds=60))
    await system.receive(*rework)
    await side.until(lambda side: sum(step.endswith("/finish") for step in side.steps) == 2)
    keys = [request.headers["idempotency-key"] for request in side.asked]
    assert len(set(keys)) == len(keys)


async def test_a_cancelled_task_is_let_go_of() -> None:
    side = PublicSide()
    system = side.system()
    await system.receive(*signal("9901022026030200001-T1"))
    await system.receive(*signal("9901022026030200001-T1", kind="task.cancelled", number=2))
    await system.receive(*signal("9901022026030200002-T1"))
    await side.until(lambda side: any(step.endswith("/finish") for step in side.steps))
    assert not any(step.startswith("9901022026030200001") for step in side.steps)


async def test_after_a_restart_it_goes_on_with_the_open_tasks_of_its_inbox() -> None:
    due = "2026-03-02T09:00:00+08:00"
    clocks = [
        {"name": "sign", "due_at": due, "met_at": due, "stopped_at": None},
        {"name": "finish", "due_at": due, "met_at": None, "stopped_at": None},
    ]
    item = {"case_no": "9901022026030200001", "clocks": clocks}
    side = PublicSide(
        inbox=[
            {**item, "task_no": "9901022026030200001-T1", "open": True},
            {**item, "task_no": "9901022026030200001-T2", "open": False},
        ]
    )
    await side.system().take_up_open_tasks()
    await side.until(lambda side: any(step.endswith("/finish") for step in side.steps))
    assert _without_notes(side.steps) == ["9901022026030200001-T1/finish"]
