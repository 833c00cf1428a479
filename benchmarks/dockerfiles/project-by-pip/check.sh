acme
