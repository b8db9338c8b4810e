"""Many numbers changed at once: by a selection of the list, or by a file, with a dry run and a result for every row."""
