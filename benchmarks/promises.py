"""How a benchmark that attacks a promise ends: what it found as one JSON object, and 1 when the promise was broken."""

import json
import time
from dataclasses import dataclass, field, fields


@dataclass(slots=True, kw_only=True)
class Found:
    """What a run found; a benchmark adds its own counts."""

    violations: list[str] = field(default_factory=list)


def ended(found: Found, database: str, start: float) -> int:
    """Print it with the kind of database and the seconds since `start`; give the process's exit code."""
    shown = {item.name: getattr(found, item.name) for item in fields(found)}
    seconds = round(time.perf_counter() - start)
    print(json.dumps({"database": database.partition(":")[0], **shown, "seconds": seconds}))
    return 1 if found.violations else 0
