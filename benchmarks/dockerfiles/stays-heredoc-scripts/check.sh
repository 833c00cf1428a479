cat /srv/*
