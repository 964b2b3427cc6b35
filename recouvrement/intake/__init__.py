"""Files that strangers made, read into records and problems."""
