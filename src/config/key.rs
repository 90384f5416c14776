//! The key of the pseudonyms: 32 random bytes in a file of their own, outside the project folder and readable by its
//! owner alone. Whoever holds both key and extracts could recognise a child; a release holds neither.

use std::fmt;
use std::fs;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

use super::problem::in_words;
use super::{Config, Problem, Problems};

/// The key of the pseudonyms. Never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Key([u8; 32]);

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(withheld)")
    }
}

impl Key {
    /// A key from bytes: for the embedded sample and for tests, where there is nobody to protect.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes.
    pub(crate) const fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The key of a project, made where there is none yet. A key that others may read, or that lies among the extracts,
    /// is refused.
    pub fn of_project(config: &Config, folder: &Path) -> Result<Self, Problems> {
        Self::find(config, folder).map_err(|problem| Problems(vec![problem]))
    }

    /// Puts a new key in the place of the old one, which is gone then; says where.
    pub fn rotate(config: &Config, folder: &Path) -> Result<PathBuf, Problems> {
        let renewed = || {
            let path = place(config, folder)?;
            let beside = path.with_extension("new");
            // What a rotation that was cut short left behind.
            let _ = fs::remove_file(&beside);
            create(&beside).and_then(|()| fs::rename(&beside, &path)).map_err(|error| {
                refused(&path, &format!("cannot be made: {}", in_words(&error)), "check who owns its folder")
            })?;
            Ok(path)
        };
        renewed().map_err(|problem: Problem| Problems(vec![problem]))
    }

    fn find(config: &Config, folder: &Path) -> Result<Self, Problem> {
        let path = place(config, folder)?;
        let refused = |says: &str, hint: &str| refused(&path, says, hint);
        if !path.exists() {
            create(&path).map_err(|error| {
                refused(
                    &format!("cannot be made: {}", in_words(&error)),
                    "name a file that can be written in `pseudonym_key_file`",
                )
            })?;
        }
        if others_may_read(&path) {
            return Err(refused("can be read by others", "take their rights away: chmod 600"));
        }
        let text = fs::read_to_string(&path)
            .map_err(|error| refused(&format!("cannot be read: {}", in_words(&error)), "check who owns the file"))?;
        from_hex(text.trim()).map(Self).ok_or_else(|| {
            refused(
                "is not 64 hexadecimal digits",
                "restore it from its copy; a new key gives every child a new pseudonym",
            )
        })
    }
}

fn refused(path: &Path, says: &str, hint: &str) -> Problem {
    Problem::new(&path.display().to_string(), "K02", format!("the pseudonym key {says}")).hint(hint)
}

/// Where the key of a project is kept: never among the extracts.
fn place(config: &Config, folder: &Path) -> Result<PathBuf, Problem> {
    let path = match &config.pseudonym_key_file {
        Some(path) => folder.join(path),
        None => usual_place("pseudonym.key")?,
    };
    if lies_inside(&path, folder) {
        return Err(refused(
            &path,
            "lies inside the project folder",
            "whoever copies the folder would copy the key: name a file elsewhere in `pseudonym_key_file`",
        ));
    }
    Ok(path)
}

/// `$XDG_DATA_HOME/sightline/FILE`, else under `~/.local/share`.
pub(crate) fn usual_place(file: &str) -> Result<PathBuf, Problem> {
    let named = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    named("XDG_DATA_HOME")
        .or_else(|| named("HOME").map(|home| home.join(".local/share")))
        .map(|data| data.join("sightline").join(file))
        .ok_or_else(|| {
            Problem::new(super::FILE, "K02", "there is no home folder to keep keys in")
                .column("pseudonym_key_file")
                .hint("name files outside the project folder in `pseudonym_key_file` and `identity.key_file`")
        })
}

/// True where the file's folder, with links followed, is the project folder or beneath it.
pub(crate) fn lies_inside(path: &Path, folder: &Path) -> bool {
    let Ok(folder) = folder.canonicalize() else {
        return false;
    };
    let resolved = path.canonicalize().ok().or_else(|| {
        path.ancestors().skip(1).find_map(|parent| {
            let parent = if parent.as_os_str().is_empty() { Path::new(".") } else { parent };
            parent.canonicalize().ok()
        })
    });
    resolved.is_some_and(|resolved| resolved.starts_with(&folder))
}

/// A new key of random bytes, its owner's alone.
pub(crate) fn create(path: &Path) -> std::io::Result<()> {
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent)?;
    }
    let mut bytes = [0_u8; 32];
    fs::File::open("/dev/urandom")?.read_exact(&mut bytes)?;
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    let mut file = options.open(path)?;
    file.write_all(to_hex(&bytes).as_bytes())?;
    file.sync_all()
}

/// True where the group or the world has any right to the file.
pub(crate) fn others_may_read(path: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::metadata(path).is_ok_and(|metadata| metadata.permissions().mode() & 0o077 != 0)
    }
    #[cfg(not(unix))]
    {
        let _ = path;
        false
    }
}

/// Lower-case hexadecimal digits.
pub(crate) fn to_hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// 32 bytes from 64 hexadecimal digits.
pub(crate) fn from_hex(text: &str) -> Option<[u8; 32]> {
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    let mut bytes = [0; 32];
    for (index, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(index * 2..index * 2 + 2)?, 16).ok()?;
    }
    Some(bytes)
}
