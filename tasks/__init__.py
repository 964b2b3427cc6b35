"""One thin task per contact with the world."""
