"""The check of `rskg validate` over HTTP."""
