pong; command -v gcc make || echo gone; ls /build | wc -l
