"""The evidence file that leaves the house: exhibits, statement, chronology, sealed ZIP."""
