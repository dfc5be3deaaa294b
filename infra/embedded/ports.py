"""TCP ports on this machine: the usual one when it is free, any other when it is not."""

import socket
from collections.abc import Awaitable, Callable

import psutil

from infra.embedded.errors import PartFailedError

HOST = "127.0.0.1"
"""Everything embedded listens here only."""

_ATTEMPTS = 5


def is_free(port: int) -> bool:
    """Whether a server could listen on the port now."""
    with socket.socket() as probe:
        # As servers do: a port whose connections are merely winding down counts as free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def any_free_port() -> int:
    """A port that the system says is free now; somebody else may still take it first."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
    return port


def listens(pid: int, port: int) -> bool:
    """Whether this very process listens on the port, so that a stranger's answer is not taken for its own."""
    try:
        connections = psutil.Process(pid).net_connections("tcp")
    except psutil.Error:
        return False
    return any(one.status == psutil.CONN_LISTEN and one.laddr.port == port for one in connections)


async def on_a_free_port(usual: int, start: Callable[[int], Awaitable[None]]) -> int:
    """Starts a part on the usual port or another one, again if somebody takes that port first.

    Returns the port. Raises `PartFailedError` if the part fails for another reason.
    """
    port = usual if is_free(usual) else any_free_port()
    for _ in range(_ATTEMPTS - 1):
        try:
            await start(port)
        except PartFailedError:
            if is_free(port):
                raise
            port = any_free_port()
        else:
            return port
    await start(port)
    return port
