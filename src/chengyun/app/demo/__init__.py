"""Demo cities, built at set-up from registry packages; what is made up is labelled synthetic."""
