"""Why a decision was taken: one enumeration, with the sentence a person reads."""

from recouvrement.domain.codes import Code


class Action(Code):
    """What a run does with an item on that day."""

    CONTACT = "contact"
    HAND_OFF = "hand_off"
    WAIT = "wait"
    HOLD = "hold"
    LEAVE = "leave"
    ASK = "ask"  # a person must settle something first


class Reason(Code):
    """The reason of a decision; values are kept for ever, new ones are added."""

    STEP_DUE = "step_due"
    LISTED_WITH_HIGHER_STEP = "listed_with_higher_step"
    NOTICE_EXPIRED = "notice_expired"
    NOT_DUE_YET = "not_due_yet"
    NEXT_STEP_LATER = "next_step_later"
    CONTACT_GAP = "contact_gap"
    CONTACT_TODAY = "contact_today"
    CLOSED_DAY = "closed_day"
    ANOTHER_STEP_FIRST = "another_step_first"
    BELOW_MINIMUM = "below_minimum"
    AWAITING_APPROVAL = "awaiting_approval"
    AWAITING_SENDING = "awaiting_sending"
    AWAITING_CALL = "awaiting_call"
    SENDING_UNKNOWN = "sending_unknown"
    AWAITING_POSTING = "awaiting_posting"
    NOTICE_RUNNING = "notice_running"
    REPLY_UNREAD = "reply_unread"
    CREDIT_LISTED = "credit_listed"
    CREDIT_COVERS = "credit_covers"
    FEED_OLD = "feed_old"
    FEED_ABSENT = "feed_absent"
    MONEY_IN_DOUBT = "money_in_doubt"
    RECEIPT_TO_ASK = "receipt_to_ask"
    RECEIPT_ASKED = "receipt_asked"
    DIRECT_DEBIT = "direct_debit"
    CLEARED_IN_ACCOUNTS = "cleared_in_accounts"
    DISPUTED = "disputed"
    PROMISED = "promised"
    ON_A_PLAN = "on_a_plan"
    ON_HOLD = "on_hold"
    INSOLVENT = "insolvent"
    PROTECTED_PARTY = "protected_party"
    TIME_BARRED = "time_barred"
    ASSIGNED = "assigned"
    HANDED_OVER = "handed_over"
    KIND_UNKNOWN = "kind_unknown"
    NO_ADDRESS = "no_address"
    EVIDENCE_MISSING = "evidence_missing"
    RATE_MISSING = "rate_missing"
    LADDER_ENDED = "ladder_ended"
    NOT_RECEIVED_AS_DUE = "not_received_as_due"
    ACCOUNTS_DIFFER = "accounts_differ"
    CONTACT_BUDGET = "contact_budget"
    DOCUMENT_REQUESTED = "document_requested"
    DISPUTE_TO_RECORD = "dispute_to_record"
    POLICY_UNKNOWN = "policy_unknown"
    DATA_TO_CORRECT = "data_to_correct"
    RECEIPT_UNDER_WAY = "receipt_under_way"


SENTENCES: dict[Reason, tuple[str, str]] = {
    Reason.STEP_DUE: ("L'étape est due aujourd'hui.", "The step is due today."),
    Reason.LISTED_WITH_HIGHER_STEP: (
        "Relancée dans le même message qu'une facture plus avancée.",
        "Chased in the same message as an invoice further along.",
    ),
    Reason.NOTICE_EXPIRED: (
        "Le délai de la mise en demeure est passé : une personne choisit la suite.",
        "The formal notice has expired: a person chooses what follows.",
    ),
    Reason.NOT_DUE_YET: ("Pas encore échue.", "Not due yet."),
    Reason.NEXT_STEP_LATER: ("La prochaine étape vient plus tard.", "The next step comes later."),
    Reason.CONTACT_GAP: (
        "Ce client a été contacté trop récemment.",
        "This debtor was contacted too recently.",
    ),
    Reason.CONTACT_TODAY: ("Ce client a déjà été contacté aujourd'hui.", "This debtor was contacted today already."),
    Reason.CLOSED_DAY: ("Jour fermé dans le calendrier du client.", "A closed day in the debtor's calendar."),
    Reason.ANOTHER_STEP_FIRST: (
        "Une autre facture du client appelle d'abord une étape plus haute.",
        "Another invoice of the debtor calls for a higher step first.",
    ),
    Reason.BELOW_MINIMUM: ("Sous le montant minimum de la politique.", "Under the policy's minimum amount."),
    Reason.AWAITING_APPROVAL: ("Attend l'accord d'une personne.", "Waits for a person's approval."),
    Reason.AWAITING_SENDING: ("Prête, pas encore partie.", "Ready, not gone yet."),
    Reason.AWAITING_CALL: ("Appel à passer.", "A call is to be made."),
    Reason.SENDING_UNKNOWN: (
        "On ignore si le dernier message est parti : une personne tranche.",
        "Nobody knows whether the last message left: a person settles it.",
    ),
    Reason.AWAITING_POSTING: (
        "Le dépôt du recommandé n'est pas encore constaté.",
        "The posting of the registered letter is not recorded yet.",
    ),
    Reason.NOTICE_RUNNING: ("Le délai de la mise en demeure court.", "The formal notice is running."),
    Reason.REPLY_UNREAD: ("Le client a répondu : à lire d'abord.", "The debtor replied: read it first."),
    Reason.CREDIT_LISTED: ("Avoir ou crédit, déduit du total.", "A credit, netted from the total."),
    Reason.CREDIT_COVERS: ("Le crédit du client couvre ce qui est échu.", "The debtor's credit covers what is due."),
    Reason.FEED_OLD: ("Les relevés de banque sont trop anciens.", "The bank statements are too old."),
    Reason.FEED_ABSENT: ("Aucun relevé de banque n'a été lu.", "No bank statement was read."),
    Reason.MONEY_IN_DOUBT: (
        "Un encaissement non attribué vient peut-être de ce client.",
        "A receipt not yet attributed may be this debtor's.",
    ),
    Reason.RECEIPT_TO_ASK: (
        "Un encaissement reste non attribué : on demande au client ce qu'il paie, rien de plus.",
        "A receipt stays unattributed: the debtor is asked what it pays, nothing more.",
    ),
    Reason.RECEIPT_ASKED: (
        "Un encaissement reste non attribué, le client a été interrogé : une personne tranche.",
        "A receipt stays unattributed, the debtor was asked: a person settles it.",
    ),
    Reason.DIRECT_DEBIT: ("Un prélèvement est en cours.", "A direct debit is in flight."),
    Reason.CLEARED_IN_ACCOUNTS: (
        "Soldée dans la comptabilité sans encaissement vu : à expliquer.",
        "Cleared in the accounts without a receipt seen: to be explained.",
    ),
    Reason.RECEIPT_UNDER_WAY: (
        "Un règlement annoncé ou remis est en cours d'encaissement.",
        "A payment announced or handed over is under way.",
    ),
    Reason.DISPUTED: ("Contestée.", "Disputed."),
    Reason.PROMISED: (
        "Le client a promis de payer ; la date n'est pas passée.",
        "The debtor promised to pay; the day has not passed.",
    ),
    Reason.ON_A_PLAN: ("Un échéancier est suivi.", "A plan is being kept."),
    Reason.ON_HOLD: ("En pause jusqu'à une date.", "On hold until a date."),
    Reason.INSOLVENT: ("Procédure collective : plus aucune relance.", "Insolvency proceedings: no more reminders."),
    Reason.PROTECTED_PARTY: (
        "Situation du client qui interdit de le relancer : une personne décide.",
        "The debtor's situation forbids chasing: a person decides.",
    ),
    Reason.TIME_BARRED: ("La date prudente de prescription est passée.", "The prudent limitation date has passed."),
    Reason.ASSIGNED: ("Cédée : elle n'est plus à relancer par nous.", "Assigned: no longer ours to chase."),
    Reason.HANDED_OVER: ("Confiée à un tiers ou dossier en cours.", "Handed over, or a case is open."),
    Reason.KIND_UNKNOWN: (
        "Nature du client inconnue : étapes amiables seulement.",
        "Kind of debtor unknown: amicable steps only.",
    ),
    Reason.NO_ADDRESS: ("Aucune adresse pour ce canal.", "No address for this channel."),
    Reason.EVIDENCE_MISSING: ("Des preuves manquent au dossier.", "Evidence is missing."),
    Reason.RATE_MISSING: ("Un taux manque ou n'est que provisoire.", "A rate is missing or only provisional."),
    Reason.LADDER_ENDED: ("Toutes les étapes ont été faites.", "Every step was taken."),
    Reason.ACCOUNTS_DIFFER: (
        "La comptabilité et le grand livre diffèrent pour ce client : à expliquer avant toute mise en demeure.",
        "The accounts and the ledger differ for this debtor: explain it before any formal notice.",
    ),
    Reason.NOT_RECEIVED_AS_DUE: (
        "Facture refusée ou rejetée par la plateforme : à corriger d'abord.",
        "Invoice refused or rejected by the platform: correct it first.",
    ),
    Reason.CONTACT_BUDGET: (
        "Ce client a reçu assez de messages ces 30 derniers jours.",
        "This debtor had enough messages in the last 30 days.",
    ),
    Reason.DOCUMENT_REQUESTED: (
        "Le client attend une pièce ou une réponse : la fournir d'abord.",
        "The debtor waits for a document or an answer: give it first.",
    ),
    Reason.DISPUTE_TO_RECORD: (
        "Le client a parlé d'un désaccord : l'enregistrer, avec la facture et le montant.",
        "The debtor spoke of a disagreement: record it, with the invoice and the amount.",
    ),
    Reason.POLICY_UNKNOWN: (
        "La politique nommée pour ce client ou cette facture n'existe pas.",
        "The policy named for this debtor or invoice does not exist.",
    ),
    Reason.DATA_TO_CORRECT: (
        "Le dernier message n'a pas pu être écrit : une donnée est à corriger.",
        "The last message could not be written: some data are to be corrected.",
    ),
}


def sentence(reason: Reason, language: str = "fr") -> str:
    """The sentence of a reason.

    >>> sentence(Reason.FEED_OLD, "en")
    'The bank statements are too old.'
    >>> set(Reason) - set(SENTENCES)
    set()
    """
    return SENTENCES[reason][0 if language == "fr" else 1]
