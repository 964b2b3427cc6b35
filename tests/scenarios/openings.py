"""How many stories begin: one customer, one invoice, and the ladder up to the firm reminder."""

ROY = "2026-01-05  invoice F-17  Menuiserie Roy  1200.00  due 2026-02-04\n"
OLD = "2026-01-05  invoice F-1  Menuiserie Roy  500.00  due 2025-06-20\n"  # two hundred days late on the first day
FIRM = (
    ROY
    + """
    2026-02-09  run              -> friendly_reminder F-17
    2026-02-16  run              -> call by call F-17
    2026-02-17  call F-17
    2026-02-23  run              -> firm_reminder F-17
"""
)
