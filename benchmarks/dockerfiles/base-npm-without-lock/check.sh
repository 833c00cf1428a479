node .
