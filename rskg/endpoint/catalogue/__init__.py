"""Datasets and named graphs: who publishes what, under which licence."""
