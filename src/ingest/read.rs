//! Files into sheets: CSV text (a byte order mark, else UTF-8, else the declared encoding) and Parquet.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use encoding_rs::Encoding;
use polars::prelude::*;

use crate::config::Problem;

use super::sheet::{Arena, Cells, Lines, Sheet};

/// The largest file read, in bytes.
const LARGEST_FILE: u64 = 2 << 30;
/// The most columns read.
const MOST_COLUMNS: usize = 2_000;
/// The most rows read of one file: a line's number takes 32 bits.
const MOST_ROWS: usize = 200_000_000;
/// The largest cell read, in bytes: beyond it a quote was opened and never closed.
const LARGEST_CELL: usize = 64 << 10;

/// How a workbook (a ZIP archive) begins.
const WORKBOOK: &[u8] = b"PK\x03\x04";

/// A file whose header has been read.
pub(crate) struct Opened {
    /// Column names, trimmed and in lower case.
    pub(crate) header: Vec<String>,
    /// Column names as written.
    written: Vec<String>,
    content: Content,
}

enum Content {
    Csv { text: String, separator: u8 },
    Parquet(PathBuf),
}

/// Opens a file and reads its header.
pub(crate) fn open(path: &Path, label: &str, encoding: Option<&'static Encoding>) -> Result<Opened, Problem> {
    let unreadable = |error: &std::io::Error| {
        Problem::new(label, "F01", format!("cannot be read: {}", crate::config::in_words(error)))
            .hint("check that the file is there and that you may read it")
    };
    let size = fs::metadata(path).map_err(|error| unreadable(&error))?.len();
    if size == 0 {
        return Err(Problem::new(label, "F06", "is empty: it has no header").hint("ask the sender for the file again"));
    }
    let parquet = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("parquet"));
    let (written, content) = if parquet {
        (parquet_header(path, label)?, Content::Parquet(path.to_owned()))
    } else {
        if size > LARGEST_FILE {
            return Err(Problem::new(label, "F07", "is larger than 2 GB").hint("split it, or send it as Parquet"));
        }
        let bytes = fs::read(path).map_err(|error| unreadable(&error))?;
        if bytes.starts_with(WORKBOOK) {
            return Err(Problem::new(label, "F14", "is a workbook, not CSV")
                .hint("open it in a spreadsheet, and save the sheet as CSV (UTF-8)"));
        }
        let text = decoded(bytes, label, encoding)?;
        let separator = separator(&text);
        (csv_header(&text, separator, label)?, Content::Csv { text, separator })
    };
    if written.len() > MOST_COLUMNS {
        return Err(Problem::new(label, "F07", format!("has more than {MOST_COLUMNS} columns"))
            .hint("it is probably not the extract that was asked for"));
    }
    let header: Vec<String> = written.iter().map(|name| name.trim().to_lowercase()).collect();
    Ok(Opened { header, written, content })
}

/// Reads the wanted columns, given by their places in the header.
pub(crate) fn read(opened: Opened, wanted: &[usize], label: &str) -> Result<Sheet, Problem> {
    match opened.content {
        Content::Csv { text, separator } => csv_sheet(&text, separator, opened.header.len(), wanted, label),
        Content::Parquet(path) => {
            let names: Vec<String> = wanted.iter().filter_map(|place| opened.written.get(*place).cloned()).collect();
            parquet_sheet(&path, &names, label)
        }
    }
}

/// Text by its byte order mark, as strict UTF-8, or as declared.
fn decoded(bytes: Vec<u8>, label: &str, declared: Option<&'static Encoding>) -> Result<String, Problem> {
    if let Some((encoding, length)) = Encoding::for_bom(&bytes) {
        let (text, malformed) = encoding.decode_without_bom_handling(bytes.get(length..).unwrap_or_default());
        if !malformed {
            return Ok(text.into_owned());
        }
    }
    let bytes = match String::from_utf8(bytes) {
        Ok(text) => return Ok(text),
        Err(error) => error,
    };
    let good = bytes.utf8_error().valid_up_to();
    let line = bytes.as_bytes().iter().take(good).filter(|byte| **byte == b'\n').count() as u64 + 1;
    let bad = |says: &str, hint: &str| Problem::new(label, "F08", says).rows(vec![line]).hint(hint);
    let Some(encoding) = declared else {
        return Err(bad("is not UTF-8 text", "declare how the sender encodes it, as in encoding = \"windows-1252\""));
    };
    let (text, malformed) = encoding.decode_without_bom_handling(bytes.as_bytes());
    if malformed {
        return Err(bad("is not text in the declared encoding", "ask the sender how the file was saved"));
    }
    Ok(text.into_owned())
}

/// A comma; `;` or a tab where the header has those and no comma, as spreadsheets of other countries write it. No name of a
/// column holds either, so nothing else can be meant.
fn separator(text: &str) -> u8 {
    let header = text.lines().next().unwrap_or_default();
    let count = |separator: char| header.matches(separator).count();
    match (count(','), count(';'), count('\t')) {
        (0, semicolons, tabs) if semicolons > tabs => b';',
        (0, _, tabs) if tabs > 0 => b'\t',
        _ => b',',
    }
}

fn reader(text: &str, separator: u8) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new().delimiter(separator).flexible(true).has_headers(true).from_reader(text.as_bytes())
}

fn csv_header(text: &str, separator: u8, label: &str) -> Result<Vec<String>, Problem> {
    let empty = || Problem::new(label, "F06", "is empty: it has no header").hint("ask the sender for the file again");
    let mut reader = reader(text, separator);
    let header = reader.headers().map_err(|_| empty())?;
    if header.iter().all(|name| name.trim().is_empty()) {
        return Err(empty());
    }
    Ok(header.iter().map(str::to_owned).collect())
}

fn csv_sheet(text: &str, separator: u8, width: usize, wanted: &[usize], label: &str) -> Result<Sheet, Problem> {
    let mut reader = reader(text, separator);
    let mut arenas: Vec<Arena> = wanted.iter().map(|_| Arena::default()).collect();
    let (mut lines, mut ragged, mut record) = (Vec::new(), Vec::new(), csv::StringRecord::new());
    let mut counted = FileLines::of(text);
    loop {
        match reader.read_record(&mut record) {
            Ok(true) => {}
            Ok(false) => break,
            Err(_) => {
                return Err(Problem::new(label, "F01", "cannot be read as CSV")
                    .hint("open it in a spreadsheet and save it as CSV again"));
            }
        }
        let line = record.position().map_or(0, |position| counted.at(position.byte()));
        if record.len() != width {
            ragged.push(line);
            continue;
        }
        for (arena, place) in arenas.iter_mut().zip(wanted) {
            let cell = record.get(*place).unwrap_or_default().trim();
            if cell.len() > LARGEST_CELL {
                return Err(Problem::new(label, "F07", "has a cell of more than 64 KB")
                    .rows(vec![line])
                    .hint("a quotation mark is probably opened there and never closed"));
            }
            arena.push(cell);
        }
        if lines.len() >= MOST_ROWS {
            return Err(too_many_rows(label));
        }
        lines.push(line as u32);
    }
    Ok(Sheet {
        rows: lines.len(),
        columns: arenas.into_iter().map(Cells::Text).collect(),
        lines: Lines::Listed(lines),
        ragged,
    })
}

/// The file's own lines, as an editor numbers them and a spreadsheet too where no cell holds a line break.
///
/// The reader's count is not taken: at the end of a line of two characters, as Windows writes it, it lags one line behind.
struct FileLines<'a> {
    bytes: &'a [u8],
    read: usize,
    line: u64,
}

impl<'a> FileLines<'a> {
    fn of(text: &'a str) -> Self {
        Self { bytes: text.as_bytes(), read: 0, line: 1 }
    }

    /// The line of the record that begins at or, past what is left of the line before it and empty lines, after `byte`;
    /// asked in the order of the file.
    fn at(&mut self, byte: u64) -> u64 {
        let start = usize::try_from(byte).unwrap_or(usize::MAX);
        while let Some(next) = self.bytes.get(self.read) {
            if self.read >= start && !matches!(next, b'\r' | b'\n') {
                break;
            }
            let is_break = *next == b'\n' || (*next == b'\r' && self.bytes.get(self.read + 1) != Some(&b'\n'));
            self.line += u64::from(is_break);
            self.read += 1;
        }
        self.line
    }
}

fn too_many_rows(label: &str) -> Problem {
    Problem::new(label, "F07", format!("has more than {MOST_ROWS} rows")).hint("split it by year")
}

fn broken_parquet(label: &str) -> Problem {
    Problem::new(label, "F09", "is not a whole Parquet file")
        .hint("it was probably cut short on its way: copy or export it again")
}

fn parquet_header(path: &Path, label: &str) -> Result<Vec<String>, Problem> {
    let file = File::open(path).map_err(|_| broken_parquet(label))?;
    let schema = ParquetReader::new(file).schema().map_err(|_| broken_parquet(label))?;
    Ok(schema.iter_names().map(ToString::to_string).collect())
}

fn parquet_sheet(path: &Path, names: &[String], label: &str) -> Result<Sheet, Problem> {
    let broken = || broken_parquet(label);
    let file = File::open(path).map_err(|_| broken())?;
    let mut reader = ParquetReader::new(file);
    let rows = reader.num_rows().map_err(|_| broken())?;
    if rows > MOST_ROWS {
        return Err(too_many_rows(label));
    }
    if names.is_empty() {
        return Ok(Sheet { rows, columns: Vec::new(), lines: Lines::InOrder, ragged: Vec::new() });
    }
    let frame = reader.with_columns(Some(names.to_vec())).finish().map_err(|_| broken())?;
    let columns =
        names.iter().map(|name| frame.column(name).and_then(cells)).collect::<PolarsResult<Vec<Cells>>>().map_err(
            |_| {
                Problem::new(label, "F09", "has a column of a type that cannot be read")
                    .hint("send dates, whole numbers, truths or text")
            },
        )?;
    Ok(Sheet { rows: frame.height(), columns, lines: Lines::InOrder, ragged: Vec::new() })
}

/// A Parquet column as it is typed, or as text.
fn cells(column: &Column) -> PolarsResult<Cells> {
    let series = column.as_materialized_series();
    Ok(match series.dtype() {
        DataType::Date => Cells::Days(series.date()?.physical().iter().collect()),
        DataType::Datetime(_, zone) => {
            let utc = zone.is_some();
            let millis = series.cast(&DataType::Datetime(TimeUnit::Milliseconds, zone.clone()))?;
            Cells::Millis { values: millis.datetime()?.physical().iter().collect(), utc }
        }
        DataType::Boolean => Cells::Truths(series.bool()?.iter().collect()),
        dtype if dtype.is_integer() => Cells::Numbers(series.cast(&DataType::Int64)?.i64()?.iter().collect()),
        _ => Cells::Utf8(series.cast(&DataType::String)?.str()?.rechunk().into_owned()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_has_the_number_of_its_line_however_lines_end() {
        let of = |text: &str| csv_sheet(text, b',', 2, &[0], "a.csv").unwrap();
        for end in ["\n", "\r\n", "\r"] {
            let text = ["id,kind", "1,M", "", "2,\"one\ntwo\"", "3,A,", "4,M"].join(end);
            let sheet = of(&text);
            let lines: Vec<u64> = (0..sheet.rows).map(|row| sheet.line(row)).collect();
            assert_eq!((lines, sheet.ragged), (vec![2, 4, 7], vec![6]), "{end:?}");
        }
    }
}
