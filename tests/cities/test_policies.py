"""Policy files: what a case gets of them."""

from pathlib import Path

import pytest

from infra.policies.reading import read_policy
from infra.policies.written import PolicyFile
from workflows.contracts.clocks import Limit
from workflows.contracts.policy import EVERY_OWNER, CasePolicy, ClockPolicy
from workflows.contracts.vocabulary import (
    CaseKind,
    CaseStatus,
    ClockName,
    LimitUnit,
    OwnerRole,
    PauseGround,
    RiskLevel,
    Role,
    Urgency,
)

POLICIES = Path("infra/cities/yunjiang/policies").resolve()
MEDICAL = "卫生计生/医患纠纷/医疗事故争议"
WAGES = "劳动和社会保障/工资福利/工资发放"


def resolve(
    name: str,
    urgency: Urgency = Urgency.ORDINARY,
    source: str = "hotline",
    category: str | None = None,
    risk: RiskLevel | None = None,
) -> CasePolicy:
    return read_policy(POLICIES / f"{name}.yaml").resolve(source, CaseKind.HELP, urgency, category, risk)


def finish_of(policy: CasePolicy) -> ClockPolicy:
    return policy.task_presets[policy.default_task_preset][ClockName.FINISH]


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
        "statutory",
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
    assert {
        name: str(policy.case_limits[name].limit)
        for name in (ClockName.NOTICE, ClockName.REVIEW, ClockName.RE_REVIEW, ClockName.OBJECTION)
    } == {
        "notice": "15 calendar_days from registered",
        "review": "30 calendar_days from served",
        "re_review": "30 calendar_days from served",
        "objection": "5 working_days from served",
    }
    assert set(policy.case_limits[ClockName.RE_REVIEW].pauses) == {PauseGround.HEARING}
    assert not policy.case_limits[ClockName.REVIEW].pauses


@pytest.mark.parametrize(
    ("source", "category", "at_most", "approver"),
    [
        ("hotline", None, "10 working_days", Role.DISPATCHER),
        ("petition", None, "30 calendar_days", Role.SUPERVISOR),
        ("hotline", WAGES, "30 working_days", Role.SUPERVISOR),
    ],
)
def test_an_extension_has_a_maximum_and_an_approver(
    source: str, category: str | None, at_most: str, approver: Role
) -> None:
    extension = finish_of(resolve("city", source=source, category=category)).extension

    assert extension is not None
    assert (extension.at_most, extension.approver) == (Limit.parse(at_most), approver)


def test_an_emergency_is_neither_extended_nor_paused() -> None:
    policy = resolve("city", Urgency.EMERGENCY, category=MEDICAL)
    limits = [*policy.case_limits.values(), *policy.task_presets["emergency"].values()]

    assert not any(limit.extension or limit.pauses or limit.limit.office_start for limit in limits)


def test_a_task_is_sent_back_only_within_the_window_of_its_preset() -> None:
    windows = resolve("city").send_back_windows

    assert {name: str(window.limit) for name, window in windows.items()} == {
        "hotline_general": "2 working_days",
        "whistle_standard": "2 working_days",
        "whistle_critical": "2 working_days",
        "petition": "5 working_days",
    }


@pytest.mark.parametrize("urgency", [Urgency.EMERGENCY, Urgency.URGENT])
def test_what_is_urgent_is_not_sent_back(urgency: Urgency) -> None:
    policy = resolve("city", urgency)

    assert policy.default_task_preset not in policy.send_back_windows


def test_the_centre_decides_about_a_send_back_and_a_dispute_on_a_clock() -> None:
    limits = resolve("city").case_limits

    assert [str(limits[name].limit) for name in (ClockName.SEND_BACK, ClockName.DISPUTE)] == [
        "4 working_hours",
        "1 working_days",
    ]
    rehearsed = resolve("rehearsal")
    assert {rehearsed.case_limits[name].limit.unit for name in (ClockName.SEND_BACK, ClockName.DISPUTE)} == {
        LimitUnit.SECONDS
    }
    assert set(rehearsed.send_back_windows) == {"rehearsal"}


def test_somebody_owes_the_next_step_in_every_status_but_the_last() -> None:
    owners = EVERY_OWNER | resolve("city").owners

    assert set(owners) == set(CaseStatus) - {CaseStatus.ARCHIVED}
    assert owners[CaseStatus.VERIFIED] is OwnerRole.CALLBACK_DESK


def test_an_urgent_matter_is_graded() -> None:
    assert citizen(resolve("city", Urgency.URGENT)) == "24 hours from registered"


def test_a_limit_by_law_for_the_class_replaces_finish() -> None:
    policy = resolve("city", category=WAGES)

    assert finish(policy) == "60 working_days"
    assert finish(policy, "whistle_standard") == "60 working_days"
    assert finish_of(policy).statutory
    assert not finish_of(resolve("city")).statutory
    assert finish(resolve("city", category="劳动和社会保障/工资福利/其他")) == "5 working_days from dispatched"


def test_an_appraisal_does_not_count_against_medical_mediation() -> None:
    policy = resolve("city", category=MEDICAL)

    assert finish(policy) == "30 working_days"
    assert set(finish_of(policy).pauses) == {PauseGround.MEDICAL_APPRAISAL}
    assert finish_of(policy).extension is None


def test_a_traffic_accident_is_mediated_within_ten_days() -> None:
    assert finish(resolve("city", category="政法/交通管理/交通事故")) == "10 calendar_days"


def test_a_preset_can_be_chosen_by_the_risk(tmp_path: Path) -> None:
    for path in POLICIES.glob("*.yaml"):
        text = path.read_text(encoding="utf-8").replace("urgency: urgent}, preset", "risk: red}, preset")
        (tmp_path / path.name).write_text(text, encoding="utf-8")
    policy = read_policy(tmp_path / "city.yaml")
    chosen = [
        policy.resolve("hotline", CaseKind.HELP, Urgency.ORDINARY, None, risk).default_task_preset
        for risk in (None, RiskLevel.YELLOW, RiskLevel.RED)
    ]

    assert chosen == ["hotline_general", "hotline_general", "urgent"]


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

    assert len(carried.encode()) < 5_000
    assert CasePolicy.model_validate_json(carried) == policy


def test_a_policy_file_survives_the_database() -> None:
    policy = read_policy(POLICIES / "city.yaml")

    assert PolicyFile.model_validate(policy.model_dump(mode="json")) == policy


def test_a_version_from_before_files_named_owners_can_still_be_given_to_a_case() -> None:
    data = read_policy(POLICIES / "city.yaml").model_dump(mode="json")
    del data["owners"], data["send_back_windows"]
    policy = PolicyFile.model_validate(data).resolve("hotline", CaseKind.HELP, Urgency.ORDINARY, None)

    assert EVERY_OWNER | policy.owners == EVERY_OWNER
    assert policy.send_back_windows == {}
