cat /sorted /offline
