"""What every page is made of, and the first one: visits, words, names, search, the home page."""
