cat /var/lib/steps/state; ls /var/lib/apt/lists | wc -l; less --version | head -1
