head /greeting /words /checked /globbed /status /shell
