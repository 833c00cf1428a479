/srv/venv/bin/python -c "import rich; print(rich.__name__)"; uv --version
