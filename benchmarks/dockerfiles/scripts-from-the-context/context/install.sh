set -e
mkdir -p /usr/local/lib
printf "thing\n" > /usr/local/lib/thing
