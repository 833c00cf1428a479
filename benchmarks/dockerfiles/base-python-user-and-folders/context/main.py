import getpass
import os

print(getpass.getuser(), os.getuid(), os.access("/data", os.W_OK))
