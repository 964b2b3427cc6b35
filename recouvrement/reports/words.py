"""The words of reports, in French and English: buckets, steps, states, headings."""

WORDS: dict[str, tuple[str, str]] = {
    "not_due": ("non échu", "not due"),
    "due_soon": ("bientôt échu", "due soon"),
    "courtesy": ("rappel avant échéance", "courtesy note"),
    "friendly_reminder": ("relance amiable", "friendly reminder"),
    "call": ("appel", "call"),
    "firm_reminder": ("relance ferme", "firm reminder"),
    "last_reminder": ("dernière relance", "last reminder"),
    "mise_en_demeure": ("mise en demeure", "formal notice"),
    "hand_off": ("dossier à confier", "hand-off"),
    "receipt_in_doubt": ("encaissement à identifier", "receipt to identify"),
    "email": ("e-mail", "e-mail"),
    "letter": ("lettre", "letter"),
    "registered_letter": ("recommandé", "registered letter"),
    "sms": ("SMS", "SMS"),
    "planned": ("en attente d'accord", "awaiting approval"),
    "approved": ("accordé", "approved"),
    "ready": ("prêt", "ready"),
    "claimed": ("en cours", "under way"),
    "sending": ("en cours d'envoi", "being sent"),
    "sent": ("parti", "sent"),
    "delivered": ("remis", "delivered"),
    "bounced": ("revenu", "bounced"),
    "replied": ("réponse reçue", "replied"),
    "unknown": ("sort inconnu", "fate unknown"),
    "failed": ("échoué", "failed"),
    "cancelled": ("annulé", "cancelled"),
    "expired": ("expiré", "expired"),
    "refused": ("refusé", "refused"),
    "to_write": ("serait écrit", "would be written"),
    "not_written": ("mis de côté", "set aside"),
    "prevention": ("prévention", "prevention"),
    "amicable": ("amiable", "amicable"),
    "firm": ("relance ferme", "firm"),
    "formal_notice": ("mise en demeure", "formal notice"),
    "disputed": ("contesté", "disputed"),
    "promised": ("promis", "promised"),
    "on_a_plan": ("échéancier", "on a plan"),
    "insolvent": ("procédure collective", "insolvent"),
    "handed_over": ("confié", "handed over"),
    "closed": ("clos", "closed"),
    "days": ("jours", "days"),
    "over": ("plus de", "over"),
    "total": ("Total", "Total"),
    "debtor": ("Client", "Debtor"),
    "currency": ("Devise", "Currency"),
    "step": ("Étape", "Step"),
    "debtors": ("Clients", "Debtors"),
    "lateness": ("Retard", "Lateness"),
    "channel": ("Canal", "Channel"),
    "state": ("État", "State"),
    "invoices": ("Factures", "Invoices"),
    "amount": ("Montant", "Amount"),
    "reason": ("Pourquoi", "Why"),
    "until": ("Jusqu'au", "Until"),
    "booked": ("Écriture du", "Booked"),
    "line": ("Ligne", "Line"),
    "proposals": ("Propositions", "Proposals"),
    "none": ("aucune", "none"),
    "case": ("Dossier", "Case"),
    "opened": ("Ouvert le", "Opened"),
    "version": ("Version", "Dossier version"),
    "file": ("Fichier", "File"),
    "lines": ("Lignes", "Lines"),
    "field": ("Champ", "Field"),
    "count": ("Nombre", "Count"),
    "proposed": ("proposé", "proposed"),
    "open_by_lateness": ("Montant ouvert par retard", "Open amount by lateness"),
    "messages_by_step": ("Clients à contacter par étape", "Debtors to contact by step"),
    "day_of": ("Recouvrement du", "Recovery of"),
    "rehearse": ("Répétition : rien n'est écrit ni envoyé", "Rehearsal: nothing is written or sent"),
    "live": ("Réel : les messages du jour partent", "Live: the day's messages leave"),
    "key_figures": ("Chiffres clés", "Key figures"),
    "open_items": ("Échéances ouvertes", "Open items"),
    "open_amount": ("Montant ouvert", "Open amount"),
    "overdue_amount": ("dont en retard", "of which overdue"),
    "messages_due": ("Messages dus", "Messages due"),
    "bank_read_to": ("Relevés lus jusqu'au", "Bank statements read up to"),
    "never": ("jamais", "never"),
    "files_read": ("Fichiers lus", "Files read"),
    "lines_matched": ("Encaissements attribués", "Receipts matched"),
    "cases_opened": ("Dossiers ouverts", "Cases opened"),
    "outbox": ("Boîte d'envoi du jour", "Today's outbox"),
    "to_look_at": ("À regarder", "To look at"),
    "nothing_to_look_at": ("Rien n'attend une personne.", "Nothing waits for a person."),
    "why_not": ("Ce qui a été décidé, et pourquoi", "What was decided, and why"),
    "decision": ("Décision", "Decision"),
    "contact": ("contacter", "contact"),
    "wait": ("attendre", "wait"),
    "hold": ("suspendre", "hold"),
    "leave": ("laisser", "leave"),
    "ask": ("demander à une personne", "ask a person"),
    "decisions_digest": ("Empreinte des décisions", "Digest of the decisions"),
    "waits_approval": ("Mises en demeure qui attendent un accord", "Formal notices that wait for approval"),
    "waits_unknown": ("Envois au sort inconnu", "Sends of unknown fate"),
    "waits_failed": ("Envois échoués", "Sends that failed"),
    "waits_ready": ("Messages prêts qui ne sont pas partis", "Messages ready that have not left"),
    "waits_problems": ("Lignes de fichiers à corriger", "Lines of files to correct"),
    "waits_credits": ("Encaissements non attribués", "Receipts not attributed"),
    "message": ("Message", "Message"),
    "since": ("Depuis le", "Since"),
    "day": ("Jour", "Day"),
    "missed": ("Messages manqués", "Messages missed"),
    "first_day": ("Premier jour", "First day"),
    "days_missed": ("Jours", "Days"),
    "paused_stage": ("en pause", "paused"),
    "paused": ("L'envoi est suspendu : voir `recouvrement resume`", "Sending is paused: see `recouvrement resume`"),
}


def short(bucket: str, language: str) -> str:
    """A bucket as the head of a narrow column.

    >>> short("31-60", "fr"), short("over_180", "fr"), short("not_due", "en")
    ('31-60', '> 180', 'not due')
    """
    if bucket.startswith("over_"):
        return f"> {bucket[5:]}"
    return bucket if bucket[0].isdigit() else word(bucket, language)


def word(key: str, language: str) -> str:
    """A word in a language; a bucket such as `31-60` becomes days; what is unknown is shown as its code, spaced.

    >>> word("31-60", "en"), word("over_180", "fr"), word("sent", "fr"), word("set_off", "en")
    ('31-60 days', 'plus de 180 jours', 'parti', 'set off')
    """
    place = 0 if language == "fr" else 1
    if key in WORDS:
        return WORDS[key][place]
    if key.replace("-", "").isdigit():
        return f"{key} {WORDS['days'][place]}"
    if key.startswith("over_"):
        return f"{WORDS['over'][place]} {key[5:]} {WORDS['days'][place]}"
    return key.replace("_", " ")
