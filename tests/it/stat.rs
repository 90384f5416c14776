//! `sightline stat` as an analyst meets it: whole outputs of every method as CSV and JSON, and what is said of broken files.

use std::io::Write as _;
use std::process::{Command, Stdio};

/// What a command line of `stat` wrote, with its exit code; the file comes in on standard input.
struct Said {
    out: String,
    err: String,
    code: i32,
}

fn stat(arguments: &[&str], file: &str) -> Said {
    let (method, options) = arguments.split_first().unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_sightline"))
        .args(["stat", method, "-"])
        .args(options)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A usage error ends the child before it reads: a closed pipe is no failure of the test.
    drop(child.stdin.take().unwrap().write_all(file.as_bytes()));
    let done = child.wait_with_output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Said { out: text(done.stdout), err: text(done.stderr), code: done.status.code().unwrap() }
}

/// The CSV, the notes beside it, and the JSON, numbers to nine decimals so that no platform's last digit shows.
fn whole(arguments: &[&str], file: &str) -> String {
    let csv = stat(arguments, file);
    let json = stat(&[arguments, &["--json"]].concat(), file);
    assert_eq!((csv.code, json.code), (0, 0), "{}{}", csv.err, json.out);
    assert_eq!(csv.err, json.err);
    let parsed: serde_json::Value = serde_json::from_str(&json.out).unwrap();
    assert_eq!(parsed.as_array().unwrap().len(), csv.out.lines().count() - 1, "a JSON object for each CSV row");
    rounded(&format!("{}\n{}\n{}", csv.out, csv.err, json.out))
}

fn rounded(text: &str) -> String {
    let mut out = String::new();
    let mut number = String::new();
    for character in text.chars().chain(['\n']) {
        if character.is_ascii_digit() || (character == '.' && !number.is_empty()) {
            number.push(character);
            continue;
        }
        match number.parse::<f64>() {
            Ok(value) if number.contains('.') && !number.ends_with('.') => {
                let short = format!("{value:.9}");
                out.push_str(short.trim_end_matches('0').trim_end_matches('.'));
            }
            _ => out.push_str(&number),
        }
        number.clear();
        out.push(character);
    }
    out
}

/// Rows under a header.
fn file(header: &str, rows: &[&str]) -> String {
    format!("{header}\n{}\n", rows.join("\n"))
}

const MONTHS: [&str; 14] = [
    "2024-01-01,12",
    "2024-02-01,15",
    "2024-03-01,11",
    "2024-04-01,14",
    "2024-05-01,",
    "2024-06-01,13",
    "2024-08-01,17",
    "2024-09-01,16",
    "2024-10-01,15",
    "2024-11-01,14",
    "2024-12-01,13",
    "2025-01-01,12",
    "2025-02-01,11",
    "2025-03-01,10",
];
const CHART: [&str; 6] =
    ["2024-01-01,5,50", "2024-02-01,12,55", "2024-03-01,3,40", "2024-04-01,9,60", "2024-05-01,0,0", "2024-06-01,14,52"];
const FOLLOWED: [&str; 10] = [
    "1,1,a,,k1",
    "2,1,a,,k1",
    "2,0,b,0,k2",
    "3,1,b,,k2",
    "4,1,a,1,k3",
    "4,1,b,,k3",
    "5,0,a,,k4",
    "6,1,b,2,k4",
    "8,0,a,,k5",
    "9,0,b,,k5",
];

#[test]
fn charts_of_values() {
    let months = file("date,y", &MONTHS);
    let options = ["xmr", "--direction", "decrease", "--target", "8"];
    insta::assert_snapshot!("xmr", whole(&options, &months));
    let two = file("series_id,date,y", &["b,2024-02-29,4.5", "a,2024-01-31,0.1", "a,2024-02-29,0.1", "b,2024-01-31,4"]);
    insta::assert_snapshot!("xmr_series", whole(&["xmr", "--no-screening", "--rebase", "2024-02-01"], &two));
    let sums =
        file("date,y", &["2024-01-01,11.66", "2024-02-01,12.16", "2024-03-01,", "2024-04-01,13.18", "2024-05-01,8"]);
    insta::assert_snapshot!("cusum", whole(&["cusum", "--target", "10", "--sigma", "1", "--h", "4"], &sums));
    insta::assert_snapshot!("cusum_estimated", whole(&["cusum"], &sums));
}

#[test]
fn charts_of_counts() {
    let counted = file("date,x,n", &CHART);
    for method in ["p", "p-prime", "u", "u-prime"] {
        insta::assert_snapshot!(method, whole(&[method], &counted));
    }
    insta::assert_snapshot!(
        "u_prime_as_measured",
        whole(&["u-prime", "--sigma-floor", "off", "--baseline", "1"], &counted)
    );
    insta::assert_snapshot!("c", whole(&["c", "--baseline", "4"], &counted));
    let gaps = file("date,y,open", &["2024-03-01,40,1", "2024-01-05,10,0", "2024-01-25,30,0", "2024-02-20,20,"]);
    insta::assert_snapshot!("g", whole(&["g"], &gaps));
    insta::assert_snapshot!("g_three_sigma", whole(&["g", "--limits", "three-sigma"], &gaps));
    insta::assert_snapshot!("t", whole(&["t"], &gaps));
    insta::assert_snapshot!("t_one", whole(&["t"], "date,y\n2024-01-05,10.5\n"));
}

#[test]
fn intervals() {
    let counted = file("x,n", &["81,263", "0,20", "20,20", "0,0", ",5", "12,40.0"]);
    insta::assert_snapshot!("wilson", whole(&["wilson", "--multiplier", "100"], &counted));
    insta::assert_snapshot!(
        "poisson",
        whole(&["poisson", "--confidence", "0.9"], &file("x,n", &["0,1", "5,2.5", "65,1", "4,0", ",1"]))
    );
    let strata = file("stratum,events,population,standard_population", &["0-9,10,1000,3", "10-17,30,1000,1"]);
    insta::assert_snapshot!("dsr", whole(&["dsr", "--multiplier", "1000"], &strata));
    let children = file(
        "stratum,events,population,standard_population,children_with_1,children_with_3",
        &["0-9,10,1000,3,4,2", "10-17,30,1000,1,0,10"],
    );
    insta::assert_snapshot!("dsr_by_child", whole(&["dsr"], &children));
    insta::assert_snapshot!(
        "dsr_withheld",
        whole(&["dsr"], "stratum,events,population,standard_population\na,9,10,1\n")
    );
}

#[test]
fn time_to_event() {
    let plain = file("time,event", &FOLLOWED.map(|row| &row[..3]));
    insta::assert_snapshot!("survival", whole(&["survival"], &plain));
    let full = file("time,event,stratum,entry,id", &FOLLOWED);
    insta::assert_snapshot!("survival_strata", whole(&["survival"], &full));
    insta::assert_snapshot!("survival_at", whole(&["survival", "--at", "0,4", "20"], &full));
    insta::assert_snapshot!("survival_quantiles", whole(&["survival", "--quantiles", "0.5", "0.9"], &full));
    insta::assert_snapshot!("survival_rmst", whole(&["survival", "--rmst", "8.5"], &full));
    insta::assert_snapshot!("logrank", whole(&["logrank"], &full));
    let all_censored = file("time,event,stratum", &["3,0,a", "4,0,b"]);
    insta::assert_snapshot!("logrank_nothing", whole(&["logrank"], &all_censored));
    insta::assert_snapshot!("survival_censored", whole(&["survival", "--at", "3"], &all_censored));
}

#[test]
fn competing_and_recurring() {
    let causes = file(
        "time,cause,group,entry",
        &["2,assessed,a,", "3,left,a,", "5,assessed,a,1", "5,0,a,", "9,0,a,", "2.5,left,b,", "4,0,b,0"],
    );
    insta::assert_snapshot!("incidence", whole(&["incidence"], &causes));
    insta::assert_snapshot!("incidence_at", whole(&["incidence", "--at", "4", "20"], &causes));
    insta::assert_snapshot!("incidence_none", whole(&["incidence"], "time,cause\n3,0\n"));
    let stretches = file(
        "id,start,stop,event,terminal",
        &["k1,,4,1,0", "k1,4,9,1,0", "k1,9,20,0,0", "k2,,9,1,0", "k2,9,12,0,1", "k3,0,15,0,0", "k4,10,18,1,1"],
    );
    insta::assert_snapshot!("recurrent", whole(&["recurrent"], &stretches));
    let stays = file("id,start,stop,event,group", &["k1,0,4,1,b", "k1,6,9,0,b", "k2,0,5,1,a", "k3,0,7,0,b"]);
    insta::assert_snapshot!("recurrent_groups", whole(&["recurrent"], &stays));
}

#[test]
fn units_and_changes() {
    insta::assert_snapshot!(
        "funnel",
        whole(&["funnel"], &file("unit,x,n", &["Ashby,10,100", "Brook,30,100", "Clay,0,0"]))
    );
    let expected: Vec<String> = (1..=10).map(|unit| format!("u{unit},{},{}.5", unit * 3 % 7 * 4, unit)).collect();
    let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
    insta::assert_snapshot!("funnel_ratio", whole(&["funnel"], &file("unit,observed,expected", &expected)));
    insta::assert_snapshot!(
        "funnel_rates",
        whole(&["funnel", "--kind", "ratio"], &file("unit,x,n", &["a,4,120.5", "b,9,80"]))
    );
    let series = |from: usize, exposure: &str| {
        let row = |t: usize| format!("{t},{},{}{exposure}", [12, 15, 11, 14, 9, 13][t % 6] - t / from * 4, t / from);
        (0..2 * from).map(row).collect::<Vec<_>>().join("\n")
    };
    let plain = format!("t,y,post\n{}\n", series(8, ""));
    insta::assert_snapshot!("segmented", whole(&["segmented", "--lag", "2", "--effect-at", "15", "3"], &plain));
    let counts = format!("t,y,post,exposure\n{}\n", series(12, ",110"));
    insta::assert_snapshot!("segmented_counts", whole(&["segmented", "--harmonics", "1"], &counts));
    insta::assert_snapshot!("segmented_described", whole(&["segmented"], &format!("t,y,post\n{}\n", series(4, ""))));
}

#[test]
fn still_to_come() {
    let weeks: Vec<String> = (1..=8).map(|week| format!("2026-W0{week},{}", [0, 1, 1, 1][week % 4])).collect();
    let weeks: Vec<&str> = weeks.iter().map(String::as_str).collect();
    insta::assert_snapshot!("forecast", whole(&["forecast", "--remaining", "10"], &file("week,completed", &weeks)));
    let short = whole(&["forecast", "--remaining", "10"], &file("week,completed", &weeks[1..]));
    insta::assert_snapshot!("forecast_short", short);
    let recorded = [
        "2026-01-01,2026-01-01",
        "2026-01-02,2026-01-04",
        "2026-01-31,2026-01-31",
        "2026-01-30,",
        "2026-01-01,2026-02-20",
    ];
    let recorded = file("event_on,recorded_on", &recorded);
    insta::assert_snapshot!("delay", whole(&["delay", "--as-at", "2026-01-31", "--max-delay", "2"], &recorded));
    insta::assert_snapshot!("delay_none", whole(&["delay"], "event_on,recorded_on\n2026-01-01,\n"));
}

#[test]
fn the_order_of_rows_and_columns_does_not_matter() {
    let rows = |header: &str, rows: &[&str]| {
        let turned: Vec<&str> = rows.iter().rev().copied().collect();
        (file(header, rows), file(header, &turned))
    };
    let (plain, turned) = rows("date,y", &MONTHS);
    assert_eq!(stat(&["xmr"], &plain).out, stat(&["xmr"], &turned).out);
    let (plain, turned) = rows("time,event,stratum,entry,id", &FOLLOWED);
    for options in [&["survival"][..], &["survival", "--rmst", "8"], &["logrank"]] {
        assert_eq!(stat(options, &plain).out, stat(options, &turned).out, "{options:?}");
    }
    let columns = stat(&["wilson"], "n,x,note\n20,3,q\n");
    assert_eq!(
        (columns.out.as_str(), columns.err.as_str()),
        (stat(&["wilson"], "x,n\n3,20\n").out.as_str(), "note: columns not used by this method: `note`\n")
    );
}

/// What is said of a file that cannot be used.
fn refused(arguments: &[&str], file: &str) -> String {
    let said = stat(arguments, file);
    assert_eq!((said.code, said.out.as_str()), (1, ""), "{}", said.err);
    said.err
}

#[test]
fn every_problem_of_a_broken_file_is_told_at_once() {
    let broken = [
        refused(&["xmr"], "date,y\n01/02/2024,3\n2024-01-02,secret\n2024-01-02,4\n2024-01-02,5,6\n,7\n"),
        refused(&["xmr"], ""),
        refused(&["xmr"], "day,y,y\n2024-01-02,1,2\n"),
        refused(&["p"], "date,x,n\n2024-01-01,5,4\n2024-02-01,-1,3\n2024-03-01,2.5,3\n"),
        refused(&["u"], "date,x,n\n2024-01-01,5,0\n"),
        refused(&["t"], "date,y\n2024-01-01,0\n"),
        refused(&["wilson"], "x,n\n5,4\n"),
        refused(&["dsr"], "stratum,events,population,standard_population,children_with_2\na,5,0,0,2\n,5,100,0,2\n"),
        refused(&["survival"], "time,event,entry\n3,2,\n-1,1,\n4,1,4\n2,1,6\n,0,1\n"),
        refused(&["incidence"], "time,cause\n3,\n"),
        refused(&["logrank"], "time,event\n3,1\n"),
        refused(&["recurrent"], "id,start,stop,event,terminal,group\nk,0,5,1,1,a\nk,4,9,0,0,b\n,9,9,1,0,a\n"),
        refused(&["funnel"], "unit,x,n\na,5,4\n,1,2\n"),
        refused(
            &["segmented", "--harmonics", "1", "--family", "gaussian"],
            "t,y,post,exposure\n0,1,1,3\n1,2,0,3\n1,3,1,0\n",
        ),
        refused(&["segmented"], "t,y,post\n0,1,0\n1,2,0\n"),
        refused(
            &["forecast", "--remaining", "3"],
            "week,completed\n2026-01-05,1\n2026-01-05,2\n2026-01-26,0\n2026-01-27,0\n9,1\n",
        ),
        refused(&["forecast", "--remaining", "3"], "week,completed\n1,1\n1,2\n4,0\n"),
        refused(&["delay"], "event_on,recorded_on\n2026-01-05,2026-01-04\n2026-02-30,2026-03-01\n"),
    ];
    let all = broken.join("\n");
    assert!(!all.contains("secret"), "no value is said");
    insta::assert_snapshot!("broken", all);
    let json = stat(&["wilson", "--json"], "x,n\n5,4\n");
    assert_eq!(json.code, 1);
    insta::assert_snapshot!("broken_json", json.out);
}

#[test]
fn a_file_that_cannot_be_read_is_the_users_fault_and_wrong_usage_is_two() {
    let run = |arguments: &[&str]| {
        let done = Command::new(env!("CARGO_BIN_EXE_sightline")).arg("stat").args(arguments).output().unwrap();
        (done.status.code().unwrap(), String::from_utf8(done.stderr).unwrap())
    };
    let (code, said) = run(&["xmr", "nowhere.csv"]);
    assert_eq!((code, said.as_str()), (1, "error: nowhere.csv: there is no such file\n\n1 problem to mend\n"));
    for usage in [
        &["xmr"][..],
        &["no-such-method", "f.csv"],
        &["xmr", "f.csv", "--fix-after", "11"],
        &["xmr", "f.csv", "--rebase", "01/02/2024"],
        &["survival", "f.csv", "--at", "3", "--rmst", "4"],
        &["wilson", "f.csv", "--confidence", "95"],
        &["forecast", "f.csv"],
        &["segmented", "f.csv", "--harmonics", "4"],
    ] {
        assert_eq!(run(usage).0, 2, "{usage:?}");
    }
}

#[test]
fn help_says_the_columns() {
    let help = |method: &str| {
        let done = Command::new(env!("CARGO_BIN_EXE_sightline")).args(["stat", method, "--help"]).output().unwrap();
        String::from_utf8(done.stdout).unwrap()
    };
    for method in [
        "xmr",
        "p",
        "p-prime",
        "u",
        "u-prime",
        "c",
        "g",
        "t",
        "wilson",
        "poisson",
        "dsr",
        "survival",
        "incidence",
        "recurrent",
        "funnel",
        "segmented",
        "cusum",
        "logrank",
        "forecast",
        "delay",
    ] {
        let help = help(method);
        assert!(help.contains("Columns in: ") && help.contains("Columns out"), "{method}: {help}");
    }
}
