"""Tokens of the embedded installation, by command."""

from pathlib import Path

import pytest
import typer

from api.tokens import Caller, Tokens
from cli.main import run
from cli.token import register
from infra.embedded.data_directory import DataDirectory
from workflows.contracts.vocabulary import Role


def token(data_dir: Path, *arguments: str) -> int:
    app = typer.Typer(add_completion=False)
    app.callback()(lambda: None)
    register(app)
    return run(app, ["token", "--data-dir", str(data_dir), *arguments])


def test_it_prints_a_token_that_the_installation_accepts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert token(tmp_path, "--role", "handler", "--unit", "housing", "--region", "990102001000", "--user", "a.b") == 0
    printed = capsys.readouterr().out
    read = Tokens(DataDirectory(tmp_path).token_secret()).read(printed.strip())
    assert read == Caller(id="a.b", role=Role.HANDLER, region="990102001000", unit="housing")
    assert printed.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "user"),
    [
        (("--role", "dispatcher"), "dispatcher"),
        (("--role", "dispatcher", "--region", "990102001000"), "dispatcher-990102001000"),
        (("--role", "handler", "--unit", "housing", "--region", "990102001000"), "handler-housing"),
    ],
)
def test_units_and_regions_do_not_share_an_id(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], user: str
) -> None:
    assert token(tmp_path, *arguments) == 0
    read = Tokens(DataDirectory(tmp_path).token_secret()).read(capsys.readouterr().out.strip())
    assert read.id == user


@pytest.mark.parametrize(
    "arguments",
    [
        ("--role", "mayor"),
        ("--role", "handler"),
        ("--role", "system"),
        ("--role", "dispatcher", "--region", "12"),
        ("--role", "dispatcher", "--user", "王小明"),
        ("--role", "handler", "--unit", "Housing Office"),
    ],
)
def test_wrong_use_exits_2_with_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...]
) -> None:
    assert token(tmp_path, *arguments) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    assert "--user" not in said.err or "--user" in arguments
