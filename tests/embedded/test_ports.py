import os
import socket
from pathlib import Path

import pytest

from infra.embedded.errors import PartFailedError
from infra.embedded.ports import HOST, any_free_port, is_free, listens, on_a_free_port


def _listener() -> socket.socket:
    return socket.create_server((HOST, 0))


async def test_the_usual_port_is_taken_when_it_is_free() -> None:
    usual = any_free_port()
    started: list[int] = []

    async def start(port: int) -> None:
        started.append(port)

    assert await on_a_free_port(usual, start) == usual
    assert started == [usual]


async def test_another_port_is_found_when_the_usual_one_is_taken() -> None:
    with _listener() as stranger:
        usual = stranger.getsockname()[1]
        assert not is_free(usual)

        async def start(port: int) -> None:
            assert port != usual

        await on_a_free_port(usual, start)


async def test_a_port_that_somebody_takes_first_is_given_up() -> None:
    usual = any_free_port()
    strangers: list[socket.socket] = []

    async def start(port: int) -> None:
        if not strangers:
            strangers.append(socket.create_server((HOST, port)))
            raise PartFailedError("temporal", "ended with code 1 while it was being started", Path("temporal.log"))

    try:
        assert await on_a_free_port(usual, start) != usual
    finally:
        strangers[0].close()


async def test_a_part_that_fails_for_another_reason_is_not_tried_elsewhere() -> None:
    tried: list[int] = []

    async def start(port: int) -> None:
        tried.append(port)
        raise PartFailedError("temporal", "ended with code 1 while it was being started", Path("temporal.log"))

    with pytest.raises(PartFailedError):
        await on_a_free_port(any_free_port(), start)
    assert len(tried) == 1


def test_only_the_process_that_listens_is_taken_for_the_listener() -> None:
    with _listener() as ours:
        port = ours.getsockname()[1]
        assert listens(os.getpid(), port)
        assert not listens(os.getppid(), port)
    assert not listens(os.getpid(), port)
