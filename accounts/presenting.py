when = str
