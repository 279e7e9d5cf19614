"""The Reconciliation API over HTTP."""
