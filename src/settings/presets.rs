//! Experiments and conventions from the course material, one click each.
