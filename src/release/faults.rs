//! Points at which a test can stop the writer as a killed process would stop. In use they always pass.

use std::io;

/// Counts the points passed and fails at one of them.
#[derive(Debug, Default)]
pub(super) struct Faults {
    passed: u32,
    fail_at: Option<u32>,
}

impl Faults {
    /// Never fails.
    pub(super) fn none() -> Self {
        Self::default()
    }

    /// Fails at the `point`th point, counted from 1.
    #[cfg(test)]
    pub(super) fn at(point: u32) -> Self {
        Self { passed: 0, fail_at: Some(point) }
    }

    /// Called before every step that changes the disk.
    pub(super) fn pass(&mut self) -> io::Result<()> {
        self.passed += 1;
        if self.fail_at == Some(self.passed) {
            return Err(io::Error::other("stopped here by a test"));
        }
        Ok(())
    }
}
