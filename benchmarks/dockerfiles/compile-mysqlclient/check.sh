cd /srv && python main.py && curl --version | head -c 4
