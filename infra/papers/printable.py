"""What of people's words can stand in a document."""

import re

_UNPRINTABLE = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def printable(text: str) -> str:
    """The text without what XML forbids, and without marks that make words read in another order than they stand."""
    return _UNPRINTABLE.sub("", text)
