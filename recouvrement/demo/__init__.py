"""The demo: a made-up firm lives ten days, from the courtesy note to the hand-off, with real files and real mail."""
