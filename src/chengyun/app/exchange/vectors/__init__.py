"""Map files of other houses: told by content, unpacked within bounds, read in parts."""
