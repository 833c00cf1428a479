python3 app.py --self-test; ls -ln app.py | cut -d' ' -f3,4; pip --version | cut -d' ' -f1
