cat /colour; redis-cli --version | cut -d" " -f1
