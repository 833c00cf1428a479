"""Readers: Dockerfile as BuildKit reads it, shell as a POSIX shell reads it, and Docker's own words."""
