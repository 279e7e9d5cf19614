"""Value chains: what stands at each stage of a commodity, and where nothing is on record."""
