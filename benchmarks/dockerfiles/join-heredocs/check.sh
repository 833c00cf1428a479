head /etc/tool/*
