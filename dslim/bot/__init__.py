"""`dslim bot`: pull requests that make images smaller, opened once, kept up to date, and never fought over.

Read from the outside in: `command` (words), `run` (one repository), `plan` (pure: files in, proposals out), `reconcile`
(what to do about one pull request), `forge` (who keeps the repository), `ledger` (what we remember).
"""
