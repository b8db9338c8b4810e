"""One text to many: whom it is for, every row checked, cost and end foretold, and handed over as the upstream takes it."""
