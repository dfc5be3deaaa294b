"""What can stop the embedded installation; every message is one line that says what to do."""

from pathlib import Path


class EmbeddedError(Exception):
    """The embedded installation cannot go on. `code` is stable, `exit_code` is the command's."""

    code = "embedded_error"
    exit_code = 1


class DataDirectoryInUseError(EmbeddedError):
    """Another process holds the data directory, or a process of an earlier run still works on it."""

    code = "data_directory_in_use"
    exit_code = 2


class DataDirectoryUnusableError(EmbeddedError):
    """The data directory cannot be made, written, or read by this version."""

    code = "data_directory_unusable"
    exit_code = 2


class PartFailedError(EmbeddedError):
    """A part ended, or did not get ready, while it was being started."""

    code = "part_failed"

    def __init__(self, name: str, what: str, log: Path) -> None:
        super().__init__(f"{name} {what}; its own words are in {log}")


class PortTakenError(EmbeddedError):
    """The port that was asked for by number belongs to another program."""

    code = "port_taken"
    exit_code = 2


class NewerDataError(EmbeddedError):
    """The database has been brought further by a newer version of the software."""

    code = "newer_data"
