cat /etc/keeper/*
