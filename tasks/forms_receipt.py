"""Receipts outside the bank statement as tasks."""

from recouvrement.day.acts_receipts import move_receipt, record_receipt
from tasks.acting import act_task

receipt = act_task("receipt", record_receipt)
move = act_task("end-receipt", move_receipt)
