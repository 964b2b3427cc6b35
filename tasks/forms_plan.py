"""Plans, disputes and waivers as tasks: each is one act of the ledger, or a refusal by code with nothing written."""

from recouvrement.day import acts_waiving
from recouvrement.day.acts_disputes import extend_dispute, settle_dispute
from recouvrement.day.acts_plans import record_plan
from tasks.acting import act_task

plan = act_task("plan", record_plan)
settle = act_task("settle-dispute", settle_dispute)
extend = act_task("extend-dispute", extend_dispute)
waive = act_task("waive-step", acts_waiving.waive)
restore = act_task("restore-step", acts_waiving.restore)
waive_penalties = act_task("waive-penalties", acts_waiving.waive_penalties)
restore_penalties = act_task("restore-penalties", acts_waiving.restore_penalties)
still_owed = act_task("still-owed", acts_waiving.explain_cleared)
