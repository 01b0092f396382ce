//! Zip.
