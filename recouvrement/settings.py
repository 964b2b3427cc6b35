"""The environment, read once into one frozen object."""

from pathlib import Path
from typing import Literal, Self

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PROJECT = Path(__file__).resolve().parents[1]


class Settings(BaseSettings):
    """Every setting of the house; each is the environment variable `RECOUVREMENT_<NAME>`.

    Paths become absolute at once: a Prefect worker runs in a temporary folder, where a relative `./var` would be
    a new, empty ledger.
    """

    model_config = SettingsConfigDict(env_prefix="RECOUVREMENT_", frozen=True, extra="ignore")

    home: Path = Path("var")
    database_url: str = ""
    data: Path = PROJECT / "data"
    templates: Path = PROJECT / "templates"
    witness: Path | None = None
    policy: str = "standard"
    operators: str = ""  # "code:role+role,code:role"; empty = one operator, "owner", with every role
    artifact_detail: Literal["full", "codes"] = "codes"
    redirect_all_to: str = ""
    operator_email: str = ""
    margin_percent: int = Field(default=0, ge=0, le=100)
    smtp_host: str = "127.0.0.1"
    smtp_port: int = 25
    smtp_security: Literal["none", "starttls", "tls"] = "none"
    smtp_user: str = ""
    smtp_password: SecretStr = SecretStr("")
    smtp_connections: int = 3
    smtp_per_minute: int = 30
    smtp_per_day: int = Field(default=0, ge=0)  # 0: no limit
    smtp_data_timeout: int = 600
    smtp_accounts: Path | None = None  # a TOML file of further accounts, without secrets
    smtp_loopback_catcher: bool = False
    tsa_url: str = ""
    tsa_ca: Path | None = None
    witness_email: str = ""
    insurer: str = ""
    insurer_days_to_declare: int = 0
    message_domain: str = "recouvrement.invalid"
    reply_address: str = ""  # where replies go, tagged with the debtor: relances+D-C1@…; empty = the creditor's address
    imap_host: str = ""
    imap_port: int = 993
    imap_security: Literal["none", "starttls", "tls"] = "tls"
    imap_user: str = ""
    imap_password: SecretStr = SecretStr("")
    imap_folder: str = "INBOX"
    imap_sent: str = ""
    maildir: Path | None = None
    mailbox_batch: int = 2000
    sms_url: str = ""
    sms_key: SecretStr = SecretStr("")
    sms_sender: str = ""
    sms_per_minute: int = 30
    postal_carrier: Literal["print", "maileva"] = "print"
    maileva_api: str = "https://api.maileva.com"
    maileva_login: str = "https://connexion.maileva.com"
    maileva_client: str = ""
    maileva_secret: SecretStr = SecretStr("")
    maileva_user: str = ""
    maileva_password: SecretStr = SecretStr("")
    workers: int = 1
    shards: int = 8
    decision_batch: int = 20_000
    provisional_rates: bool = False
    payment_link: str = ""  # https address with {reference}, {invoice}, {amount}, {currency}
    snapshot_floor_percent: int = 80
    max_file_mb: int = 20
    max_bank_file_mb: int = 1024

    @field_validator("payment_link")
    @classmethod
    def _payable(cls, pattern: str) -> str:
        """An https address with known values only; what is wrong shows at start, not in a letter."""
        values = dict.fromkeys(("reference", "invoice", "amount", "currency"), "0")
        try:
            filled = pattern.format_map(values)
        except (KeyError, ValueError, IndexError, AttributeError) as fault:
            raise ValueError("payment_link takes {reference}, {invoice}, {amount} and {currency}") from fault
        if filled and not filled.startswith("https://"):
            raise ValueError("payment_link is an https address")
        return pattern

    @model_validator(mode="after")
    def _absolute(self) -> Self:
        for name in ("home", "data", "templates"):
            object.__setattr__(self, name, getattr(self, name).expanduser().resolve())
        witness = self.witness or self.home.with_name(self.home.name + "-witness")
        object.__setattr__(self, "witness", witness.expanduser().resolve())
        return self

    @property
    def url(self) -> str:
        """The SQLAlchemy address of the ledger: the setting, or the SQLite file of this home."""
        if not self.database_url:
            return f"sqlite:///{self.home / 'recouvrement.db'}"
        return self.database_url.replace("postgresql://", "postgresql+psycopg://", 1)

    @property
    def witness_folder(self) -> Path:
        """Where sent numbers are written a second time, outside the backup set."""
        assert self.witness is not None
        return self.witness
