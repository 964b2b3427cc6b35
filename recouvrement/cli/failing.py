"""What a person reads when a command cannot run: the sentence and the exit code of each exception that is foreseen."""

from pydantic import ValidationError
from sqlalchemy.exc import ArgumentError, DatabaseError, OperationalError

from recouvrement.cli.printing import Refused
from recouvrement.day.house import NoLedger
from recouvrement.day.operators import NotAllowed
from recouvrement.ledger.single_flight import AlreadyRunning
from recouvrement.policy.ladder import PolicyRefused

NO_DATABASE = "the database does not answer, or holds no ledger: see RECOUVREMENT_HOME and RECOUVREMENT_DATABASE_URL"


def refusal_of(error: Exception) -> Refused | None:
    """The refusal that an exception means, or None: then it is a fault of ours and shows where."""
    match error:
        case NoLedger() | PolicyRefused():
            return Refused(str(error), 2)
        case NotAllowed():
            return Refused(str(error))
        case AlreadyRunning():
            return Refused("another run holds this ledger; nothing was started")
        case ValidationError(title="Settings"):
            names = {f"RECOUVREMENT_{'_'.join(map(str, one['loc'])).upper()}: {one['msg']}" for one in error.errors()}
            return Refused(f"these settings cannot be used: {'; '.join(sorted(names))}", 2)
        case OperationalError() | ArgumentError():
            return Refused(NO_DATABASE, 2)
        case DatabaseError() if type(error) is DatabaseError:  # a file that is no database
            return Refused(NO_DATABASE, 2)
        case OSError(filename=str() | bytes() as name, strerror=str() as told):
            return Refused(f"{name!s}: {told}", 2)
    return None
