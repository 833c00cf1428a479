cat /made; make --version | head -1; patch --version | head -1
