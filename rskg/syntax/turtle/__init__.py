"""Turtle as people write it: tokens, the tree with its comments, the normal form."""

from rskg.syntax.turtle.normal_form import normal_form

__all__ = ["normal_form"]
