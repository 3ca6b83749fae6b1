"""Catalogues of translations: what has to be said in every language, gathered from where it is."""
