"""A file of patients to rows of answers: read, answered and written one patient at a time."""
