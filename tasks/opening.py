"""Opening the house for a task or a flow."""

from datetime import date

from recouvrement.day.house import House, open_house
from recouvrement.settings import Settings


def house_on(day: date) -> House:
    """The house that the settings name, its acts dated on a day when its clock is simulated. Raises NoLedger."""
    return open_house(Settings()).on_day(day)
