cat /etc/people /home/bob/uid; ls -l /home/bob/private | cut -c1-10
