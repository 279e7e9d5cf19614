"""The map: every site by commodity, stage and country, over an indicator of its country."""
