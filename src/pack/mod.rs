//! The frozen monthly pack: every page of one release in reading order, as one HTML file, a tagged PDF or a workbook.
//!
//! A pack is made from the rendered pages, so it shows what they show. It is written whole or not at all: a missing or
//! failed chart, a blank page or commentary that nobody approved keeps it from being made. Knows no folder and no clock.

mod brief;
mod faults;
mod html;
mod pages;
mod pdf;
#[cfg(test)]
mod tests;
mod tree;
mod typeset;
#[cfg(test)]
mod walk;
mod workbook;

pub use brief::Extent;
pub use pages::Inputs;

use pages::{Page, Stamp};

/// What a pack is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// One HTML file that needs nothing beside it.
    Html,
    /// PDF/UA-1: tagged, its text selectable, its charts vectors.
    Pdf,
    /// A workbook: cover, contents, notes, one table a sheet.
    Xlsx,
}

impl Format {
    /// The format that a file's name ends in, where there is one.
    pub fn of_name(name: &str) -> Option<Self> {
        match name.rsplit_once('.')?.1 {
            "html" => Some(Self::Html),
            "pdf" => Some(Self::Pdf),
            "xlsx" => Some(Self::Xlsx),
            _ => None,
        }
    }
}

/// A pack, ready to write.
#[derive(Debug)]
pub struct Pack {
    /// The file.
    pub bytes: Vec<u8>,
    /// Pages of the report in it.
    pub pages: usize,
    /// Sheets of paper it is set on; none where it is not set, as in a workbook.
    pub sheets: Option<usize>,
}

/// The pack, or every reason why there is none.
///
/// # Errors
/// Each a sentence that names the page or the file.
pub fn pack(inputs: &Inputs<'_>, format: Format) -> Result<Pack, Vec<String>> {
    let pages = pages::pages(inputs)?;
    let faults = faults::faults(inputs, &pages);
    if !faults.is_empty() {
        return Err(faults);
    }
    let (bytes, sheets) = written(inputs, &pages, format)?;
    Ok(Pack { bytes, pages: pages.len(), sheets })
}

/// The file, and the sheets of paper it is set on where it is.
fn written(inputs: &Inputs<'_>, pages: &[Page], format: Format) -> Result<(Vec<u8>, Option<usize>), Vec<String>> {
    let stamp = Stamp::of(inputs);
    match format {
        Format::Html => Ok((html::html(&stamp, pages, inputs.site).into_bytes(), None)),
        Format::Pdf => {
            let title = format!("{} {}", stamp.release, stamp.title);
            pdf::pdf(typeset::source(&stamp, pages), &title).map(|(bytes, sheets)| (bytes, Some(sheets)))
        }
        Format::Xlsx => {
            let book = workbook::workbook(inputs, &stamp, pages);
            book.map(|bytes| (bytes, None)).map_err(|problem| vec![format!("the workbook: {problem}")])
        }
    }
}
