"""Policy files: how a mistake in one is named, and how what is missing is."""

import shutil
from pathlib import Path

import pytest

from infra.cities.faults import CityPackFault, Fault
from infra.cities.reader import read_words
from infra.policies.city_words import CityWords
from infra.policies.reading import read_policy
from workflows.contracts.vocabulary import CaseStatus

YUNJIANG = Path("infra/cities/yunjiang").resolve()


@pytest.fixture
def policies(tmp_path: Path) -> Path:
    return Path(shutil.copytree(YUNJIANG / "policies", tmp_path / "policies"))


@pytest.fixture(scope="module")
def words() -> CityWords:
    return read_words(YUNJIANG)


MORE = "{at_most: 1 hours, approver: supervisor, source: x}"
MISTAKES = [
    ("centre_desk", "4 working_hours from registered", "4 workhours", "accept.limit: not a limit"),
    ("centre_desk", ', source: "[default] 受理"}', "}", "accept.source: is missing"),
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
    ("city", "{when: {urgency: urgent}, ", "{", "the rules after it are never reached"),
    ("city", "urgency: urgent", "urgency: hasty", "selection.2.when.urgency"),
    ("city", "default_task_preset: hotline_general", "default_task_preset: slow", "unknown task preset slow"),
    ("city", "version: 1", "version: one", "version"),
    ("city", "petition, whistle", "petitions, whistle", "there is no petitions.yaml"),
    ("city", "extends: [statutory,", "extends: [city,", "extends this file in turn"),
    ("city", "extends: [", "extends: [../x, ", "not the name of a policy file"),
    ("city", "title:", "colour: red\ntitle:", "colour: is a key that nobody knows"),
    ("emergency", "ladder: emergency", "ladder: steep", "unknown ladder steep"),
    ("centre_desk", "3 working_days", "0 working_days", "callback.limit: not a limit"),
    ("centre_desk", "  verify: {limit", "  commitment: {limit", "it has no limit in a file"),
    ("centre_desk", "at_most: 10 working_days", "at_most: 10 calendar_days", "is extended by working_days, not by"),
    ("centre_desk", "at_most: 10 working_days", "at_most: 10 working_days from served", "does not count from served"),
    ("centre_desk", "at_most: 10 working_days", "at_most: 10", "extension.at_most: Input should be a valid string"),
    ("centre_desk", "approver: dispatcher", "approver: handler", "extension.approver: Input should be 'dispatcher'"),
    ("centre_desk", "after: 1 working_days", "after: 1 working_days from served", "does not count from served"),
    ("centre_desk", "  hotline_general: {limit: 2", "  hotline: {limit: 2", "unknown task preset hotline"),
    ("centre_desk", "registered: dispatcher", "archived: dispatcher", "nobody owes anything on an archived case"),
    ("centre_desk", "verified: callback_desk", "verified: lead_unit", "there may be no lead_unit while"),
    ("centre_desk", "dispatched: lead_unit", "dispatched: co_unit", "there may be no co_unit while"),
    ("centre_desk", "verified: callback_desk", "verified: mayor", "owners.verified: Input should be"),
    ("city", "selection:", "rating_scale: [splendid]\nselection:", "rating splendid has no label"),
    ("city", "urgency: urgent}", "category: 航天/火箭}", "class 航天/火箭 is not in matters.csv"),
    ("city", "urgency: urgent}", "risk: green}", "selection.2.when.risk"),
    ("emergency", "finish: {", f"finish: {{extension: {MORE}, ", "a limit in hours cannot be extended"),
    ("petition", "30 calendar_days from served", "30 calendar_days", "review counts from the day the paper is served"),
    ("statutory", "at_most: 90 calendar_days", "at_most: 2 years", "a pause is a year long at most"),
    ("statutory", "at_most: 90 calendar_days", "at_most: 9 hours office_start", "neither office_start nor next_hour"),
    ("statutory", "medical_appraisal:", "holiday:", "pauses.holiday: Input should be"),
    ("statutory", "政法/交通管理/交通事故", "政法/交通管理/飞行", "class 政法/交通管理/飞行 is not in matters.csv"),
    ("statutory", "at_most: 90 calendar_days", "at_most: 9 hours next_hour", "neither office_start nor next_hour goes"),
    ("centre_desk", "limit: 3 working_days", "limit: 9000 years", "9000 years are too long: ten years at most"),
    ("centre_desk", "limit: 3 working_days", "limit: 121 months", "callback.limit: 121 months are too long"),
    ("centre_desk", "limit: 5 working_days from d", "limit: 99999 hours from d", "finish.limit: 99999 hours are"),
    ("centre_desk", "at_most: 10 working_days", "at_most: 2700 working_days", "at_most: 2700 working_days are"),
    ("centre_desk", "  hotline_general: {limit: 2", "  hotline_general: {limit: 9999", "9999 working_days are"),
    ("centre_desk", "escalate_after: 2 working_days", "escalate_after: 11 years", "escalate_after: 11 years are"),
    ("centre_desk", "every: 1 working_days", "every: 59 minutes", "reminders at the top come an hour apart or more"),
    ("centre_desk", "every: 1 working_days", "every: 2 hours office_start", "every: is an amount alone: neither"),
    ("centre_desk", "supervise_after: 1 working_days", "supervise_after: 2 hours next_hour", "alone: neither"),
    ("statutory", "limit: 60 working_days", "limit: 4000 working_days", "limit: 4000 working_days are too long"),
    ("emergency", "task_preset: emergency\n    l", "task_preset: slow\n    l", "unknown task preset slow"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "old", "new", "reason"), MISTAKES, ids=[reason for *_, reason in MISTAKES])
def test_a_mistake_is_named_by_file_and_line(
    policies: Path, words: CityWords, name: str, old: str, new: str, reason: str
) -> None:
    path = policies / f"{name}.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(CityPackFault) as refused:
        read_policy(path, words)

    changed = text[: text.index(old)].count("\n") + 1
    [fault] = [fault for fault in refused.value.faults if reason in fault.reason]
    assert fault.file == path.name
    assert fault.line in {changed - 1, changed}, "where it stands, or the line above what is missing"


@pytest.mark.parametrize(
    "clock",
    [
        "accept",
        "dispatch",
        "verify",
        "callback",
        "withdrawal",
        "extension",
        "send_back",
        "dispute",
        "level",
        "archive_after",
    ],
)
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


@pytest.mark.parametrize("status", ["registered", "dispatched", "finished", "closed", "withdrawn"])
def test_a_waiting_state_without_an_owner_is_refused(policies: Path, status: str) -> None:
    path = policies / "rehearsal.yaml"
    lines = path.read_text(encoding="utf-8").split("\n")
    kept = [line for line in lines if not line.startswith(f"  {status}: ")]
    path.write_text("\n".join(kept), encoding="utf-8")
    with pytest.raises(CityPackFault) as refused:
        read_policy(path)

    line = kept.index("owners:") + 1
    reason = f"owners: nobody owes the next step while a case is {status}: {status} is missing"
    assert refused.value.faults == (Fault("rehearsal.yaml", line, reason),)


def test_who_owes_a_case_that_is_talked_out_is_not_the_files_to_say(policies: Path) -> None:
    assert {CaseStatus.IN_MEDIATION, CaseStatus.AGREED}.isdisjoint(read_policy(policies / "rehearsal.yaml").owners)


@pytest.mark.parametrize(
    ("last", "uncovered"),
    [
        ("{when: {category: 城乡建设}, preset: graded_urgent}", "class 党务政务/党的建设/制度建设, any other source"),
        ("{when: {kind: help}, preset: graded_urgent}", "kind inquiry, urgency important"),
        ("{when: {risk: red}, preset: graded_urgent}", "urgency important, risk not set"),
        ("{when: {urgency: important}, preset: graded_urgent}", "urgency ordinary"),
    ],
)
def test_a_sort_of_case_that_no_rule_takes_is_named(
    policies: Path, words: CityWords, last: str, uncovered: str
) -> None:
    path = policies / "city.yaml"
    text = path.read_text(encoding="utf-8").replace("{preset: hotline_general}", last)
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CityPackFault) as refused:
        read_policy(path, words)

    [fault] = refused.value.faults
    assert fault.line == text[: text.index("selection:")].count("\n") + 1
    assert "no rule covers class " in fault.reason
    assert uncovered in fault.reason


def test_rules_for_every_urgency_cover_every_case_without_a_last_one(policies: Path, words: CityWords) -> None:
    path = policies / "hotline_graded.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("{preset: graded_ordinary}", "{when: {urgency: ordinary}, preset: graded_ordinary}"))

    assert read_policy(path, words).name == "hotline_graded"


@pytest.mark.parametrize(
    ("content", "line", "reason"),
    [
        (b"", 1, "expected a mapping"),
        (b"- name\n", 1, "expected a mapping"),
        ("name: x\ntitle: 时限\n".encode("gb18030"), 2, "is not UTF-8"),
        (b"name: x\nselection: [\n", 3, "not valid YAML"),
        (b'name: x\ntitle: "\x01"\n', 2, "characters that cannot be printed"),
        (b"name: x\n#" + b" " * (1 << 20), 0, "is larger than 1 MiB"),
    ],
)
def test_a_file_that_is_no_policy_at_all_is_one_line(tmp_path: Path, content: bytes, line: int, reason: str) -> None:
    path = tmp_path / "odd.yaml"
    path.write_bytes(content)
    with pytest.raises(CityPackFault) as refused:
        read_policy(path)

    [fault] = refused.value.faults
    assert (fault.file, fault.line) == ("odd.yaml", line)
    assert reason in fault.reason


def test_a_mistake_in_an_extended_file_is_named_there(policies: Path) -> None:
    path = policies / "centre_desk.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("2 working_hours", "2 wh"), encoding="utf-8")
    line = next(n for n, written in enumerate(text.split("\n"), 1) if "2 working_hours" in written)
    with pytest.raises(CityPackFault) as refused:
        read_policy(policies / "city.yaml")

    assert [(fault.file, fault.line) for fault in refused.value.faults] == [("centre_desk.yaml", line)]


def test_what_cannot_be_read_hides_none_of_the_other_faults(policies: Path, words: CityWords) -> None:
    desk = policies / "centre_desk.yaml"
    written = desk.read_text(encoding="utf-8")
    for old, new in (
        ('verify: {limit: 2 working_days, source: "[default] 核查"}', "verify: {limit: 2 working_days}"),
        ("warn_fraction: 0.8", "warn_fraction: 3"),
        ("supervise_after: 1 working_days", "supervise_after: 9 working_days"),
        ("accept: {limit: 4 working_hours", "accept: {limit: 4 fortnights"),
    ):
        assert old in written
        written = written.replace(old, new)
    desk.write_text(written, encoding="utf-8")
    with pytest.raises(CityPackFault) as refused:
        read_policy(desk, words)
    told = " | ".join(fault.reason for fault in refused.value.faults)
    for reason in ("verify.source: is missing", "less than 1", "unknown unit 'fortnights'", "ladder out of order"):
        assert reason in told
    assert len(refused.value.faults) == 4
