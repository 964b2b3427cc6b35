"""Acts of a person about money as tasks: receipts, write-offs, differences."""

from recouvrement.day import reviewing, write_offs
from recouvrement.day.control_acts import explain_difference
from tasks.acting import act_task

confirm = act_task("match-payment", reviewing.confirm_proposal)
match = act_task("match-payment", reviewing.match_payment)
unmatch = act_task("unmatch-payment", reviewing.unmatch_payment)
not_a_customer = act_task("not-a-customer", reviewing.not_a_customer)
write_off = act_task("write-off", write_offs.write_off)
undo_write_off = act_task("undo-write-off", write_offs.undo_write_off)
explain = act_task("explain-difference", explain_difference)
