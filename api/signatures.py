"""Whether a callback comes from whom it says: Standard Webhooks, reckoned with the process's clock."""

import hmac
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from standardwebhooks import Webhook

_TOLERANCE = timedelta(minutes=5)
"""As the specification's own libraries have it: later, somebody may have copied it."""
_ID = re.compile(r"[\x21-\x7e]{1,128}")
_SECONDS = re.compile(r"[0-9]{1,11}")


def signer(headers: Mapping[str, str], body: bytes, secrets: Mapping[str, str], now: datetime) -> str | None:
    """Whose secret signed it, by the key in `secrets` (`whsec_…`); None if nobody's, or not around `now` (UTC).

    Several signatures may be given, parted by blanks, as while a secret is being changed.
    """
    message_id, written = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not _ID.fullmatch(message_id) or not _SECONDS.fullmatch(written):
        return None
    try:
        signed_at = datetime.fromtimestamp(int(written), UTC)
        text = body.decode()
    except (ValueError, OverflowError):
        return None
    if abs(now - signed_at) > _TOLERANCE:
        return None
    given = [signature.encode() for signature in headers.get("webhook-signature", "").split(" ")]
    for owner, secret in secrets.items():
        expected = Webhook(secret).sign(message_id, signed_at, text).encode()
        if any(hmac.compare_digest(expected, signature) for signature in given):
            return owner
    return None
