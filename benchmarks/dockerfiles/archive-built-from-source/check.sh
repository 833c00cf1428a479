hello; ls / | grep hello
