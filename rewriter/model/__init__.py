"""What a Dockerfile means: stages, the state in force, RUNs and their commands, and how to edit them in the author's style."""
