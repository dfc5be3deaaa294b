"""Walks the process from the command line: `python -m tests.explorer [--world NAME] [--overdue N] [--asides N]`.

With `--write` it draws the picture of the guide instead.
"""

import argparse
import sys
from dataclasses import replace

from tests.explorer.hearing_picture import section, transitions
from tests.explorer.hearing_walk import walk
from tests.explorer.hearings import HEARINGS
from tests.explorer.picture import PAGE, outline, page
from tests.explorer.proof import faults, report
from tests.explorer.walk import explore
from tests.explorer.worlds import WORLDS


def main() -> int:
    """Prints what was walked and what does not hold; 1 if anything does not."""
    parser = argparse.ArgumentParser(prog="python -m tests.explorer", description="walks every state of the process")
    parser.add_argument("--world", choices=[world.name for world in WORLDS], help="this one only")
    parser.add_argument("--overdue", type=int, help="at most so many clocks that ran out at once")
    parser.add_argument("--asides", type=int, help="at most so many matters beside the work at once")
    parser.add_argument("--co-units", type=int, dest="co_units", help="at most so many co-units")
    parser.add_argument("--write", action="store_true", help="draw the picture of the guide")
    asked = parser.parse_args()
    if asked.write:
        mediation = section(transitions([walk(hearing) for hearing in HEARINGS]))
        PAGE.write_text(page(outline()) + mediation, encoding="utf-8")
        return 0
    bounds = {name: value for name in ("overdue", "asides", "co_units") if (value := getattr(asked, name)) is not None}
    found = 0
    for world in WORLDS:
        if asked.world in {None, world.name}:
            walked = explore(replace(world, **bounds))
            wrong = faults(walked)
            sys.stdout.write("\n".join([report(walked), *wrong]) + "\n")
            found += len(wrong)
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
