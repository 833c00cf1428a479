tree --version
