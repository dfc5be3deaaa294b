"""Values that are replaced inside of commands and events."""

from api.substitution import substituted
from workflows.contracts import commands as c
from workflows.contracts.ids import TextId


def test_what_is_replaced_is_met_in_the_order_in_which_it_was_given() -> None:
    part = {"case_no": "1", "description": "d", "case_kind": "help", "title": "t"}
    for data in ({"reason": "r", "parts": [part, part]}, {"parts": [part, part], "reason": "r"}):
        met: dict[str, str] = {}
        substituted(c.Divide, data, {TextId: met.setdefault})
        of_parts = [f"parts.{place}.{name}" for place in (0, 1) for name in ("description", "title")]
        assert list(met) == (["reason", *of_parts] if next(iter(data)) == "reason" else [*of_parts, "reason"])
