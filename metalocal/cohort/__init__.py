"""A file of patients to rows of answers, one patient at a time; or to counts, all at once."""
