"""Every reason for which something is reported, with the remedy that a person can apply."""

from enum import StrEnum


class Reason(StrEnum):
    """Codes of problems; stable words that reports and tests may rely on."""

    EMPTY_FILE = "empty_file"
    TOO_LARGE = "too_large"
    UNKNOWN_FORMAT = "unknown_format"
    UNREADABLE = "unreadable"
    TRUNCATED = "truncated"
    DOCTYPE = "doctype_refused"
    ARCHIVE_BOMB = "archive_bomb"
    NO_EMBEDDED_XML = "no_embedded_xml"
    NOT_A_STATEMENT = "not_a_statement"
    NO_MAPPING = "no_mapping"
    MISSING_COLUMN = "missing_column"
    MISSING_VALUE = "missing_value"
    WRONG_FIELD_COUNT = "wrong_field_count"
    BROKEN_QUOTES = "broken_quotes"
    INVALID_AMOUNT = "invalid_amount"
    AMBIGUOUS_AMOUNT = "ambiguous_amount"
    INVALID_DATE = "invalid_date"
    INVALID_CURRENCY = "invalid_currency"
    INVALID_IDENTIFIER = "invalid_identifier"
    INVALID_IBAN = "invalid_iban"
    INVALID_EMAIL = "invalid_email"
    UNKNOWN_VALUE = "unknown_value"
    NO_ADDRESS = "no_address"
    ADDRESS_TOO_LONG = "address_too_long"
    DUPLICATE = "duplicate"
    DUE_BEFORE_ISSUE = "due_before_issue"
    SIGN_CORRECTED = "sign_corrected"
    BALANCES_DISAGREE = "balances_disagree"
    BALANCE_SIGN = "balance_sign"
    BALANCES_CONTRADICT = "balances_contradict"
    COUNT_DISAGREES = "count_disagrees"
    NO_BALANCE = "no_balance"
    NO_ACCOUNT = "no_account"
    NOT_BOOKED = "not_booked"
    NON_STANDARD_NAME = "non_standard_name"
    NOT_CONFORMANT = "not_conformant"
    TOTALS_DISAGREE = "totals_disagree"
    ENCODING_LIES = "encoding_lies"
    UNSAFE_PATH = "unsafe_path"
    NOTHING_TO_READ = "nothing_to_read"
    CONTROL_CHARACTERS = "control_characters"


REMEDIES: dict[Reason, str] = {
    Reason.EMPTY_FILE: "Export the file again; this one holds nothing.",
    Reason.TOO_LARGE: "Split the file, or raise the size limit in the settings if it is genuine.",
    Reason.UNKNOWN_FORMAT: "Give a format of the guide, or write a mapping (`recouvrement mapping guess FILE`).",
    Reason.UNREADABLE: "Ask the sender for the file again; this one is damaged.",
    Reason.TRUNCATED: "Fetch the file again; it stops before its end.",
    Reason.DOCTYPE: "Ask the sender for a file without document type declaration; none of these formats has one.",
    Reason.ARCHIVE_BOMB: "Do not open this file; ask the sender what it is.",
    Reason.NO_EMBEDDED_XML: "Ask the sender for the Factur-X PDF with its XML, or enter the invoice by CSV.",
    Reason.NOT_A_STATEMENT: "Give the statement of a bank account; this file holds something else.",
    Reason.NO_MAPPING: "Write a mapping for these columns: `recouvrement mapping guess FILE` proposes one.",
    Reason.MISSING_COLUMN: "Add the column to the export, or name its heading in the mapping.",
    Reason.MISSING_VALUE: "Fill the field in the source and export again.",
    Reason.WRONG_FIELD_COUNT: "Check the separators and quotes of this line in the source.",
    Reason.BROKEN_QUOTES: "Close or double the quotation marks of this line.",
    Reason.INVALID_AMOUNT: "Write an amount with two decimals at most, such as 1234,56.",
    Reason.AMBIGUOUS_AMOUNT: "Set `decimal` to ',' or '.' in the mapping: this amount can be read in two ways.",
    Reason.INVALID_DATE: "Write a day that exists, in a form that the mapping names (31/12/2026 or 2026-12-31).",
    Reason.INVALID_CURRENCY: "Write the three letters of ISO 4217, such as EUR.",
    Reason.INVALID_IDENTIFIER: "Check the number with the public registry and correct it in the source.",
    Reason.INVALID_IBAN: "Check the IBAN with the customer by a known channel and correct it in the source.",
    Reason.INVALID_EMAIL: "Correct the e-mail address in the source.",
    Reason.UNKNOWN_VALUE: "Use a word that the mapping knows, or add this one under [values].",
    Reason.NO_ADDRESS: "Add the postal address: letters and formal notices need one.",
    Reason.ADDRESS_TOO_LONG: "Shorten the address to six lines of 38 characters.",
    Reason.DUPLICATE: 'Keep one row per number, or set `repeated = "instalments"` in the mapping.',
    Reason.DUE_BEFORE_ISSUE: "Check the due date with the issuer of the invoice.",
    Reason.SIGN_CORRECTED: "Nothing to do if this is a credit note; else correct its kind.",
    Reason.BALANCES_DISAGREE: "Fetch the statement again; opening balance plus movements must give the closing balance.",
    Reason.BALANCE_SIGN: "Tell the bank: the closing balance carries the wrong credit/debit mark.",
    Reason.BALANCES_CONTRADICT: "Check this statement against the account, then confirm it by hand.",
    Reason.COUNT_DISAGREES: "Fetch the file again; it announces another number of records than it holds.",
    Reason.NO_BALANCE: "Compare with the account: this file has no balance to check against.",
    Reason.NO_ACCOUNT: "Say which account: `account` under [constants] of a mapping, or the IBAN in the name of the file.",
    Reason.NOT_BOOKED: "Nothing to do: the bank will send these movements again once booked.",
    Reason.NON_STANDARD_NAME: "Tell the sender that the attachment should be called factur-x.xml.",
    Reason.NOT_CONFORMANT: "Ask the issuer for a conformant invoice; this one may have been refused by the customer.",
    Reason.TOTALS_DISAGREE: "Check the totals with the issuer before asking anyone for this money.",
    Reason.ENCODING_LIES: "Ask the sender to write the encoding that the file really has.",
    Reason.UNSAFE_PATH: "Name a file inside the folder, without .. and without a leading slash.",
    Reason.NOTHING_TO_READ: "Check that the export is the right one: it holds no record of use here.",
    Reason.CONTROL_CHARACTERS: "Remove the control characters from this line in the source.",
}
