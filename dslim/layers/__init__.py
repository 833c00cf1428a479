"""`dslim layers`: where the bytes of an image are, which line of the Dockerfile put them there, and what of it is waste."""
