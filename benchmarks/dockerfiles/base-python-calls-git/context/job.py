import os
import subprocess

os.makedirs("/tmp/r", exist_ok=True)
os.chdir("/tmp/r")
subprocess.check_call(["git", "init", "-q", "."])
print(subprocess.check_output(["git", "rev-parse", "--is-inside-work-tree"]).decode())
