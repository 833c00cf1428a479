import os

print(os.access("/data", os.W_OK), os.getcwd())
