"""Runs and files: what was done when, from what, and what was wrong with it."""

from sqlalchemy import Column, Date, Integer, String, Table, Text, UniqueConstraint

from recouvrement.ledger.tables.base import CODE, SHA, ULID, Moment, act_column, identity, metadata, reference

run = Table(
    "run",
    metadata,
    identity(),
    act_column(),
    Column("kind", CODE, nullable=False),  # daily | backfill
    Column("on", Date, nullable=False, index=True),
    Column("mode", CODE, nullable=False),  # rehearse | live
    Column("known_to", Integer, nullable=False),
    Column("policy_sha256", SHA, nullable=False),
    Column("law_sha256", SHA, nullable=False),
    Column("started_at", Moment, nullable=False),
    Column("owner", String(100), nullable=False),
)

run_event = Table(
    "run_event",
    metadata,
    identity(),
    act_column(),
    reference("run_id", "run"),
    Column("at", Moment, nullable=False),
    Column("state", CODE, nullable=False),  # decides | complete | abandoned | failed
    Column("step", CODE),
    Column("detail", Text),  # JSON of counts
)

# the kept decisions: Parquet parts in the content store, one digest over their canonical lines
run_decisions = Table(
    "run_decisions",
    metadata,
    Column("run_id", ULID, primary_key=True),
    Column("part", Integer, primary_key=True),
    act_column(),
    Column("rows", Integer, nullable=False),
    Column("sha256", SHA, nullable=False),
    Column("digest", SHA, nullable=False),
)

file_intake = Table(
    "file_intake",
    metadata,
    identity(),
    act_column(),
    Column("sha256", SHA, nullable=False),
    Column("name", String(255), nullable=False),
    Column("kind", CODE, nullable=False),
    Column("verdict", CODE, nullable=False),
    Column("records", Integer, nullable=False),
    Column("written", Integer, nullable=False),
    Column("detail", Text, nullable=False),  # JSON of counts
)

problem = Table(
    "problem",
    metadata,
    identity(),
    act_column(),
    Column("source", ULID, nullable=False, index=True),
    Column("file", String(255), nullable=False),
    Column("line", Integer),
    Column("element", String(120), nullable=False),
    Column("field", String(60), nullable=False),
    Column("value_class", String(60), nullable=False),
    Column("reason", CODE, nullable=False),
    Column("message", Text, nullable=False),
    Column("remedy", Text, nullable=False),
)

problem_event = Table(
    "problem_event",
    metadata,
    identity(),
    act_column(),
    reference("problem_id", "problem"),
    Column("event", CODE, nullable=False),  # cleared
    UniqueConstraint("problem_id", "event"),
)

# which complete snapshot of a scope is the newest, and how many items it had
snapshot = Table(
    "snapshot",
    metadata,
    identity(),
    act_column(),
    Column("scope", CODE, nullable=False, index=True),
    Column("on", Date, nullable=False),
    Column("items", Integer, nullable=False),
    Column("source", ULID, nullable=False),
    Column("verdict", CODE, nullable=False),  # taken | refused
)
