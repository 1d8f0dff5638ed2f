"""Files of readings: mapped, registered where asked, and taken in as history."""
