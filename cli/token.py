"""`yingshao token`: a bearer token of the embedded installation."""

from typing import Annotated

import typer
from pydantic import ValidationError

from api.tokens import Claims, InvalidToken, Tokens
from cli.options import DEFAULT_DATA_DIR, DataDir
from infra.embedded.data_directory import DataDirectory
from workflows.contracts.vocabulary import Role

_EXPECTED = {
    "sub": "a user id of letters, digits and _.@- (at most 64)",
    "region": "a region code of 12 or 15 digits",
    "unit": "a unit id of a-z, 0-9, _ and - (at most 64)",
}


def register(app: typer.Typer) -> None:
    """Adds the command to the application."""

    @app.command()
    def token(
        role: Annotated[Role, typer.Option(help="角色 · role")],
        region: Annotated[str | None, typer.Option(help="区划代码,缺省为全市 · region; default the city")] = None,
        unit: Annotated[str | None, typer.Option(help="单位编号 · unit id; needed by handler and system")] = None,
        user: Annotated[str | None, typer.Option(help="用户编号 · user id; default role and unit or region")] = None,
        data_dir: DataDir = DEFAULT_DATA_DIR,
    ) -> None:
        """签发令牌 · print a bearer token of the embedded installation."""
        # A unit's people share an id by default, different units never do.
        usual = "-".join(filter(None, (role.value, unit or region)))
        stated = {"sub": user or usual, "role": role, "region": region, "unit": unit}
        try:
            claims = Claims.model_validate(stated)
            made = Tokens(DataDirectory(data_dir).token_secret()).issue(claims)
        except ValidationError as error:
            # A bad unit or region also spoils the usual id; the last error is the cause.
            field = str(error.errors()[-1]["loc"][0])
            option = {"sub": "user"}.get(field, field)
            raise typer.BadParameter(f"--{option}: expected {_EXPECTED[field]}") from None
        except InvalidToken as error:
            raise typer.BadParameter(f"{error}; give --unit") from None
        typer.echo(made)
