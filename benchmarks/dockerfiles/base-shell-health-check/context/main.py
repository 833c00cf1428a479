import json

print(json.dumps({"zoned": True}))
