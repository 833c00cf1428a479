import json
import sys

print(json.dumps({"major": sys.version_info[0]}))
