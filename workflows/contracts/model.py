"""The base of every contract: frozen, and lenient about fields that a newer version may add."""

from pydantic import BaseModel, ConfigDict


class Frozen(BaseModel):
    """An immutable value. Unknown fields are ignored so that an older worker can read what a newer one wrote."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)
