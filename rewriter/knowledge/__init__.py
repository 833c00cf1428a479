"""Facts, each with its source, in TOML beside typed readers. A reader answers "unknown" rather than guess."""
