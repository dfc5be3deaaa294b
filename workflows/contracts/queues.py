"""Task queues: where which work is done."""

CASES = "cases"
"""Workflows and their records."""
DEPARTMENTS = "departments"
"""Calls to the systems of departments and other authorities, with a rate limit of their own."""
BATCHES = "batches"
"""Changes to many cases, so that a step of one never stands before a case's records."""
