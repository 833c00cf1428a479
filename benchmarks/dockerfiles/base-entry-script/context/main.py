import os

print(os.environ["GREETING"], os.path.isdir("/srv/data"))
