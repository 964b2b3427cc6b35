"""Commands that try policies: simulate-policy, hold-out begin, show and end; backfill."""

from datetime import date
from fractions import Fraction
from typing import Annotated

import typer

from recouvrement.cli.asking import opened
from recouvrement.cli.options import Json, Language, On, Operator
from recouvrement.cli.printing import Refused, a_day, answer, day_or_today
from recouvrement.cli.progress import progress_bar
from recouvrement.clock import today_in_paris
from recouvrement.day.backfill import Knowledge, decide_again, missed_in, not_past, past_working_days
from recouvrement.day.hold_out import HORIZON, begin_hold_out, end_hold_out, measured
from recouvrement.day.house import House, open_house
from recouvrement.day.refusals import meaning
from recouvrement.day.simulation import candidate_policy, simulate, write_simulation
from recouvrement.domain.money import plain, rounded_half_up
from recouvrement.settings import Settings

hold_out = typer.Typer(help="Try a policy on debtors drawn at random, and measure its effect.")
Code = Annotated[str, typer.Argument(help="A code of your own, such as `brisk-2026`.")]


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.command(name="simulate-policy")(simulate_policy)
    app.command()(backfill)
    hold_out.command(name="begin")(begin)
    hold_out.command(name="show")(show)
    hold_out.command(name="end")(end)
    app.add_typer(hold_out, name="hold-out")


def past_range(house: House, start: str, end: str) -> tuple[date, date]:
    """The first and last day of a range in the past; Refused otherwise."""
    first, last = a_day(start), a_day(end)
    if reason := not_past(house, first, last, today=today_in_paris()):
        raise Refused(meaning(reason), 2)
    return first, last


def _tenths(days: Fraction | None) -> str | None:
    """Days with one decimal."""
    if days is None:
        return None
    tenths = rounded_half_up(days * 10)
    return f"{'-' if tenths < 0 else ''}{abs(tenths) // 10}.{abs(tenths) % 10}"


def simulate_policy(
    candidate: Annotated[str, typer.Argument(help="A policy by name: in `policies` of the home, or the house's own.")],
    start: Annotated[str, typer.Argument(help="The first day.")],
    end: Annotated[str, typer.Argument(help="The last day.")],
    instead_of: Annotated[str, typer.Option(help="The policy it stands in for; `*` for every one.")] = "",
    lang: Annotated[Language, typer.Option(help="The language of the page.")] = Language.FR,
    as_json: Json = False,
) -> None:
    """Replay a candidate policy beside the one in force on past days; writes the differences to sign off. Sends nothing."""
    house = open_house(Settings())
    first, last = past_range(house, start, end)
    policy = candidate_policy(house, candidate)
    with progress_bar(shown=not as_json) as draw:
        found = simulate(
            house, policy, first, last, instead_of=instead_of,
            progress=None if draw is None else lambda done, all_: draw(candidate, done / all_),
        )  # fmt: skip
    written = write_simulation(house, found, language=lang.value)
    told = {
        **found.counts(),
        "page": str(written.page),
        "list": str(written.differences),
        "assumed": "behaviour unchanged",
    }
    answer(told, as_json=as_json, lines=[f"{key.replace('_', ' ')}: {value}" for key, value in told.items()])


def backfill(
    start: Annotated[str, typer.Argument(help="The first day.")],
    end: Annotated[str, typer.Argument(help="The last day.")],
    knowledge: Annotated[
        Knowledge, typer.Option(help="What was known then, or all that is known now.")
    ] = Knowledge.THEN,
    operator: Operator = "owner",
    as_json: Json = False,
) -> None:
    """Decide past days again and tell which messages should have gone and did not. Sends nothing; goes on where it stopped."""
    house = opened(None, operator)
    first, last = past_range(house, start, end)
    done, days = [], past_working_days(house, first, last)
    with progress_bar(shown=not as_json) as draw:
        for number, one in enumerate(days, start=1):
            done.append(decide_again(house.on_day(last), one, knowledge, actor=operator))
            if draw is not None:
                draw(one.isoformat(), number / len(days))
    rows = [
        {"debtor": m.missed.debtor_id, "step": m.missed.step, "channel": m.missed.channel, "first_on": m.first_on.isoformat(),
         "days": m.days, "amount": plain(m.missed.cents), "currency": m.missed.currency}
        for m in missed_in(done)
    ]  # fmt: skip
    head = f"{len(done)} working days ({sum(d.made for d in done)} decided now), {len(rows)} messages missed; nothing was sent"
    answer(rows, as_json=as_json, lines=[head, *("  ".join(map(str, row.values())) for row in rows)])


def begin(
    code: Code,
    candidate: Annotated[str, typer.Argument(help="A policy of the house, by name.")],
    share: Annotated[int, typer.Option(help="Percent of the debtors who get the candidate.")] = 50,
    seed: Annotated[str, typer.Option(help="What the draw starts from; the code when absent.")] = "",
    on: On = None,
    operator: Operator = "owner",
    as_json: Json = False,
) -> None:
    """Begin: debtors under the default policy are drawn at random; the others are left alone."""
    today, house = day_or_today(on), opened(on, operator, "approve")
    found = begin_hold_out(house, code, candidate, share_percent=share, seed=seed or code, on=today, operator=operator)
    if isinstance(found, str):
        raise Refused(f"nothing was begun ({found}): {meaning(found)}")
    told = {"code": found.code, "candidate": found.candidate, "share_percent": found.share_percent, **found.drawn}
    answer(told, as_json=as_json, lines=[f"{key}: {value}" for key, value in told.items()])


def show(
    code: Code,
    horizon: Annotated[int, typer.Option(help="Days at which an invoice's age is cut.", min=7, max=365)] = HORIZON,
    on: On = None,
    as_json: Json = False,
) -> None:
    """Show days to pay on both sides, and the 95 % interval of their difference (bootstrap over debtors)."""
    found = measured(open_house(Settings()), code, on=day_or_today(on), horizon=horizon)
    if found is None:
        raise Refused(f"no hold-out {code}")
    told: dict[str, object] = {"code": code, "horizon_days": horizon}
    for name, arm in (("current", found.current), ("candidate", found.candidate)):
        told |= {
            f"{name}_debtors": arm.debtors,
            f"{name}_invoices": arm.invoices,
            f"{name}_mean_days": _tenths(arm.mean),
        }
    low, high = found.interval or (None, None)
    told |= {"difference_days": _tenths(found.difference), "from": _tenths(low), "to": _tenths(high)}
    told |= {"interval": "95 % bootstrap over debtors", "clear": found.is_clear, "warnings": list(found.warnings)}
    answer(told, as_json=as_json, lines=[f"{key.replace('_', ' ')}: {value}" for key, value in told.items()])


def end(code: Code, on: On = None, operator: Operator = "owner", as_json: Json = False) -> None:
    """End: debtors of the candidate go back to the policy that the rules choose. What was drawn stays on record."""
    today, house = day_or_today(on), opened(on, operator, "approve")
    found = end_hold_out(house, code, on=today, operator=operator)
    if isinstance(found, str):
        raise Refused(f"nothing was ended ({found}): {meaning(found)}")
    answer(
        {"code": code, "back": found}, as_json=as_json, lines=[f"{code} is over; {found} debtors go back to the rules"]
    )
