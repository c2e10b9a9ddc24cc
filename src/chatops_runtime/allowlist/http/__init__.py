"""What the two HTTP APIs ask of the registrar."""
