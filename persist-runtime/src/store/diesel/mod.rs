//! Stores on Diesel connections.
