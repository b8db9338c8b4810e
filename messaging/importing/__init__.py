"""Contacts from a CSV file: read whatever a spreadsheet writes, guess its columns, check every row, write in batches."""
