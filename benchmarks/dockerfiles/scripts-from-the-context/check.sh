file /usr/local/lib/thing; command -v hexdump; ls -A /tmp; ls /var/lib/apt/lists | wc -l
