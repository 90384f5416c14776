//! Heads of the audit log, written out line by line to a file that is best kept elsewhere: `412 9f3c… 1790000000`.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use super::Seconds;
use super::audit::Head;
use crate::config::from_hex;

/// The usual name, in the identity folder.
const FILE: &str = "audit-heads.txt";

/// Where heads go: as named, or beside the log.
pub fn heads_file(named: Option<&Path>, project: &Path, identity: &Path) -> PathBuf {
    named.map_or_else(|| identity.join(FILE), |path| project.join(path))
}

/// Adds a head to the file.
pub fn write_head(path: &Path, head: &Head, now: Seconds) -> std::io::Result<()> {
    let mut file = std::fs::OpenOptions::new().create(true).append(true).open(path)?;
    writeln!(file, "{} {now}", head.in_words())?;
    file.sync_data()
}

/// Every head in the file, and the numbers of the lines that hold none. A file that is not there holds none.
pub fn read_heads(path: &Path) -> std::io::Result<(Vec<Head>, Vec<u64>)> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(error),
    };
    let (mut heads, mut unreadable) = (Vec::new(), Vec::new());
    for (line, number) in text.lines().zip(1..) {
        let mut words = line.split_whitespace();
        let read = words
            .next()
            .and_then(|seq| seq.parse().ok())
            .zip(words.next().and_then(from_hex))
            .map(|(seq, mac)| Head { seq, mac });
        match read {
            Some(head) => heads.push(head),
            None => unreadable.push(number),
        }
    }
    Ok((heads, unreadable))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(FILE);
        assert_eq!(read_heads(&path).unwrap(), (Vec::new(), Vec::new()));
        let head = Head { seq: 412, mac: [0x9f; 32] };
        write_head(&path, &head, 1000).unwrap();
        std::fs::OpenOptions::new().append(true).open(&path).unwrap().write_all(b"nonsense\n").unwrap();
        write_head(&path, &head, 2000).unwrap();
        assert_eq!(read_heads(&path).unwrap(), (vec![head.clone(), head], vec![2]));
    }
}
