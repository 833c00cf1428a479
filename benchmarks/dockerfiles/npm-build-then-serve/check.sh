cat dist/index.html; stat -c %a dist dist/index.html; npm ls -g --depth 0 2>/dev/null | grep serve
