//! Typst source to a tagged PDF (PDF/UA-1): no file, no package, no clock, only the fonts that are shipped.

use typst::diag::{FileError, FileResult, SourceDiagnostic};
use typst::foundations::{Bytes, Datetime, Duration, Smart};
use typst::syntax::{FileId, Source};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Feature, Library, LibraryExt as _, World};
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

/// Their licences stand beside them.
const FONTS: [&[u8]; 4] = [
    include_bytes!("fonts/SightlineSans-Regular.ttf"),
    include_bytes!("fonts/SightlineSans-Bold.ttf"),
    include_bytes!("fonts/DejaVuSans-marks.ttf"),
    include_bytes!("fonts/DejaVuSansMono-latin.ttf"),
];

/// All that the typesetter may reach.
struct Desk {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
    main: Source,
}

impl Desk {
    fn with(source: String) -> Self {
        let fonts: Vec<Font> = FONTS.iter().filter_map(|data| Font::new(Bytes::new(*data), 0)).collect();
        // Row headers are tagged by a function that is still behind a feature.
        let features = [Feature::A11yExtras].into_iter().collect();
        Self {
            library: LazyHash::new(Library::builder().with_features(features).build()),
            book: LazyHash::new(FontBook::from_fonts(&fonts)),
            fonts,
            main: Source::detached(source),
        }
    }
}

impl World for Desk {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.book
    }

    fn main(&self) -> FileId {
        self.main.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.main.id() { Ok(self.main.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn file(&self, _: FileId) -> FileResult<Bytes> {
        Err(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.get(index).cloned()
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}

/// The PDF's bytes, the same for the same source, and how many sheets it has; or what keeps it from being one that everybody can read.
pub(super) fn pdf(source: String, title: &str) -> Result<(Vec<u8>, usize), Vec<String>> {
    let desk = Desk::with(source);
    let document = typst::compile(&desk).output.map_err(|problems| told(&problems))?;
    let standards = PdfStandards::new(&[PdfStandard::V_1_7, PdfStandard::Ua_1])
        .map_err(|problem| vec![format!("the PDF: {}", problem.message())])?;
    let options = PdfOptions {
        ident: Smart::Custom(title.to_owned()),
        creator: Smart::Custom(Some("Sightline".to_owned())),
        standards,
        ..PdfOptions::default()
    };
    let bytes = typst_pdf::pdf(&document, &options).map_err(|problems| told(&problems))?;
    Ok((bytes, document.pages().len()))
}

fn told(problems: &[SourceDiagnostic]) -> Vec<String> {
    problems
        .iter()
        .map(|problem| {
            let hints: String = problem.hints.iter().map(|hint| format!("; {}", hint.v)).collect();
            format!("the PDF: {}{hints}", problem.message)
        })
        .collect()
}
