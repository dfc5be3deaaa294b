"""The pages of sweeps: ordering one, visiting, and what is refused with everything that was typed kept."""

from datetime import UTC, datetime, timedelta

from api.pages import sweep_words as words
from infra.sweeps import vocabulary as v
from tests.pages.visiting import Visitors
from workflows.contracts.vocabulary import Role
from workflows.rules.calendar import local_date

VILLAGE = "990102002001"


def test_every_value_has_a_word() -> None:
    for names, said in (
        (v.ItemKind, words.ITEM_KINDS),
        (v.SpotKind, words.SPOT_KINDS),
        (v.ItemStatus, words.ITEM_STATUSES),
        (v.Owed, words.OWED),
        (v.VisitOutcome, words.VISITS),
        (v.SweepAct, words.ACTS),
    ):
        assert {str(name) for name in names} == set(said)


async def test_a_sweep_is_ordered_visited_checked_and_closed_on_its_pages(visitors: Visitors) -> None:
    village = visitors.role(Role.GRID_WORKER, region=VILLAGE)
    township = visitors.role(Role.SUPERVISOR, region="990102002000")
    spots = await village.see("/trouble-spots")
    spots = await village.send(spots, "/trouble-spots", name="东干渠分水口", kind="water", region_code=VILLAGE)
    assert "东干渠分水口" in spots.text
    today = local_date(datetime.now(UTC))
    dates = {"starts_on": f"{today}", "ends_on": f"{today + timedelta(days=30)}"}
    listed = await township.see("/sweeps")
    ordering = {"title": "秋收前排查", "region_code": "990102002000", **dates}
    refused = await township.send(listed, "/sweeps", 422, theme=" ", **ordering)
    assert refused.form("/sweeps").values["title"] == ["秋收前排查"]
    ordered = await township.send(refused, "/sweeps", theme="秋收前", **ordering)
    assert "东干渠分水口" in ordered.text
    at = ordered.path

    page = await village.see(at)
    visit = next(form.action for form in page.forms if form.action.endswith("/visit"))
    told = {"outcome": "finding", "note": "分水口被加高"}
    missing = await village.send(page, visit, 422, **told)
    assert missing.form(visit).values["note"] == ["分水口被加高"]
    assert "请填写标题和情况说明" in missing.text
    found = await village.send(missing, visit, **told, title="两户争水")
    assert "新案件：" in found.text
    assert not any(form.action == visit for form in found.forms)
    late = await village.send(page, visit, 403, outcome="calm")
    assert "您的身份不能进行这项操作" in late.text

    checks = await township.see(at)
    check = visit.replace("/visit", "/check")
    checked = await township.send(checks, check, agrees="true", note="已看过")
    assert "核查认可" in checked.text
    closed = await township.send(checked, "/close", reason="其余并入下次")
    assert "已收官" in closed.text
    assert not any(form.action.startswith(f"{at}/") for form in closed.forms)
    empty = await visitors.role(Role.AUDITOR, region="990102001001").see("/sweeps")
    assert "还没有部署过排查" in empty.text
