"""The day in hand: what the steps of one run share. Not a dataclass, so that Prefect does not walk through it."""

from datetime import date

from recouvrement.day.contacts import Acting
from recouvrement.day.house import House
from recouvrement.day.intake import FileResult
from recouvrement.day.order import DayReport, Mode
from recouvrement.ledger.runs import Run

ACTOR = "prefect"


class DayInHand:
    """One run: its house, its row in the ledger, and what each step found. It lives in memory and in one process."""

    __slots__ = ("acting", "files", "house", "report", "run", "sending", "troubles")

    def __init__(self, house: House, run: Run, mode: Mode) -> None:
        self.house, self.run = house, run
        self.report = DayReport(run.id, run.on, mode)
        self.files: list[FileResult] = []
        self.acting: Acting = []
        self.sending: dict[str, int] = {}
        self.troubles: list[str] = []

    @property
    def on(self) -> date:
        """The business day."""
        return self.run.on

    @property
    def is_live(self) -> bool:
        """Whether this run may write contacts: live, not paused behind its witness."""
        return self.report.mode is Mode.LIVE and not self.report.paused
