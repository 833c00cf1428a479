"""Images as they were built: where they come from, their layers, and what lies in them. Nothing here knows a Dockerfile."""
