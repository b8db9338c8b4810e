"""Texts as a file (C24): which ones, as words of a person's language and zone, written as CSV or PDF in the background.

Notes that people leave for each other are never in one: only `Message` rows are read.
"""
