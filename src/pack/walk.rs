//! The same figure, wherever it is read: tile, chart description, table, CSV, workbook, API, pack. For every measure.

use std::collections::BTreeMap;
use std::io::Read as _;

use super::tree::{self, Element};
use super::*;
use crate::charts::fixture::{figures, ordered, report};
use crate::charts::{self, words};
use crate::dashboards;
use crate::domain::{Dimension, Figure};
use crate::release::{Board, Measure, Report, Shape, export};
use crate::web::{Inputs as SiteInputs, Site, site};

fn page(site: &Site, path: &str) -> Element {
    tree::parse(&String::from_utf8_lossy(site.body(path).unwrap_or_else(|| panic!("{path}")))).unwrap()
}

/// Rows of any table, in which the row's heading leads to the measure: the tiles of first screen and theme pages.
fn tiles(tree: &Element, measure: &Measure) -> Vec<String> {
    let leads = |cell: &Element| {
        let ends = format!("measures/{}", measure.id);
        cell.find(&|one| one.attribute("href").is_some_and(|address| address.ends_with(&ends))).len() == 1
    };
    tree.find(&|element| element.name == "tr")
        .into_iter()
        .filter(|row| row.elements().next().is_some_and(|cell| cell.name == "th" && leads(cell)))
        .filter_map(|row| Some(row.elements().nth(1)?.first("strong")?.text()))
        .collect()
}

/// Rows of the measure's own tables about the period: each cell's words.
fn rows_of(tree: &Element, period: &str) -> Vec<Vec<String>> {
    tree.find(&|element| element.name == "tr")
        .into_iter()
        .map(|row| row.elements().map(Element::text).collect::<Vec<_>>())
        .filter(|row| row.first().is_some_and(|first| first == period))
        .collect()
}

fn csv_row(site: &Site, figure: &Figure) -> Vec<String> {
    let path = format!("measures/{}.csv", figure.measure);
    let mut rows = csv::Reader::from_reader(site.body(&path).unwrap());
    let row = rows
        .records()
        .map(Result::unwrap)
        .find(|row| row[1] == figure.period.to_string() && row[2] == *figure.dimension.id() && row[3] == figure.level);
    row.unwrap().iter().map(str::to_owned).collect()
}

/// The files of a workbook: a zip archive, read by its own list of contents.
fn unzipped(bytes: &[u8]) -> BTreeMap<String, String> {
    let number = |at: usize, size: usize| {
        bytes[at..at + size].iter().rev().fold(0_usize, |number, byte| number << 8 | usize::from(*byte))
    };
    let end = bytes.windows(4).rposition(|window| window == b"PK\x05\x06").unwrap();
    let mut at = number(end + 16, 4);
    let mut files = BTreeMap::new();
    for _ in 0..number(end + 10, 2) {
        let (method, size) = (number(at + 10, 2), number(at + 20, 4));
        let (name, extra, comment) = (number(at + 28, 2), number(at + 30, 2), number(at + 32, 2));
        let path = String::from_utf8(bytes[at + 46..at + 46 + name].to_vec()).unwrap();
        let local = number(at + 42, 4);
        let from = local + 30 + number(local + 26, 2) + number(local + 28, 2);
        let mut text = String::new();
        match method {
            0 => text = String::from_utf8(bytes[from..from + size].to_vec()).unwrap(),
            _ => _ = flate2::read::DeflateDecoder::new(&bytes[from..from + size]).read_to_string(&mut text).unwrap(),
        }
        files.insert(path, text);
        at += 46 + name + extra + comment;
    }
    files
}

fn xml(files: &BTreeMap<String, String>, path: &str) -> Element {
    tree::parse(files[path].split_once("?>").unwrap().1).unwrap()
}

/// Every sheet's rows as a spreadsheet shows them, by its name: by column letter.
fn sheets(bytes: &[u8]) -> BTreeMap<String, Vec<BTreeMap<String, String>>> {
    let files = unzipped(bytes);
    let named =
        |element: &Element, name: &str| element.find(&|one| one.name == name).into_iter().cloned().collect::<Vec<_>>();
    let book = xml(&files, "xl/workbook.xml");
    let words: Vec<String> = named(&xml(&files, "xl/sharedStrings.xml"), "si").iter().map(Element::text).collect();
    let cell = |cell: &Element| {
        let value = cell.first("v").map(Element::text).unwrap_or_default();
        let shown =
            if cell.attribute("t") == Some("s") { words[value.parse::<usize>().unwrap()].clone() } else { value };
        (cell.attribute("r").unwrap().trim_end_matches(|letter: char| letter.is_ascii_digit()).to_owned(), shown)
    };
    let rows = |place: usize| named(&xml(&files, &format!("xl/worksheets/sheet{}.xml", place + 1)), "row");
    let of = |(place, sheet): (usize, &Element)| {
        let rows = rows(place).iter().map(|row| named(row, "c").iter().map(cell).collect()).collect();
        (sheet.attribute("name").unwrap().to_owned(), rows)
    };
    named(&book, "sheet").iter().enumerate().map(of).collect()
}

/// The row of a figure in the sheet of its measure, which says the measure in words.
fn sheet_row(bytes: &[u8], figure: &Figure) -> BTreeMap<String, String> {
    let is =
        |row: &BTreeMap<String, String>, column: &str, value: &str| row.get(column).is_some_and(|own| own == value);
    let sheets = sheets(bytes);
    let (name, rows) =
        sheets.iter().find(|(_, rows)| rows.iter().any(|row| is(row, "A", &figure.measure))).expect("a sheet of it");
    assert!(name.chars().count() <= 31 && !name.contains('_') && *name != figure.measure, "{name}");
    let mut rows = rows.iter();
    let row = rows.find(|row| {
        is(row, "B", &figure.period.to_string()) && is(row, "C", figure.dimension.id()) && is(row, "D", &figure.level)
    });
    row.unwrap().clone()
}

/// Where a figure stands in a sheet of its measure.
fn place(figure: &Figure) -> [String; 3] {
    [figure.period.to_string(), figure.dimension.id().to_owned(), figure.level.clone()]
}

/// The values of a workbook by measure and place, read once.
fn by_measure(bytes: &[u8]) -> BTreeMap<String, BTreeMap<[String; 3], String>> {
    let mut found: BTreeMap<String, BTreeMap<[String; 3], String>> = BTreeMap::new();
    for row in sheets(bytes).into_values().flatten() {
        let cell = |column: &str| row.get(column).cloned().unwrap_or_default();
        found.entry(cell("A")).or_default().insert([cell("B"), cell("C"), cell("D")], cell("G"));
    }
    found
}

fn sheet_value(bytes: &[u8], figure: &Figure) -> f64 {
    sheet_row(bytes, figure)["G"].parse().unwrap()
}

fn api_value(site: &Site, figure: &Figure) -> f64 {
    let body = site.body(&format!("api/v1/figures/{}", figure.measure)).unwrap();
    let answer: serde_json::Value = serde_json::from_slice(body).unwrap();
    let found = answer["figures"].as_array().unwrap().iter().find(|one| {
        one["period"] == figure.period.to_string()
            && one["dimension"] == figure.dimension.id()
            && one["level"] == figure.level
    });
    found.unwrap()["value"].as_f64().unwrap()
}

/// The number that a tile shows, where it is one alone: `31%` is 0.31.
fn number_of(tile: &str) -> Option<f64> {
    let (digits, scale) = tile.strip_suffix('%').map_or((tile, 1.0), |digits| (digits, 100.0));
    digits.replace(',', "").parse::<f64>().ok().map(|number| number / scale)
}

/// Whether a cell shows the figure, with as many decimals as its column has.
fn shows(cell: &str, figure: &Figure) -> bool {
    let alone = words::cell(figure);
    let of_a_column = |with: f64| {
        let beside = Figure { value: Some(with), ..figure.clone() };
        words::Decimals::of_figures([figure, &beside]).cell(figure)
    };
    // A value of one decimal, of whatever unit, stands in the column.
    cell == alone || cell == of_a_column(0.015) || cell == of_a_column(0.5)
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() < 1e-9
}

/// Walks every measure of a report; how many figures were found at every place.
fn walk(report: &Report<Board>, pages: &[dashboards::Page]) -> usize {
    let site = site(&SiteInputs { pages, ..SiteInputs::of(report) });
    let inputs = Inputs { report, site: &site, dashboards: pages, commentary: &[], draft: true, extent: Extent::Whole };
    let all_pages: Vec<Element> = site
        .paths()
        .filter(|path| path.is_empty() || path.starts_with("themes/"))
        .map(|path| page(&site, path))
        .collect();
    let packed = pages::pages(&inputs).unwrap();
    let book = pack(&inputs, Format::Xlsx).unwrap().bytes;
    let workbook = by_measure(&book);
    let in_pages: Vec<BTreeMap<String, String>> = sheets(&book).into_values().flatten().collect();
    let mut walked = 0;
    for measure in &report.measures {
        let id = &measure.id;
        let own = page(&site, &format!("measures/{id}"));
        let Some(figure) = charts::latest(measure, report) else {
            let says = own.text().to_lowercase();
            assert!(
                says.contains("cannot be known") || says.contains("cannot be shown") || says.contains("withheld"),
                "{id}"
            );
            continue;
        };
        let value = figure.value.unwrap();
        let short = words::value_short(figure.unit, value);
        let tiles: Vec<String> = all_pages.iter().flat_map(|page| tiles(page, measure)).collect();
        assert!(tiles.iter().all(|tile| *tile == short), "{id}: tile {tiles:?}, not {short}");
        if let Some(number) = number_of(&short).filter(|_| !tiles.is_empty()) {
            let rows = in_pages.iter().filter(|row| row.get("A") == Some(&measure.title));
            let shown = rows.filter_map(|row| row.get("B")?.parse::<f64>().ok()).any(|one| close(one, number));
            assert!(shown, "{id}: {short} is no number in the tables of the pack's workbook");
        }
        let period = words::upper_first(&words::period_short(figure.period));
        let rows = rows_of(&own, &period);
        let shown = rows.iter().flatten().find(|cell| shows(cell, figure));
        let cell = shown.unwrap_or_else(|| panic!("{id}: table {rows:?}, not {}", words::cell(figure))).clone();
        let described: Vec<String> = own
            .find(&|one| one.name == "svg" && one.has_class("chart"))
            .iter()
            .filter_map(|chart| Some(chart.first("desc")?.text()))
            .collect();
        let number = words::number(figure.unit, value);
        assert!(described.iter().any(|words| words.contains(&number)), "{id}: described {described:?}, not {number}");
        let row = csv_row(&site, figure);
        assert!(close(row[6].parse().unwrap(), value), "{id}: CSV {row:?}");
        assert_eq!(row[9], figure.unit.id());
        let own_book = site.body(&format!("measures/{id}.xlsx")).unwrap();
        assert!(close(sheet_value(own_book, figure), value), "{id}: workbook");
        assert!(close(workbook[id].get(&place(figure)).unwrap().parse().unwrap(), value), "{id}: the pack's workbook");
        assert!(close(api_value(&site, figure), value), "{id}: API");
        let in_pack = packed.iter().find(|page| page.path == format!("measures/{id}")).unwrap();
        // A table that stands beneath two charts of a page is in the pack once.
        let each_once = |rows: Vec<Vec<String>>| rows.into_iter().collect::<std::collections::BTreeSet<_>>();
        assert_eq!(each_once(rows_of(&in_pack.main, &period)), each_once(rows), "{id}: pack");
        let typeset = typeset::source(&Stamp::of(&inputs), std::slice::from_ref(in_pack));
        assert!(typeset.contains(&typeset::string(&cell)), "{id}: what the PDF is set from");
        walked += 1;
    }
    walked
}

#[test]
fn every_measure_shows_one_figure_everywhere() {
    let report = report();
    assert_eq!(walk(&report, &dashboards::load(None).unwrap()), 8, "all but the one that cannot be known");
}

/// Every measure of this repository, with figures that each of its parts could have.
fn shipped() -> Report<Board> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let config = crate::config::Config::read(&folder.join("data-samples")).unwrap();
    let queries = crate::measures::registry(folder, &config.definitions, 0).unwrap();
    let mut report = report();
    report.measures = crate::measures::catalogue(&queries, &config.definitions);
    let last = report.about.month;
    report.figures = ordered(report.measures.iter().flat_map(|measure| figures(measure, last)).collect());
    report
}

#[test]
fn every_measure_there_is_shows_one_figure_everywhere() {
    let report = shipped();
    let effects = report.measures.iter().filter(|measure| measure.shape == Shape::Effect).count();
    assert_eq!(walk(&report, &dashboards::load(None).unwrap()), report.measures.len() - effects);
}

/// The PDF read back, where the machine has a reader of PDFs; typesetting all of the sample is slow unoptimised.
#[test]
#[ignore = "builds the sample and typesets it whole: minutes where the program is not optimised"]
fn every_measure_of_the_sample_shows_one_figure_everywhere() {
    let folder = tempfile::tempdir().unwrap();
    let sample = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("data-samples");
    let key = crate::config::Key::from_bytes([7; 32]);
    let checked = crate::build::check(&sample, Some(&key), None, "2026-12-31".parse().unwrap()).unwrap();
    let built = crate::build::build(checked, folder.path()).unwrap();
    let report = crate::release::open_board(&built.written.dir).unwrap();
    let dashboards = dashboards::load(None).unwrap();
    assert!(walk(&report, &dashboards) >= 10);
    let site = site(&SiteInputs { pages: &dashboards, ..SiteInputs::of(&report) });
    let inputs = Inputs {
        report: &report,
        site: &site,
        dashboards: &dashboards,
        commentary: &[],
        draft: true,
        extent: Extent::Whole,
    };
    let file = folder.path().join("pack.pdf");
    std::fs::write(&file, pack(&inputs, Format::Pdf).unwrap().bytes).unwrap();
    let read = std::process::Command::new("pdftotext").arg("-layout").arg(&file).arg("-").output();
    let Ok(read) = read else { return };
    let text = String::from_utf8(read.stdout).unwrap();
    for measure in &report.measures {
        if let Some(figure) = charts::latest(measure, &report) {
            let period = words::upper_first(&words::period_short(figure.period));
            let line = |line: &str| {
                line.trim_start().starts_with(&period) && line.split_whitespace().any(|word| shows(word, figure))
            };
            assert!(text.lines().any(line), "{}: {period} {} is not in the PDF", measure.id, words::cell(figure));
        }
    }
}

#[test]
fn a_withheld_figure_is_withheld_everywhere() {
    let report = report();
    let dashboards = dashboards::load(None).unwrap();
    let site = site(&SiteInputs { pages: &dashboards, ..SiteInputs::of(&report) });
    let hidden = report
        .figures
        .iter()
        .find(|figure| {
            figure.measure == "missing_again" && figure.dimension == Dimension::Total && figure.symbol.is_some()
        })
        .unwrap();
    let row = csv_row(&site, hidden);
    assert_eq!(&row[4..9], ["", "", "", "", ""]);
    assert_eq!(row[10], "c");
    let period = words::upper_first(&words::period_short(hidden.period));
    let rows = rows_of(&page(&site, "measures/missing_again"), &period);
    assert!(rows.iter().any(|row| row.contains(&"[c]".to_owned())), "{rows:?}");
    let book = export::xlsx(&report, &report.figures).unwrap();
    let row = sheet_row(&book, hidden);
    assert_eq!((row.get("E"), row.get("F"), row["G"].as_str(), row["K"].as_str()), (None, None, "[c]", "c"));
}

#[test]
fn a_workbook_keeps_to_the_rules_of_spreadsheets() {
    let report = report();
    let files = unzipped(&export::xlsx(&report, &report.figures).unwrap());
    let sheets: Vec<&String> =
        files.iter().filter(|(path, _)| path.starts_with("xl/worksheets/sheet")).map(|(_, text)| text).collect();
    assert!(sheets.len() > 10);
    for sheet in &sheets {
        for never in ["<mergeCell", "<pane", "<autoFilter", "<f>"] {
            assert!(!sheet.contains(never), "{never}");
        }
        assert!(sheet.contains("Release 3fa9c1d2e5"), "every printed sheet says where its figures come from");
    }
    for (_, table) in files.iter().filter(|(path, _)| path.starts_with("xl/tables/")) {
        assert!(table.contains("ref=\"A1:") && !table.contains("<autoFilter"), "{table}");
    }
    assert!(files["docProps/core.xml"].contains("<dc:title>October 2026 impact report, Northmoor"));
}
