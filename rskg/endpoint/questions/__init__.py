"""The questions: list, page, answer and the evidence behind it."""
