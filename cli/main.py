"""The command `yingshao`: which module has which command, and one way out for all of them."""

import os
import sys
import traceback
from collections.abc import Sequence
from importlib import import_module

import typer

from infra.embedded.errors import EmbeddedError

_DONE, _FAULT, _INTERRUPTED = 0, 1, 130
_MODULES = {
    "up": "cli.up",
    "demo": "cli.demo.command",
    "api": "cli.parts",
    "worker": "cli.parts",
    "migrate": "cli.parts",
    "city": "cli.city",
    "policy": "cli.policy",
    "calendar": "cli.calendar",
    "unit": "cli.unit",
    "roster": "cli.roster",
    "import": "cli.importing",
    "audit": "cli.auditing",
    "deadline": "cli.deadline",
    "simulate": "cli.simulation.command",
    "routing": "cli.routing",
    "token": "cli.token",
}
"""Where each command is; the module's `register` adds it to an application."""


def main() -> None:
    """Runs the command and leaves for good.

    Not through the interpreter's own end: a process that used the Temporal client can abort there.
    """
    arguments = sys.argv[1:]
    code = run(application(arguments), arguments)
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


def application(arguments: Sequence[str]) -> typer.Typer:
    """The command that the arguments begin with, or all of them; a short one need not load what the others use."""
    app = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
    app.callback()(_about)
    wanted = _MODULES.get(arguments[0]) if arguments else None
    for module in [wanted] if wanted else dict.fromkeys(_MODULES.values()):
        import_module(module).register(app)
    return app


def _about() -> None:
    """应哨:群众诉求办理 · every matter that residents raise, carried to its verified end."""


def _say(line: str, code: int) -> int:
    typer.echo(" ".join(line.split()), err=True)
    return code


if __name__ == "__main__":
    main()
