"""`dslim bot serve`: hears of what happens on the forge, and acts on it.

`web` takes deliveries in and answers at once; `mail` says what one means; `post` keeps it until it is done; `obey` does what
people asked for; `serving` sets it all up, with a sweep over everything each night for what was missed.
"""
