"""The grounds of a match in the words of who must judge a proposal."""

from recouvrement.matching.types import Reason

SETTLED = "settled_in_accounts"  # what the lettering of the accounts says that a receipt paid

WORDS: dict[str, tuple[str, str]] = {
    Reason.PAYER_IBAN: ("compte du client", "customer's account"),
    Reason.PAYER_ALIAS: ("payeur déjà confirmé", "payer confirmed before"),
    Reason.PAYER_IDENTIFIER: ("SIREN ou TVA du client", "customer's SIREN or VAT number"),
    Reason.PAYER_NAME: ("nom du payeur", "payer's name"),
    Reason.PAYER_NAME_WEAK: ("une part du nom", "part of the name"),
    Reason.PAYER_IS_ANOTHER: ("le payeur est un autre client", "the payer is another customer"),
    Reason.THIRD_PARTY: ("payé par un tiers", "paid by a third party"),
    Reason.REFERENCE_EXACT: ("numéro de facture", "invoice number"),
    Reason.REFERENCE_ALTERED: ("numéro écrit autrement", "number written otherwise"),
    Reason.REFERENCE_TAIL: ("fin du numéro", "end of the number"),
    Reason.REFERENCE_LIST: ("liste de numéros", "list of numbers"),
    Reason.REFERENCE_RANGE: ("suite de numéros", "range of numbers"),
    Reason.REFERENCE_CUSTOMER: ("référence du client", "customer's own reference"),
    Reason.REFERENCE_CONTRADICTED: ("un numéro désigne autre chose", "a number names something else"),
    Reason.LIST_TRUNCATED: ("liste coupée", "list cut short"),
    Reason.AMOUNT_EXACT: ("montant exact", "exact amount"),
    Reason.AMOUNT_SUM: ("somme de plusieurs factures", "sum of several invoices"),
    Reason.AMOUNT_ALL_DUE: ("tout ce qui est dû", "all that is due"),
    Reason.AMOUNT_NET_OF_CREDIT_NOTE: ("net d'un avoir", "net of a credit note"),
    Reason.AMOUNT_ROUNDING: ("arrondi", "rounding"),
    Reason.AMOUNT_BANK_FEE: ("moins des frais bancaires", "less a bank fee"),
    Reason.AMOUNT_ESCOMPTE: ("moins un escompte", "less a discount"),
    Reason.AMOUNT_PARTIAL: ("une partie du montant", "part of the amount"),
    Reason.AMOUNT_OVER: ("plus que le montant", "more than the amount"),
    Reason.AMOUNT_ALONE: ("le montant seul", "the amount alone"),
    Reason.SUM_NOT_PROVEN_UNIQUE: ("d'autres sommes sont possibles", "other sums are possible"),
    Reason.EQUAL_RIVAL: ("une autre explication vaut autant", "another explanation is as good"),
    Reason.LOOKS_LIKE_A_DUPLICATE: ("semble un doublon", "looks like a duplicate"),
    Reason.ALREADY_PAID: ("facture déjà payée", "invoice already paid"),
    Reason.CHEQUE_DEPOSIT: ("remise de chèques", "cheque deposit"),
    Reason.BAILIFF: ("versé par un commissaire de justice", "paid by a bailiff"),
    Reason.OTHER_INCOME: ("autre recette", "other income"),
    Reason.RETURNED_PAYMENT: ("paiement rejeté", "returned payment"),
    Reason.RETURN_FEE: ("frais de rejet compris", "return fee included"),
    Reason.RETURN_NOT_FOUND: ("rejet d'un paiement inconnu", "return of an unknown payment"),
    Reason.BEFORE_JUDGMENT: ("créance antérieure au jugement", "claim older than the judgment"),
    Reason.TAKEN_BY_ANOTHER_LINE: ("revendiqué par une autre ligne", "claimed by another line"),
    SETTLED: ("lettré dans la comptabilité", "lettered in the accounts"),
}


def grounds(codes: list[str], language: str) -> str:
    """The grounds of a proposal, in their order; a code of an older version stands as it is.

    >>> grounds(["payer_name", "amount_partial"], "en")
    "payer's name, part of the amount"
    >>> grounds(["payer_name", "of_long_ago"], "fr")
    'nom du payeur, of_long_ago'
    >>> set(Reason) - set(WORDS)
    set()
    """
    place = 0 if language == "fr" else 1
    return ", ".join(WORDS[code][place] if code in WORDS else code for code in codes)
