git --version; date +%Z; ls /var/cache/apk | wc -l; apk info 2>/dev/null | sort
