"""The one error family of the process. Code is a stable name; nobody branches on the message."""


class RuleViolation(Exception):  # noqa: N818 - the field's word, and what the interfaces call it
    """A rule forbids this command now.

    `code` is the rule's name (what callers branch on), `message` says in a sentence what would help.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
