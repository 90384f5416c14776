//! One extract as it is written: a row at a time to CSV, or in batches of rows to Parquet. Every value is text.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{BufWriter, Write as _};
use std::path::Path;

use chrono::{Datelike as _, NaiveDate};
use encoding_rs::WINDOWS_1252;
use polars::io::parquet::write::BatchedWriter;
use polars::prelude::*;

use super::calendar::{Day, MINUTES_A_DAY, Minute, date_of, day_at};
use super::{Error, Format};

/// Rows held in memory before a batch of Parquet is written.
const BATCH_ROWS: usize = 1 << 15;

/// How a sender writes its files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Manner {
    /// UTF-8, dates YYYY-MM-DD.
    Plain,
    /// Dates DD/MM/YYYY.
    BritishDates,
    /// Text in windows-1252 (CSV only; Parquet is always UTF-8).
    Windows1252,
}

enum Sink {
    Csv(Box<csv::Writer<BufWriter<File>>>),
    Parquet(Box<Parquet>),
}

struct Parquet {
    writer: BatchedWriter<BufWriter<File>>,
    columns: Vec<StringChunkedBuilder>,
    names: &'static [&'static str],
    held: usize,
}

/// A table being written. A row is built field by field and ended by `end`.
pub(super) struct Table {
    /// `agency/table.csv`, as in the truth.
    pub(super) file: String,
    pub(super) rows: u64,
    columns: usize,
    record: Vec<String>,
    used: usize,
    manner: Manner,
    sink: Sink,
}

impl Table {
    /// Creates `extracts/<agency>/<name>.<format>` with its header.
    pub(super) fn create(
        out: &Path,
        format: Format,
        agency: &str,
        name: &str,
        columns: &'static [&'static str],
        manner: Manner,
    ) -> Result<Self, Error> {
        let file = format!("{agency}/{name}.{}", format.extension());
        let path = out.join("extracts").join(&file);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(|source| Error::Write { path: folder.to_owned(), source })?;
        }
        let handle = File::create(&path).map_err(|source| Error::Write { path: path.clone(), source })?;
        let sink = match format {
            Format::Csv => {
                let mut writer = csv::Writer::from_writer(BufWriter::with_capacity(1 << 16, handle));
                writer.write_record(columns)?;
                Sink::Csv(Box::new(writer))
            }
            Format::Parquet => Sink::Parquet(Box::new(Parquet::new(handle, columns)?)),
        };
        Ok(Self {
            file,
            rows: 0,
            columns: columns.len(),
            record: vec![String::new(); columns.len()],
            used: 0,
            manner,
            sink,
        })
    }

    fn next(&mut self) -> &mut String {
        debug_assert!(self.used < self.columns, "{} has {} columns", self.file, self.columns);
        let at = self.used;
        self.used += 1;
        if self.record.len() <= at {
            self.record.push(String::new());
        }
        let field = self.record.get_mut(at).expect("the record was just grown to hold it");
        field.clear();
        field
    }

    /// The next field as it is.
    pub(super) fn text(&mut self, text: &str) -> &mut Self {
        self.next().push_str(text);
        self
    }

    /// Empty fields.
    pub(super) fn empty(&mut self, fields: usize) -> &mut Self {
        for _ in 0..fields {
            self.next();
        }
        self
    }

    /// The next field formatted.
    pub(super) fn args(&mut self, arguments: std::fmt::Arguments<'_>) -> &mut Self {
        self.next().write_fmt(arguments).expect("text in memory takes any text");
        self
    }

    /// A date in the sender's manner.
    pub(super) fn date(&mut self, day: Day) -> &mut Self {
        let british = self.manner == Manner::BritishDates;
        write_date(self.next(), date_of(day), british);
        self
    }

    /// A date or an empty field.
    pub(super) fn date_if(&mut self, day: Option<Day>) -> &mut Self {
        match day {
            Some(day) => self.date(day),
            None => self.empty(1),
        }
    }

    /// `2026-10-03 21:40`.
    pub(super) fn minute(&mut self, minute: Minute) -> &mut Self {
        write_minute(self.next(), minute);
        self
    }

    /// A time or an empty field.
    pub(super) fn minute_if(&mut self, minute: Option<Minute>) -> &mut Self {
        match minute {
            Some(minute) => self.minute(minute),
            None => self.empty(1),
        }
    }

    /// `2026-10-03 21:40:00`, or an empty field.
    pub(super) fn second_if(&mut self, minute: Option<Minute>) -> &mut Self {
        let field = self.next();
        if let Some(minute) = minute {
            write_minute(field, minute);
            field.push_str(":00");
        }
        self
    }

    /// Ends the row; fields not written stay empty.
    pub(super) fn end(&mut self) -> Result<(), Error> {
        let missing = self.columns - self.used.min(self.columns);
        self.empty(missing);
        self.write_again()?;
        self.used = 0;
        Ok(())
    }

    /// Writes the row just ended once more.
    pub(super) fn write_again(&mut self) -> Result<(), Error> {
        self.rows += 1;
        match &mut self.sink {
            Sink::Csv(writer) if self.manner == Manner::Windows1252 => {
                for field in &self.record {
                    let (bytes, _, _) = WINDOWS_1252.encode(field);
                    writer.write_field(bytes)?;
                }
                writer.write_record(None::<&[u8]>)?;
            }
            Sink::Csv(writer) => writer.write_record(&self.record)?,
            Sink::Parquet(parquet) => parquet.append(&self.record)?,
        }
        Ok(())
    }

    /// Writes what is held and closes the file; gives its name and rows.
    pub(super) fn finish(self) -> Result<(String, u64), Error> {
        match self.sink {
            Sink::Csv(mut writer) => writer.flush().map_err(csv::Error::from)?,
            Sink::Parquet(mut parquet) => {
                parquet.write_batch()?;
                parquet.writer.finish()?;
            }
        }
        Ok((self.file, self.rows))
    }
}

impl Parquet {
    fn new(handle: File, names: &'static [&'static str]) -> Result<Self, Error> {
        let schema: Schema = names.iter().map(|name| Field::new((*name).into(), DataType::String)).collect();
        let writer = ParquetWriter::new(BufWriter::with_capacity(1 << 16, handle))
            .with_compression(ParquetCompression::Zstd(None))
            .set_parallel(false)
            .batched(&schema)?;
        Ok(Self { writer, columns: builders(names), names, held: 0 })
    }

    /// An empty field is null: not known.
    fn append(&mut self, record: &[String]) -> Result<(), Error> {
        for (column, field) in self.columns.iter_mut().zip(record) {
            if field.is_empty() {
                column.append_null();
            } else {
                column.append_value(field);
            }
        }
        self.held += 1;
        if self.held >= BATCH_ROWS {
            self.write_batch()?;
        }
        Ok(())
    }

    fn write_batch(&mut self) -> Result<(), Error> {
        let full = std::mem::replace(&mut self.columns, builders(self.names));
        let columns = full.into_iter().map(|builder| builder.finish().into_series().into_column()).collect();
        let frame = DataFrame::new(self.held, columns)?;
        self.held = 0;
        self.writer.write_batch(&frame)?;
        Ok(())
    }
}

fn builders(names: &[&'static str]) -> Vec<StringChunkedBuilder> {
    names.iter().map(|name| StringChunkedBuilder::new((*name).into(), 0)).collect()
}

fn write_date(field: &mut String, date: NaiveDate, british: bool) {
    let (year, month, day) = (date.year(), date.month(), date.day());
    let written = if british {
        write!(field, "{day:02}/{month:02}/{year:04}")
    } else {
        write!(field, "{year:04}-{month:02}-{day:02}")
    };
    written.expect("text in memory takes any text");
}

fn write_minute(field: &mut String, minute: Minute) {
    write_date(field, date_of(day_at(minute)), false);
    let of_day = minute.rem_euclid(MINUTES_A_DAY);
    write!(field, " {:02}:{:02}", of_day / 60, of_day % 60).expect("text in memory takes any text");
}

/// Writes a whole small file.
pub(super) fn write_file(path: &Path, text: &str) -> Result<(), Error> {
    let write = || {
        let mut file = File::create(path)?;
        file.write_all(text.as_bytes())
    };
    write().map_err(|source| Error::Write { path: path.to_owned(), source })
}
