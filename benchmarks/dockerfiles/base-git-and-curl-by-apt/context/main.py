import subprocess

print(subprocess.run(["git", "--version"], check=True, capture_output=True).stdout.split()[0])
