//! The Department for Education's published table as it can be downloaded. `SIGHTLINE_DFE_FACTORS` names the file; without
//! it the test has nothing to read and passes.

use sightline::build;
use sightline::config::Key;
use sightline::published::{Count, Whose};
use sightline::release::open_board;

#[test]
fn the_real_table_is_shown_as_printed() {
    let Ok(file) = std::env::var("SIGHTLINE_DFE_FACTORS") else { return };
    let project = tempfile::tempdir().unwrap();
    let settings = format!(
        "name = \"P\"\narea = \"Darlington\"\nas_at = 2025-03-31\n[published]\narea_code = \"E06000005\"\nneighbours = [\"E06000047\"]\n[[source]]\nname = \"published\"\nagency = \"dfe\"\nformat = \"dfe_factors\"\npath = \"{file}\"\ndata_to = 2024-03-31\n"
    );
    std::fs::write(project.path().join("partnership.toml"), settings).unwrap();
    let key = Key::from_bytes([7; 32]);
    let checked = build::check(project.path(), Some(&key), None, "2025-03-31".parse().unwrap())
        .unwrap_or_else(|error| panic!("{error}"));
    let built = build::build(checked, &project.path().join("releases")).unwrap();
    assert_eq!(built.sources[0].rows_in, built.sources[0].kept, "every row is kept: {:?}", built.sources[0]);
    let published = open_board(&built.written.dir).unwrap().published.unwrap();
    assert!(published.not_found.is_empty() && published.year == 2024, "{:?}", published.not_found);
    // As printed for Darlington and for England in 2024 and 2019: (assessments, of these with the factor).
    let printed = |id: &str, whose: Whose, year: i32| {
        let factor = published.factors.iter().find(|factor| factor.id == id).unwrap();
        let place = factor.places.iter().find(|place| place.whose == whose).unwrap();
        let year = place.years.iter().find(|one| one.year == year).unwrap();
        (year.episodes.clone(), year.found.clone())
    };
    let number = Count::Number;
    assert_eq!(printed("going_missing", Whose::Area, 2024), (number(1_445), number(24)));
    assert_eq!(printed("going_missing", Whose::England, 2024), (number(506_370), number(17_860)));
    assert_eq!(printed("child_sexual_exploitation", Whose::Area, 2019), (number(694), number(26)));
    assert_eq!(printed("trafficking", Whose::Area, 2024), (number(1_445), Count::Symbol('c')), "their own symbol");
    assert_eq!(printed("child_criminal_exploitation", Whose::England, 2019).1, Count::Symbol('x'), "not asked then");
}
