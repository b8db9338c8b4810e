"""VoiceMeUp: XML Engine API v1.1, in JSON or XML."""
