python3 -c "import markupsafe; print(markupsafe.escape('<>'), markupsafe.__version__)"
