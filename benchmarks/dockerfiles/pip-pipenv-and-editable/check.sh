cd / && python3 -m thing; pip list 2>/dev/null | grep -E "^(six|idna|thing)"; ls -A /tmp
