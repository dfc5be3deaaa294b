"""The one registry of search attributes: few, typed, and nothing personal among them."""

from temporalio.common import SearchAttributeKey

KIND = SearchAttributeKey.for_keyword("YingshaoKind")
REGION = SearchAttributeKey.for_keyword("YingshaoRegion")
LEVEL = SearchAttributeKey.for_keyword("YingshaoLevel")
NEEDS_OPERATOR = SearchAttributeKey.for_bool("YingshaoNeedsOperator")

REGISTRY = {
    key.name: kind
    for key, kind in ((KIND, "Keyword"), (REGION, "Keyword"), (LEVEL, "Keyword"), (NEEDS_OPERATOR, "Bool"))
}
"""Name → type, as the server registers them."""
