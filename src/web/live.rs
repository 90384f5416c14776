//! `dev` alone: a page looks whether what is shown has changed, and reads itself again. Nobody else is sent any script.

use sha2::{Digest as _, Sha256};

use super::site::{Entry, HTML, Site, entry};
use super::slot::Slot;

/// Asks every 0.7 s which version is shown; nothing on a page depends on it.
const SCRIPT: &str = r#"const at=new URL("live.txt",document.currentScript.src);let seen;setInterval(async()=>{try{const now=await(await fetch(at,{cache:"no-store"})).text();if(seen&&now!==seen)location.reload();seen=now}catch{}},700)"#;

impl Site {
    /// The same site, each page of which reads itself again when another is put in its place.
    #[must_use]
    pub fn live(mut self) -> Self {
        let script = |depth: usize, page: &Entry| {
            let root = if depth == 0 { "./".to_owned() } else { "../".repeat(depth) };
            let tag = format!("<script src=\"{root}static/live.js\" defer></script></head>");
            entry(HTML, String::from_utf8_lossy(&page.body).replacen("</head>", &tag, 1), false)
        };
        let mut version = Sha256::new();
        for (path, slot) in &mut self.slots {
            if let Slot::Made(page) = slot
                && page.content_type == HTML
            {
                version.update(&page.body);
                *page = script(path.matches('/').count(), page);
            }
        }
        for pages in [&mut self.not_found, &mut self.bad_query, &mut self.no_month] {
            for (depth, page) in pages.iter_mut().enumerate() {
                *page = script(depth, page);
            }
        }
        let version: String = version.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        self.slots.insert(
            "static/live.js".into(),
            Slot::Made(entry("text/javascript; charset=utf-8", SCRIPT.to_owned(), false)),
        );
        self.slots.insert("static/live.txt".into(), Slot::Made(entry("text/plain; charset=utf-8", version, false)));
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_script_is_a_few_hundred_bytes() {
        assert!(SCRIPT.len() < 400, "{}", SCRIPT.len());
    }
}
