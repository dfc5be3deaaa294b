"""A real `up` with a tiny worker and API: `python -m tests.embedded.tiny_installation up --data-dir D`."""

import os
import sys

import typer
from sqlalchemy import text

from cli import up
from cli.installation import Installation
from cli.main import run
from infra.database import database

WORKER = "import time; time.sleep(600)"

API = """
import os
from http.server import BaseHTTPRequestHandler, HTTPServer

class Ready(BaseHTTPRequestHandler):
    def do_GET(self):
        body = os.environ["YINGSHAO_TEMPORAL_ADDRESS"].encode()
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

HTTPServer(("127.0.0.1", int(os.environ["YINGSHAO_PORT"])), Ready).serve_forever()
"""


async def _prepare(database_url: str) -> None:
    async with database(database_url, pool_size=1) as sessions, sessions.begin() as session:
        await session.execute(text("create table if not exists starts (at timestamptz default now())"))
        await session.execute(text("insert into starts default values"))


def main() -> None:
    app = typer.Typer()
    app.callback()(lambda: None)
    installation = Installation(
        prepare=_prepare,
        search_attributes={},
        worker=(sys.executable, "-c", WORKER),
        api=(sys.executable, "-c", API),
    )
    up.register(app, installation)
    code = run(app, sys.argv[1:])
    sys.stdout.flush()
    os._exit(code)


if __name__ == "__main__":
    main()
