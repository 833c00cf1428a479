cd /srv/reports && for f in *.txt; do echo "== $f"; cat "$f"; done
