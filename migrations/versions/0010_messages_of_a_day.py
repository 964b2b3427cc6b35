"""how many messages a mail account was charged for on each day"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the counter; days before it count as empty."""
    op.create_table(
        "account_day",
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("account", "day", name=op.f("pk_account_day")),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("account_day")
