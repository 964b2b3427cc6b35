"""the place of the debtor beside each contact, whose hours of sending hold; the index that claims walk"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add both. Contacts made before keep the hours of Paris, by which they would have left."""
    op.add_column(
        "contact", sa.Column("place", sa.String(length=64), nullable=False, server_default=sa.text("'metropole'"))
    )
    op.create_index("ix_contact_outbox", "contact", ["state", "channel", "id"], unique=False)


def downgrade() -> None:
    """Drop the index and the column."""
    op.drop_index("ix_contact_outbox", table_name="contact")
    op.drop_column("contact", "place")
