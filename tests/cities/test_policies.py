"""Policy files: what a case gets of them, and how a mistake in one is named."""

import shutil
from pathlib import Path

import pytest

from infra.cities.faults import CityPackFault
from infra.policies import PolicyFile, read_policy
from workflows.contracts.policy import CasePolicy
from workflows.contracts.vocabulary import CaseKind, ClockName, LimitUnit, Urgency

POLICIES = Path("infra/cities/yunjiang/policies").resolve()
WAGES = "劳动和社会保障/工资福利/工资发放"


@pytest.fixture
def policies(tmp_path: Path) -> Path:
    return Path(shutil.copytree(POLICIES, tmp_path / "policies"))


def resolve(
    name: str, urgency: Urgency = Urgency.ORDINARY, source: str = "hotline", category: str | None = None
) -> CasePolicy:
    return read_policy(POLICIES / f"{name}.yaml").resolve(source, CaseKind.HELP, urgency, category)


def citizen(policy: CasePolicy) -> str:
    return str(policy.case_limits[ClockName.CITIZEN].limit)


def finish(policy: CasePolicy, preset: str = "") -> str:
    return str(policy.task_presets[preset or policy.default_task_preset][ClockName.FINISH].limit)


def test_every_policy_of_the_city_is_sound() -> None:
    assert {read_policy(path).name for path in POLICIES.glob("*.yaml")} == {
        "centre_desk",
        "emergency",
        "hotline_general",
        "hotline_graded",
        "petition",
        "rehearsal",
        "whistle_critical",
        "whistle_standard",
        "yunjiang",
    }


def test_an_ordinary_matter_gets_the_general_hotline_limits() -> None:
    policy = resolve("city")

    assert citizen(policy) == "5 working_days from registered"
    assert finish(policy) == "5 working_days from dispatched"
    assert set(policy.task_presets) >= {"hotline_general", "whistle_standard", "whistle_critical", "emergency"}
    assert str(policy.ladder.escalate_after) == "2 working_days"


def test_an_emergency_gets_minutes_and_a_ladder_in_minutes_whatever_its_source() -> None:
    policy = resolve("city", Urgency.EMERGENCY, source="petition", category=WAGES)

    assert citizen(policy) == "2 hours from registered"
    assert policy.default_task_preset == "emergency"
    assert finish(policy) == "2 hours from dispatched"
    assert [str(policy.ladder.supervise_after), str(policy.ladder.escalate_after)] == ["15 minutes", "30 minutes"]


def test_a_petition_gets_the_limits_of_the_petition_regulation() -> None:
    policy = resolve("city", source="petition")

    assert citizen(policy) == "75 calendar_days from registered"
    assert finish(policy) == "60 calendar_days from accepted"


def test_an_urgent_matter_is_graded() -> None:
    assert citizen(resolve("city", Urgency.URGENT)) == "24 hours from registered"


def test_a_limit_by_law_for_the_class_replaces_finish() -> None:
    policy = resolve("city", category=WAGES)

    assert finish(policy) == "60 working_days"
    assert finish(policy, "whistle_standard") == "60 working_days"
    assert finish(resolve("city", category="劳动和社会保障/工资福利/其他")) == "5 working_days from dispatched"


@pytest.mark.parametrize(
    ("urgency", "limit"),
    [
        (Urgency.EMERGENCY, "2 hours"),
        (Urgency.URGENT, "24 hours"),
        (Urgency.IMPORTANT, "7 calendar_days"),
        (Urgency.ORDINARY, "15 calendar_days"),
    ],
)
def test_the_graded_preset_follows_the_urgency(urgency: Urgency, limit: str) -> None:
    assert citizen(resolve("hotline_graded", urgency)) == f"{limit} from registered"


def test_a_rehearsal_counts_in_seconds_and_tries_again_quickly() -> None:
    policy = resolve("rehearsal")
    limits = policy.case_limits | policy.task_presets["rehearsal"]

    assert {one.limit.unit for name, one in limits.items() if name is not ClockName.ARCHIVE_AFTER} == {
        LimitUnit.SECONDS
    }
    assert policy.retry == "rehearsal"


def test_what_a_case_carries_stays_small_and_survives_the_way_there_and_back() -> None:
    policy = resolve("city", Urgency.EMERGENCY)
    carried = policy.model_dump_json()

    assert len(carried.encode()) < 2_600
    assert CasePolicy.model_validate_json(carried) == policy


def test_a_policy_file_survives_the_database() -> None:
    policy = read_policy(POLICIES / "city.yaml")

    assert PolicyFile.model_validate(policy.model_dump(mode="json")) == policy


MISTAKES = [
    ("centre_desk", "4 working_hours from registered", "4 workhours", "accept.limit: not a limit"),
    ("centre_desk", ', source: "[default] 受理"}', "}", "accept.source: Field required"),
    ("centre_desk", '"[default] 受理"', '" "', "accept.source"),
    ("centre_desk", "  verify: {limit: 2 working_days", "  sign: {limit: 2 working_days", "is a clock of tasks"),
    ("centre_desk", "  verify:", "  watch:", "watch"),
    ("centre_desk", "    finish:", "    verify:", "is a clock of the case"),
    ("centre_desk", "hours from registered", "hours from midnight", "nothing is counted from midnight"),
    ("centre_desk", "escalate_after: 2 working_days", "escalate_after: 1 working_hours", "ladder out of order"),
    ("centre_desk", "warn_fraction: 0.8", "warn_fraction: 80", "warn_fraction"),
    ("centre_desk", "callback: {limit: 3 working_days", "callback: {limit: 9 seconds", "for rehearsals"),
    ("rehearsal", "sign: {limit: 4 seconds", "sign: {limit: 2 seconds", "3 of them or more"),
    ("rehearsal", "    finish:", "    sign:", "given twice"),
    ("city", "preset: graded_urgent", "preset: graded", "unknown preset graded"),
    ("city", "  - {preset: hotline_general}\n", "", "the last rule must match every case"),
    ("city", "{when: {urgency: urgent}, ", "{", "the last rule must match every case"),
    ("city", "urgency: urgent", "urgency: hasty", "selection.2.when.urgency"),
    ("city", "default_task_preset: hotline_general", "default_task_preset: slow", "unknown task preset slow"),
    ("city", "version: 1", "version: one", "version"),
    ("city", "petition, whistle", "petitions, whistle", "there is no petitions.yaml"),
    ("city", "extends: [hotline_general,", "extends: [city,", "extends this file in turn"),
    ("city", "extends: [", "extends: [../x, ", "not the name of a policy file"),
    ("city", "title:", "colour: red\ntitle:", "colour: Extra inputs"),
    ("emergency", "ladder: emergency", "ladder: steep", "unknown ladder steep"),
    ("emergency", "task_preset: emergency\n    l", "task_preset: slow\n    l", "unknown task preset slow"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "old", "new", "reason"), MISTAKES, ids=[reason for *_, reason in MISTAKES])
def test_a_mistake_is_named_by_file_and_line(policies: Path, name: str, old: str, new: str, reason: str) -> None:
    path = policies / f"{name}.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(CityPackFault) as refused:
        read_policy(path)

    changed = text[: text.index(old)].count("\n") + 1
    [fault] = [fault for fault in refused.value.faults if reason in fault.reason]
    assert fault.file == path.name
    assert fault.line in {changed - 1, changed}, "where it stands, or the line above what is missing"


@pytest.mark.parametrize("clock", ["accept", "dispatch", "verify", "callback", "withdrawal", "level", "archive_after"])
def test_a_waiting_state_without_its_clock_is_refused(policies: Path, clock: str) -> None:
    path = policies / "rehearsal.yaml"
    lines = path.read_text(encoding="utf-8").split("\n")
    kept = [line for line in lines if not line.startswith(f"  {clock}:")]
    path.write_text("\n".join(kept), encoding="utf-8")
    with pytest.raises(CityPackFault) as refused:
        read_policy(path)

    [fault] = refused.value.faults
    assert fault.reason.endswith(f"{clock} is missing")
    assert kept[fault.line - 1].strip() == "rehearsal: {}"


def test_a_mistake_in_an_extended_file_is_named_there(policies: Path) -> None:
    path = policies / "centre_desk.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("2 working_hours", "2 wh"), encoding="utf-8")
    line = next(n for n, written in enumerate(text.split("\n"), 1) if "2 working_hours" in written)
    with pytest.raises(CityPackFault) as refused:
        read_policy(policies / "city.yaml")

    assert [(fault.file, fault.line) for fault in refused.value.faults] == [("centre_desk.yaml", line)]
