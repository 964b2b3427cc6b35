"""Pure rules: functions of values and of the day. Standard library only."""
