"""Commands for what is known of a customer or given up: insolvent, party-status, debtor-kind, direct-debit, waive…"""

from typing import Annotated

import typer

from recouvrement.cli.asking import opened, told
from recouvrement.cli.options import Json, Note, On, Operator
from recouvrement.cli.printing import a_day, amount_of, day, day_or_today
from recouvrement.day import acts_debtors, acts_waiving
from recouvrement.day.acts_assignments import assign as assign_invoice

Source = Annotated[str, typer.Option(help="How it is known: bodacc, letter, court, registry, family, other.")]


def register(app: typer.Typer) -> None:
    """Add these commands."""
    for name, command in (
        ("insolvent", insolvent), ("party-status", party_status), ("debtor-kind", debtor_kind),
        ("direct-debit", direct_debit), ("assign", assign), ("waive", waive), ("restore-step", restore_step),
        ("waive-penalties", waive_penalties), ("restore-penalties", restore_penalties), ("still-owed", still_owed),
    ):  # fmt: skip
        app.command(name=name)(command)


def insolvent(
    debtor: str, procedure: Annotated[str, typer.Argument(help="safeguard, receivership, or liquidation.")],
    judgment: Annotated[str, typer.Argument(help="The day of the opening judgment.")], source: Source = "other",
    published: Annotated[str, typer.Option(help="The day of its publication in BODACC: claims are declared within two months.")] = "",
    on: On = None, operator: Operator = "owner", as_json: Json = False,
) -> None:  # fmt: skip
    """A customer is in insolvency proceedings: every reminder stops."""
    opened_on, today = a_day(judgment), day_or_today(on)
    done = acts_debtors.mark_insolvent(
        opened(on, operator),
        debtor,
        procedure=procedure,
        judgment_on=opened_on,
        source=source,
        on=today,
        operator=operator,
        published_on=a_day(published) if published else None,
    )
    told(done, as_json=as_json)


def party_status(
    debtor: str, status: Annotated[str, typer.Argument(help="over_indebted, deceased, protected_adult, or struck_off.")],
    source: Source = "other", on: On = None, operator: Operator = "owner", as_json: Json = False,
) -> None:  # fmt: skip
    """A customer must not be chased: nobody is contacted, a person decides."""
    today = day_or_today(on)
    done = acts_debtors.set_party_status(
        opened(on, operator), debtor, status=status, source=source, on=today, operator=operator
    )
    told(done, as_json=as_json)


def debtor_kind(debtor: str, kind: str, on: On = None, operator: Operator = "owner", as_json: Json = False) -> None:
    """Say what a customer is: business, sole_trader, artisan, non_trader, public, or consumer."""
    today = day_or_today(on)
    told(acts_debtors.set_kind(opened(on, operator), debtor, kind=kind, on=today, operator=operator), as_json=as_json)


def direct_debit(
    debtor: str, mandate: Annotated[bool, typer.Option("--mandate/--no-mandate", help="Whether one is in force.")] = True,
    on: On = None, operator: Operator = "owner", as_json: Json = False,
) -> None:  # fmt: skip
    """A customer pays by direct debit, or no longer does."""
    today = day_or_today(on)
    done = acts_debtors.set_direct_debit(opened(on, operator), debtor, mandate=mandate, on=today, operator=operator)
    told(done, as_json=as_json)


def assign(
    invoice: str, kind: Annotated[str, typer.Argument(help="factor or dailly.")],
    under_mandate: Annotated[bool, typer.Option("--under-mandate", help="We go on collecting, for the assignee.")] = False,
    iban: Annotated[str, typer.Option(help="The assignee's IBAN, asked for under mandate.")] = "",
    until: Annotated[str | None, typer.Option(help="The last day, when it is not for good.")] = None,
    on: On = None, operator: Operator = "owner", as_json: Json = False,
) -> None:  # fmt: skip
    """An invoice was assigned to a factor or by a Dailly slip: it is no longer ours to chase, unless under mandate."""
    last, today = day(until), day_or_today(on)
    done = assign_invoice(
        opened(on, operator), invoice, kind=kind, under_mandate=under_mandate, iban=iban, until=last, on=today,
        operator=operator,
    )  # fmt: skip
    told(done, as_json=as_json)


def waive(
    invoice: str, step: str, reason: str, on: On = None, operator: Operator = "owner", as_json: Json = False
) -> None:
    """Leave a step of the ladder out for an invoice."""
    today = day_or_today(on)
    done = acts_waiving.waive(opened(on, operator), invoice, step, reason=reason, on=today, operator=operator)
    told(done, as_json=as_json)


def restore_step(
    invoice: str, step: str, reason: str, on: On = None, operator: Operator = "owner", as_json: Json = False
) -> None:
    """Put a step that was left out back on an invoice's ladder."""
    today = day_or_today(on)
    done = acts_waiving.restore(opened(on, operator), invoice, step, reason=reason, on=today, operator=operator)
    told(done, as_json=as_json)


def waive_penalties(
    invoice: str, reason: str,
    part: Annotated[str, typer.Option(help="all, penalties, or indemnity.")] = "all",
    amount: Annotated[str | None, typer.Option(help="So much of the penalties, when not all.")] = None,
    note: Note = "", on: On = None, operator: Operator = "owner", as_json: Json = False,
) -> None:  # fmt: skip
    """Give up the penalties or the 40 € of an invoice, in whole or in part; the role `write_off` is needed."""
    cents_, today = amount_of(amount), day_or_today(on)
    done = acts_waiving.waive_penalties(
        opened(on, operator, "write_off"), invoice, part=part, cents=cents_, reason=reason, on=today,
        operator=operator, note_id=note,
    )  # fmt: skip
    told(done, as_json=as_json)


def restore_penalties(
    invoice: str, reason: str, on: On = None, operator: Operator = "owner", as_json: Json = False
) -> None:
    """Take a waiver of penalties back; the role `write_off` is needed."""
    today = day_or_today(on)
    house = opened(on, operator, "write_off")
    told(acts_waiving.restore_penalties(house, invoice, reason=reason, on=today, operator=operator), as_json=as_json)


def still_owed(invoice: str, reason: str, on: On = None, operator: Operator = "owner", as_json: Json = False) -> None:
    """An invoice that the accounts show as settled is owed all the same: it goes back on its ladder."""
    today = day_or_today(on)
    done = acts_waiving.explain_cleared(opened(on, operator), invoice, reason=reason, on=today, operator=operator)
    told(done, as_json=as_json)
