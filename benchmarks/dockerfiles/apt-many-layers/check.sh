curl --version | head -1; wget --version | head -1; command -v ping telnet vim.tiny; cat /etc/timezone
