cat imports.txt; python -c "import requests, click; print(requests.__version__)"
