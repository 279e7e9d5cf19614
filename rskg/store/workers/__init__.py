"""Queries in processes that can be killed: who asks, for how long, and what becomes of it."""
