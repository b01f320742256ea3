"""What lies over the plane, for every concept that walks on it."""
