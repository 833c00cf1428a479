cat /listing; find /data -type f
