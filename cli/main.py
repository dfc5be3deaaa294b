"""The command `yingshao`: one module a command, and one way out for all of them."""

import os
import sys
import traceback
from collections.abc import Sequence

import typer

from cli import api_command, token, up
from cli.auditing import audit
from cli.city import commands
from cli.deadline import deadline
from cli.demo import command as demo
from cli.importing import import_reports
from cli.installation import INSTALLATION
from cli.parts import migrate, worker
from infra.embedded.errors import EmbeddedError

_DONE, _FAULT, _INTERRUPTED = 0, 1, 130


def main() -> None:
    """Runs the command and leaves for good.

    Not through the interpreter's own end: a process that used the Temporal client can abort there.
    """
    code = run(application(), sys.argv[1:])
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def run(app: typer.Typer, arguments: Sequence[str]) -> int:
    """Runs a command; returns 0 when done, 1 for a fault found, 2 for wrong use. An error is one line on stderr."""
    try:
        code = app(args=list(arguments), prog_name="yingshao", standalone_mode=False)
    except typer.TyperException as error:
        return _say(error.format_message(), error.exit_code)
    except EmbeddedError as error:
        return _say(str(error), error.exit_code)
    except (typer.Abort, KeyboardInterrupt):
        return _say("interrupted", _INTERRUPTED)
    except OSError as error:
        return _say(f"{error.strerror}: {error.filename}" if error.filename else str(error), _FAULT)
    except Exception as error:  # noqa: BLE001 - the edge of the program; whoever ran a command gets one line
        place = traceback.extract_tb(error.__traceback__)[-1]
        return _say(f"internal error: {type(error).__name__} at {place.filename}:{place.lineno}", _FAULT)
    return code if isinstance(code, int) else _DONE


def application() -> typer.Typer:
    """All commands."""
    app = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
    app.callback()(_about)
    up.register(app, INSTALLATION)
    demo.register(app, INSTALLATION)
    api_command.register(app)
    app.command()(worker)
    app.command()(migrate)
    app.add_typer(commands(), name="city")
    app.command("import")(import_reports)
    app.command()(deadline)
    app.command()(audit)
    token.register(app)
    return app


def _about() -> None:
    """应哨:群众诉求办理 · every matter that residents raise, carried to its verified end."""


def _say(line: str, code: int) -> int:
    typer.echo(" ".join(line.split()), err=True)
    return code


if __name__ == "__main__":
    main()
