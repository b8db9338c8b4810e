"""VoiceTel: numbers, texts, 911 addresses, ports and calls of a US carrier, in version 2.1 of its interface."""
