"""Every rule has a code, a sentence in both languages and a source, and each route tells those that can refuse it."""

import re
from collections.abc import Iterator
from typing import Any, get_args

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts

from api.bodies import CommandBody
from api.pages.refusals import explain
from api.rule_book.book import PARTS, RULE_BOOK
from api.rule_book.entry import RuleEntry
from api.rule_book.stated import codes_of, rules_by_command
from tests.api.calling import Callers
from tests.api.rule_calls import RuleCode
from workflows.contracts import commands as c
from workflows.contracts.command import Command
from workflows.contracts.commands import AnyCommand
from workflows.contracts.errors import RuleViolation
from workflows.contracts.mediation import commands as m
from workflows.contracts.vocabulary import Role
from workflows.rules.decide import DECIDED_WHERE_THE_CASE_IS

CODE = RuleCode()
COMMANDS: tuple[type[Command], ...] = get_args(AnyCommand)
TO_A_MEDIATION = tuple(command for command in get_args(m.AnyMediationCommand) if command not in COMMANDS)
OF_NO_CALLER = {
    c.AdoptCalendar,
    c.AdoptPolicy,
    c.SucceedUnit,
    c.TakeIn,
    c.FollowMain,
    c.GoAlone,
    c.SplitOff,
    c.JoinIssue,
    c.FollowMediation,
    m.LockMediation,
    m.StopMediation,
}
"""A batch, another case, or a case and its mediation give them to each other."""
REFUSES_NOBODY = (("mediation.ladder", "run_out"), ("mediation.fulfilment", "settle_if_done"))
"""What follows from time, and from an agreement that binds."""
SOURCE = re.compile(r"\[(law|practice|default|process)\]( [^\[\]|]+?(；\[(law|practice|default)\] [^\[\]|]+?)*)?")
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def _commanded(app: FastAPI) -> Iterator[tuple[str, type[Command]]]:
    """The path of each route that makes a command, and the command."""
    for found in iter_route_contexts(app.routes):
        route = found.original_route
        if isinstance(route, APIRoute) and "POST" in (route.methods or ()):
            note = route.endpoint.__annotations__.get("body")
            for body in get_args(note) or (note,):
                if isinstance(body, type) and issubclass(body, CommandBody):
                    yield str(found.path), body.makes


def test_the_book_has_exactly_the_codes_that_the_rules_raise() -> None:
    assert set(RULE_BOOK) == CODE.all_codes()


def test_no_code_stands_in_two_parts_of_the_book() -> None:
    assert sum(map(len, PARTS)) == len(RULE_BOOK)


@pytest.mark.parametrize(("code", "rule"), RULE_BOOK.items())
def test_a_rule_says_in_both_languages_why_it_refuses_and_where_it_comes_from(code: str, rule: RuleEntry) -> None:
    assert re.fullmatch(r"[a-z]+(_[a-z]+)*", code)
    assert 6 <= len(rule.zh) <= 60
    assert rule.zh.endswith("。")
    assert CHINESE.search(rule.zh)
    assert 20 <= len(rule.en) <= 160
    assert rule.en.endswith(".")
    assert rule.en[0].isupper()
    assert not CHINESE.search(rule.en)
    assert SOURCE.fullmatch(rule.source)
    assert "|" not in rule.zh + rule.en


def test_a_commands_rule_is_the_one_that_decide_hands_it_to() -> None:
    handed = CODE.table_of_commands()
    to_a_mediation = CODE.table_of_commands("mediation.decide")
    assert set(handed) == {command.__name__ for command in COMMANDS}
    assert set(to_a_mediation) == {command.__name__ for command in get_args(m.AnyMediationCommand)}
    known = rules_by_command()
    for command in (*COMMANDS, *TO_A_MEDIATION):
        rule = (handed if command in COMMANDS else to_a_mediation)[command.__name__]
        if rule is None:
            assert command not in known
        elif not rule[1].startswith("_"):
            module, name = rule
            assert (known[command].__module__, known[command].__name__) == (f"workflows.rules.{module}", name)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_rules_docstring_tells_exactly_the_codes_that_it_can_raise(command: type[Command]) -> None:
    handed = CODE.table_of_commands()
    rule, level = handed[command.__name__], ("levels", "require_own_level")
    can_raise = CODE.codes(("decide", "decide"), but_not=[level, *(found for found in handed.values() if found)])
    if issubclass(command, DECIDED_WHERE_THE_CASE_IS):
        can_raise |= CODE.codes(level)
    if rule is not None:
        can_raise |= CODE.codes(rule)
    assert set(codes_of(command)) == can_raise


@pytest.mark.parametrize("command", TO_A_MEDIATION)
def test_so_does_the_docstring_of_a_rule_of_mediation(command: type[Command]) -> None:
    handed = CODE.table_of_commands("mediation.decide")
    rule = handed[command.__name__]
    rules = [found for found in handed.values() if found]
    can_raise = CODE.codes(("mediation.decide", "decide"), but_not=[*REFUSES_NOBODY, *rules])
    can_raise |= CODE.codes(rule, but_not=REFUSES_NOBODY) if rule is not None else set()
    assert set(codes_of(command)) == can_raise


def test_every_route_that_makes_a_command_tells_exactly_its_codes(app: FastAPI) -> None:
    paths = app.openapi()["paths"]
    commanded = list(_commanded(app))
    assert {command for _, command in commanded} == {*COMMANDS, *TO_A_MEDIATION} - OF_NO_CALLER
    for path, command in commanded:
        told: dict[str, Any] = paths[path]["post"]["responses"]["409"]
        assert [rule["code"] for rule in told["x-rules"]] == list(codes_of(command)), path
        for rule in told["x-rules"]:
            entry = RULE_BOOK[rule["code"]]
            assert rule == {"code": rule["code"], "zh": entry.zh, "en": entry.en, "source": entry.source}
            assert f"| `{rule['code']}` | {entry.zh} | {entry.en} | {entry.source} |" in told["description"]


def test_the_api_document_has_the_whole_book_in_one_place(app: FastAPI) -> None:
    description = app.openapi()["paths"]["/api/v1/rules"]["get"]["description"]
    assert re.findall(r"^\| `(\w+)` \|", description, re.MULTILINE) == list(RULE_BOOK)


@pytest.mark.parametrize("role", [Role.REQUESTER, Role.GRID_WORKER, Role.AUDITOR])
async def test_any_token_reads_the_book(callers: Callers, role: Role) -> None:
    items = (await callers.role(role).get("/rules"))["items"]
    assert [item["code"] for item in items] == list(RULE_BOOK)
    (window,) = [item for item in items if item["code"] == "send_back_window_over"]
    assert window["zh"] == "退单期限已过，不能再退单。"
    assert window["en"].startswith("The time in which")
    assert window["source"].startswith("[practice]")


async def test_a_refusal_says_what_happened_in_both_languages_and_by_which_rule(at_work: Callers) -> None:
    case_no = (await at_work.dispatcher.report())["case_no"]
    await at_work.dispatcher.post(f"/cases/{case_no}/accept")
    refused = await at_work.dispatcher.post(f"/cases/{case_no}/verify", {"passed": True, "note": "x"}, 409)
    entry = RULE_BOOK["case_not_finished"]
    assert (refused["code"], refused["detail_zh"], refused["source"]) == ("case_not_finished", entry.zh, entry.source)
    assert refused["detail"] == "the case is accepted, and this needs it to be finished"


async def test_what_is_no_rule_has_no_source(callers: Callers) -> None:
    refused = await callers.dispatcher.get("/cases/990102202601019999", 404)
    assert not {"detail_zh", "source"} & set(refused)


@pytest.mark.parametrize("code", RULE_BOOK)
def test_a_page_says_the_books_chinese_sentence(code: str) -> None:
    assert explain(RuleViolation(code, "as the rule put it")).sentence == RULE_BOOK[code].zh
