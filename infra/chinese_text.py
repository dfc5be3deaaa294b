"""Finding Chinese text without word boundaries: by the pairs of characters that stand side by side."""

import re
from itertools import pairwise

_RUN = re.compile(r"\w+")


def bigrams(text: str) -> list[str]:
    """Every pair of neighbouring characters, lower case, once each and sorted; none across punctuation."""
    return sorted({a + b for run in _RUN.findall(text.lower()) for a, b in pairwise(run)})
