class Production:
    NAME = "production"
