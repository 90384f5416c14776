//! The published table of factors as rows: the only thing done to it before it is set beside the area.

use itertools::izip;
use polars::prelude::*;

use super::frame::numbers;
use crate::published::{Count, FACTORS, Printed};

/// Every row of the staged table, as printed.
pub fn printed(staged: &DataFrame) -> PolarsResult<Vec<Printed>> {
    if staged.height() == 0 {
        return Ok(Vec::new());
    }
    let texts = |name: &str| -> PolarsResult<Vec<Option<String>>> {
        let column = staged.column(name)?.cast(&DataType::String)?;
        Ok(column.as_materialized_series().str()?.iter().map(|text| text.map(str::to_owned)).collect())
    };
    let found: Vec<Vec<Option<String>>> = FACTORS.iter().map(|(id, _)| texts(id)).collect::<PolarsResult<_>>()?;
    let rows = izip!(
        numbers(staged, "year")?,
        texts("level")?,
        texts("region")?,
        texts("area_code")?,
        texts("area")?,
        texts("episodes")?
    );
    let mut printed: Vec<Printed> = rows
        .enumerate()
        .filter_map(|(at, (year, level, region, code, name, episodes))| {
            Some(Printed {
                year: i32::try_from(year?).ok()?,
                level: level?,
                region,
                code,
                name,
                episodes: Count::of(episodes.as_deref()),
                found: found.iter().map(|column| Count::of(column.get(at).and_then(Option::as_deref))).collect(),
            })
        })
        .collect();
    // In one order whatever that of the file, so that no sum over them moves by its last digit.
    printed.sort_by(|a, b| (a.year, &a.level, &a.code, &a.name).cmp(&(b.year, &b.level, &b.code, &b.name)));
    Ok(printed)
}
