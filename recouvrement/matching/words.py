"""The vocabulary of French bank lines: legal forms, banking words, third parties, money that is not a customer's."""

import re
import unicodedata


def listed(text: str) -> frozenset[str]:
    """A set of words from a text of words."""
    return frozenset(text.split())


LEGAL_FORMS = listed(
    """
    SARL SAS SASU EURL SA SNC SCI STE SOCIETE ETS ETABLISSEMENTS ETABLISSEMENT CIE COMPAGNIE SELARL SCP SCOP GIE
    EARL GAEC SCM EI EIRL AE MME MR MLLE MONSIEUR MADAME M ENT ENTREPRISE ASSOCIATION ASSO SCEA SCS SPRL BVBA
    GMBH LTD
    """
)

# Words that banks and payers put around a name or a number; they name nobody.
BANK_WORDS = listed(
    """
    VIR VIREMENT VIREMENTS VIRT RECU RECUS SEPA INST INSTANTANE CREDIT SCT DE DU DES LE LA LES PAR POUR A AU AUX
    ET EN VOTRE NOTRE VOS NOS FAVEUR MOTIF REF REFERENCE REFERENCES NOTPROVIDED FACT FACTURE FACTURES FAC FCT FT
    FRE REGLEMENT REGLEMENTS RGLT REGLT REGL RGT PAIEMENT PAIEMENTS PAIE PAYT PMT PAYMENT INVOICE INV
    FOURNISSEUR FOURNISSEURS SOLDE ACOMPTE ACPTE AVOIR MERCI SUIVANT SELON RELEVE RELEVES COMPTE CLIENT CMD
    COMMANDE PO LOT BC DEVIS BL N NO NUM NUMERO NR TRF TRANSFERT TRANSFER FROM DONNEUR ORDRE ORD EMETTEUR ID
    EREF PREF RF CHQ CHEQUE CHEQUES REMISE BORD BORDEREAU JANVIER FEVRIER MARS AVRIL MAI JUIN JUILLET AOUT
    SEPTEMBRE OCTOBRE NOVEMBRE DECEMBRE EUR EUROS TTC HT TVA ECHEANCE ECH DATE LIB LIBELLE INFO COMM
    COMMUNICATION END TO PRLV PRELEVEMENT REJET RETOUR IMPAYE VERSEMENT TIERS FRAIS INCLUS
    INVOICES FASTER SETTLEMENT SUPPLIER YOUR OUR THE RECHNUNG RECHNUNGEN RECHNUNGSNR RG ZAHLUNG UEBERWEISUNG GUTSCHRIFT
    LIEFERANT KUNDE SVWZ KREF ABWA VOM VON FACTURA FACTURAS FRA PAGO PAGOS TRANSFERENCIA TRANSF FAVOR SU CONCEPTO PROVEEDOR
    FATTURA FATTURE FATT PAGAMENTO BONIFICO BONIF SALDO DA FACTUUR FACTUURNR BETALING OVERBOEKING KLANT
    """
)

GROUP_WORDS = listed(
    """
    HOLDING GROUPE GROUP FINANCIERE FINANCIER INVEST INVESTISSEMENT PARTICIPATIONS
    """
)
NOTARY_WORDS = listed(
    """
    NOTAIRE NOTAIRES NOT OFFICE NOTARIAL AVOCAT AVOCATS CARPA MANDATAIRE
    """
)
FACTOR_WORDS = listed(
    """
    FACTOR FACTOFRANCE EUROFACTOR FACTORING AFFACTURAGE BIBBY COFACREDIT FACTOCIC CGA DELUBAC FACTOREM
    """
)
BAILIFF_WORDS = listed(
    """
    HUISSIER HUISSIERS COMMISSAIRE COMMISSAIRES CDJ
    """
)

# Each pattern is a whole explanation of a credit that owes nothing to an invoice.
OTHER_INCOME = re.compile(
    r"\b(?:INTERETS?\s+CREDITEURS?|DEBLOCAGE\s+(?:DE\s+)?PRET|APPORT\s+(?:EN\s+)?(?:ASSOCIE|CAPITAL|COMPTE)"
    r"|COMPTE\s+COURANT\s+(?:D\s+)?ASSOCIE"
    r"|REMB(?:OURSEMENT|OURST|T)?\.?\s+(?:CREDIT\s+)?(?:TVA|IS|IMPOT|TROP)|CREDIT\s+(?:DE\s+)?TVA|DGFIP|DRFIP|DDFIP|TRESOR\s+PUBLIC\s+REMB"
    r"|CPAM|IJSS|URSSAF|MSA\s+IJ"
    r"|SINISTRE|INDEMNITE\s+ASSURANCE|REMISE\s+(?:CB|CARTES?)|REM\s+CB|STRIPE|PAYPAL|SUMUP|ZETTLE|GOCARDLESS|ADYEN|MOLLIE"
    r"|VIREMENT\s+INTERNE|VIR\s+INTERNE|VIREMENT\s+DE\s+COMPTE\s+A\s+COMPTE|SUBVENTION|VERSEMENT\s+ESPECES|ANNULATION\s+FRAIS|EXTOURNE"
    r"|EMPRUNT|DIVIDENDES?|RISTOURNE|CESSION\s+OPCVM|RACHAT\s+OPCVM|COUPONS?)\b"
)
CHEQUE_DEPOSIT = re.compile(
    r"\b(?:REM(?:ISE)?\.?\s*(?:DE\s+)?(?:CHEQUES?|CHQS?)|REMISE\s+BORDEREAU|ENCAISSEMENT\s+CHEQUES?)\b"
)
RETURNED = re.compile(
    r"\b(?:REJETE?|REJ|RETOUR|RETOURNE|IMPAYES?|IMP|ANNULATION|ANNUL|CONTRE\s*PASSATION|EXTOURNE|CHEQUE\s+IMPAYE|REVERSAL|RETURN(?:ED)?|RTN)\b"
)
PART_PAYMENT = re.compile(r"\b(?:ACOMPTE|ACPTE|AVANCE|PARTIEL|PARTIELLE|PARTIE|ECHELONNE|MENSUALITE)\b")
CUT_MARK = re.compile(r"\.{2,}|…|\bETC\b|\betc\b|\+\s*AUTRES")
COUNTED = re.compile(r"\b(\d{1,2})\s+(?:FACT(?:URES?)?|FAC|INVOICES?)\b")
CHEQUE_COUNT = re.compile(r"\b(\d{1,3})\s*C(?:H(?:EQUES?|QS?)?)?\b")


WORD = re.compile(r"[A-Z0-9]+")
_DOTTED = re.compile(r"\b(?:[A-Z]\.){2,}")
_ELIDED = re.compile(r"\b[LD]['’]")


def plain_upper(text: str) -> str:
    """Upper case without accents or ligatures; every other sign stays where it is.

    >>> plain_upper("Équipement Lœuvre n° 3")
    'EQUIPEMENT LOEUVRE N° 3'
    """
    if text.isascii():
        return text.upper()
    text = text.replace("œ", "oe").replace("Œ", "OE").replace("æ", "ae").replace("Æ", "AE")
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c)).upper()


def name_tokens(text: str) -> tuple[str, ...]:
    """The words of a firm's name without its legal form; all of them when nothing else is left.

    >>> name_tokens("STE GUÉRIN & FILS"), name_tokens("SA"), name_tokens("L'Oréal S.A.S.")
    (('GUERIN', 'FILS'), ('SA',), ('OREAL',))
    """
    upper = _DOTTED.sub(lambda m: m.group().replace(".", "") + " ", plain_upper(text))
    words = WORD.findall(_ELIDED.sub("", upper))
    core = tuple(w for w in words if w not in LEGAL_FORMS)
    return core or tuple(words)
