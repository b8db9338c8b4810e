"""What pages over all apps show, as ready words."""
