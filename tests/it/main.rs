//! Integration tests, one binary: whole projects in, figures out.

mod broken;
mod miniatures;
mod project;
mod release;
