"""Conversations and messages as pages show them: plain rows of ready strings, made once for a page."""
