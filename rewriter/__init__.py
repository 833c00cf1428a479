"""The ground of dslim: text, syntax, model, knowledge, rule, engine. Pure: no files, no network, no clock, no printing."""
