"""Jo Mobile RESTAPI 6.4."""
