//! The pack as a workbook: what the pages say in tables of their own, the commentary, then every measure's figures.

use rust_xlsxwriter::XlsxError;

use super::pages::{FILTERS, Inputs, Page, Stamp};
use super::tree::Element;
use crate::charts::words::lower_first;
use crate::release::export::{Beside, Words, workbook as figures_of};

pub(super) fn workbook(inputs: &Inputs<'_>, stamp: &Stamp, pages: &[Page]) -> Result<Vec<u8>, XlsxError> {
    let mut words: Vec<Words> = commentary(inputs).into_iter().collect();
    for page in pages.iter().filter(|page| !page.path.starts_with("measures/")) {
        words.extend(tables(page));
    }
    let mut cover = vec![format!("{FILTERS}.")];
    cover.extend(stamp.warnings().into_iter().map(str::to_owned));
    figures_of(inputs.report, &inputs.report.figures, Beside { cover: &cover, words: &words })
}

/// Who said what, and who answers for it.
fn commentary(inputs: &Inputs<'_>) -> Option<Words> {
    let mut rows = Vec::new();
    for one in inputs.commentary {
        let status = one.status.in_words();
        for remark in &one.remarks {
            let about = remark.measure.clone().unwrap_or_default();
            rows.push(vec![remark.text.clone(), about, one.author_role.clone(), status.clone()]);
        }
    }
    (!rows.is_empty()).then(|| Words {
        title: "Commentary".into(),
        note: "The partnership's own words about the month.".into(),
        header: ["Remark", "Measure", "Author", "Status"].map(str::to_owned).to_vec(),
        rows,
    })
}

/// The tables of a page that are not those of a chart: a chart's figures are in its measure's sheet.
fn tables(page: &Page) -> Vec<Words> {
    page.main
        .find(&|element| matches!(element.name.as_str(), "figure" | "table"))
        .into_iter()
        .filter(|element| element.name == "table")
        .filter_map(|table| words(page, table))
        .collect()
}

fn words(page: &Page, table: &Element) -> Option<Words> {
    let text = |row: &Element| row.elements().map(said).collect::<Vec<String>>();
    let rows = table.find(&|element| element.name == "tr");
    let (header, rows) = rows.split_first()?;
    let caption = table.first("caption").map(Element::text).unwrap_or_default();
    // Where measures stand is asked on every theme's page: the page's name tells one such table from the next.
    let of_theme = page.path.starts_with("themes/");
    let title = match (caption.is_empty(), of_theme) {
        (true, _) => page.title.clone(),
        (false, true) => format!("{}: {}", page.title, lower_first(&caption)),
        (false, false) => caption,
    };
    let cells: Vec<Vec<Cell>> = rows.iter().map(|row| row.elements().map(cell).collect()).collect();
    let has_more = |column: usize| cells.iter().any(|row| row.get(column).is_some_and(|cell| cell.more.is_some()));
    let spread = |column: usize, shown: String, more: String| {
        std::iter::once(shown).chain(has_more(column).then_some(more)).collect::<Vec<String>>()
    };
    let header = text(header);
    let rows = cells.iter().map(|row| {
        let cells = row.iter().enumerate();
        cells.flat_map(|(at, cell)| spread(at, cell.shown.clone(), cell.more.clone().unwrap_or_default())).collect()
    });
    Some(Words {
        title,
        note: format!("From the page: {}.", page.title),
        header: header
            .iter()
            .enumerate()
            .flat_map(|(at, name)| spread(at, name.clone(), format!("{name}: of what")))
            .collect(),
        rows: rows.collect(),
    })
}

/// What a cell shows: a number that words stand behind is apart from them, so that it is a number in the workbook too.
struct Cell {
    shown: String,
    /// `per 1,000 child-days, Aug 2026`.
    more: Option<String>,
}

fn cell(cell: &Element) -> Cell {
    let whole = said(cell);
    let is_number = |text: &String| text.chars().all(|letter| letter.is_ascii_digit() || ",.%".contains(letter));
    let leads = cell.elements().next().filter(|first| first.name == "strong").map(Element::text).filter(is_number);
    match leads.and_then(|number| Some((whole.strip_prefix(&number)?.trim().to_owned(), number))) {
        Some((more, number)) if !more.is_empty() => Cell { shown: number, more: Some(more) },
        _ => Cell { shown: whole, more: None },
    }
}

/// A cell in words; a chart in it by its description.
fn said(cell: &Element) -> String {
    match cell.first("desc") {
        Some(description) => description.text(),
        None => cell.text(),
    }
}
