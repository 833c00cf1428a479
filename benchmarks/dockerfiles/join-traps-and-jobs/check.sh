cat /journal /limit
