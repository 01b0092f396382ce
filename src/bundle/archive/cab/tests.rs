//! Cabinets.
