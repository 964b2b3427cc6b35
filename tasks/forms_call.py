"""What calls came to, as tasks."""

from recouvrement.day.acts_calls import record_call, record_other_call
from tasks.acting import act_task

call = act_task("call", record_call)
other_call = act_task("other-call", record_other_call)
