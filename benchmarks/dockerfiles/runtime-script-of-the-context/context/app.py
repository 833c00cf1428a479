import json

import requests

print(json.dumps({"a": len(requests.codes.__dict__) > 50}))
