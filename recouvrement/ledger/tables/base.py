"""What every table shares: naming, identifiers, moments."""

from datetime import UTC, date, datetime

from sqlalchemy import BigInteger, Column, Date, DateTime, Dialect, ForeignKey, Integer, MetaData, String, TypeDecorator

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

ULID = String(26)
CODE = String(64)
SHA = String(64)
CURRENCY = String(3)
CENTS = BigInteger


class Moment(TypeDecorator[datetime]):
    """An aware UTC moment; SQLite would lose the zone and give a naive one back."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Refuse naive moments, store UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Give the zone back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def identity() -> Column[str]:
    """The primary key of most tables: a ULID as text, never reused."""
    return Column("id", ULID, primary_key=True)


def act_column() -> Column[int]:
    """The act that wrote the row: what was known when."""
    return Column("act_id", Integer, ForeignKey("act.id"), nullable=False, index=True)


def effective_column() -> Column[date]:
    """The day the fact took effect."""
    return Column("effective_on", Date, nullable=False)


def reference(name: str, target: str, *, nullable: bool = False, index: bool = True) -> Column[str]:
    """A foreign key to a ULID."""
    return Column(name, ULID, ForeignKey(f"{target}.id"), nullable=nullable, index=index)
