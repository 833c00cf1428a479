cat work/out; sudo -n id -u; ls /var/lib/apt/lists | wc -l
