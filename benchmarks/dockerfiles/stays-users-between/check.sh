cat /etc/there /home/reader/mine
