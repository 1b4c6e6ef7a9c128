"""What people must do: sign off, lend their roles, find faults, waive; and who must not."""
