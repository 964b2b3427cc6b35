"""The ladder: stages, steps and channels by name."""

from recouvrement.domain.codes import Code


class Stage(Code):
    """How far the recovery of an item has gone, or the state in which it left the ladder."""

    NOT_DUE = "not_due"
    PREVENTION = "prevention"
    AMICABLE = "amicable"
    FIRM = "firm"
    FORMAL_NOTICE = "formal_notice"
    HAND_OFF = "hand_off"
    DISPUTED = "disputed"
    PROMISED = "promised"
    ON_A_PLAN = "on_a_plan"
    PAUSED = "paused"
    INSOLVENT = "insolvent"
    HANDED_OVER = "handed_over"
    CLOSED = "closed"


class Channel(Code):
    """The way a contact leaves the house."""

    EMAIL = "email"
    LETTER = "letter"
    REGISTERED_LETTER = "registered_letter"
    CALL = "call"
    SMS = "sms"


class StepCode(Code):
    """The steps that the shipped policies and templates use; a policy may order a subset of them."""

    COURTESY = "courtesy"
    FRIENDLY_REMINDER = "friendly_reminder"
    CALL = "call"
    FIRM_REMINDER = "firm_reminder"
    LAST_REMINDER = "last_reminder"
    MISE_EN_DEMEURE = "mise_en_demeure"
    HAND_OFF = "hand_off"
