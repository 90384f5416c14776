//! What every chart, description and title must hold to, on the fixture's report.

use super::fixture::{ordered, report};
use super::*;
use crate::domain::{DENOMINATOR, Dimension, Figure, Month, Period, Relation, Symbol, Unit};
use crate::judgement::judge;
use crate::release::{Board, Measure, Part, Report, Shape};

fn find<'a>(report: &'a Report<Board>, id: &str) -> &'a Measure {
    report.measures.iter().find(|measure| measure.id == id).unwrap()
}

#[test]
fn a_withheld_month_is_a_gap_and_the_last_is_provisional() {
    let report = report();
    let spec = headline_chart(find(&report, "missing_again"), &report, 36).unwrap();
    let Drawing::Lines(lines) = &spec.drawing else { panic!("a line") };
    let points = &lines.series[0].points;
    assert_eq!(points.len(), 36);
    assert_eq!(points.iter().filter(|point| point.value.is_none()).count(), 1);
    assert!(points[35].provisional);
    assert_eq!(lines.target, Some(0.15));
    assert_eq!(svg(&spec).matches("class=\"ln c0\"").count(), 2, "one path each side of the gap");
}

#[test]
fn a_month_with_no_row_is_a_gap_too() {
    let report = report();
    let spec = headline_chart(find(&report, "missing_nights"), &report, 36).unwrap();
    assert_eq!(svg(&spec).matches("class=\"ln c0\"").count(), 2);
}

#[test]
fn bands_that_add_up_are_stacked_and_nested_parts_are_lines() {
    let report = report();
    let stack = headline_chart(find(&report, "unassessed_now"), &report, 36).unwrap();
    assert!(matches!(stack.drawing, Drawing::Stack(_)));
    let nested = headline_chart(find(&report, "missing_now"), &report, 36).unwrap();
    assert!(matches!(nested.drawing, Drawing::Lines(_)));
}

#[test]
fn every_chart_is_small_described_and_free_of_style() {
    let report = report();
    for measure in &report.measures {
        let breakdowns = measure
            .dimensions
            .iter()
            .filter_map(|by| breakdown_chart(measure, &report, &breakdown(measure, &report, *by)?));
        let all = [
            headline_chart(measure, &report, 36),
            control_chart(measure, &report, &judge(measure, &report), 36),
            parts_chart(measure, &report, 36),
            spark(measure, &report),
        ];
        for spec in all.into_iter().flatten().chain(breakdowns) {
            let svg = svg(&spec);
            assert!(svg.len() < 10_000, "{} is {} bytes", spec.id, svg.len());
            assert!(!svg.contains("style="));
            let words = describe(&spec);
            assert!(words.chars().count() <= 300 && !words.is_empty(), "{words}");
        }
    }
}

#[test]
fn titles_state_the_finding_in_ten_words() {
    let report = report();
    for measure in &report.measures {
        let title = words::active_title(measure, &report, &judge(measure, &report));
        assert!(title.split_whitespace().count() <= 10, "{title}");
    }
    let measure = find(&report, "unmet_need_now");
    let title = words::active_title(measure, &report, &judge(measure, &report));
    assert_eq!(title, "This cannot be known from the data supplied");
}

#[test]
fn numbers_are_written_as_a_board_reads_them() {
    assert_eq!(words::value_full(Unit::Children, 1.0), "1 child");
    assert_eq!(words::value_full(Unit::Needs, 12_040.0), "12,040 needs");
    assert_eq!(words::number(Unit::Proportion, 0.314), "31%");
    assert_eq!(words::number(Unit::Proportion, 0.042), "4.2%");
    assert_eq!(words::number(Unit::Per1000ChildDays, 8.42), "8.4");
}

#[test]
fn both_ends_of_a_range_have_as_many_decimals() {
    assert_eq!(words::range(Unit::Proportion, 0.27, 0.36), "27% to 36%");
    assert_eq!(words::range(Unit::Proportion, 0.042, 0.12), "4.2% to 12.0%");
    assert_eq!(words::range(Unit::Per1000ChildDays, 1.9, 3.0), "1.9 to 3.0");
    assert_eq!(words::range(Unit::Per1000ChildDays, 0.0, 2.4), "0 to 2.4", "nought is exact");
    assert_eq!(words::range(Unit::Children, 3.0, 1_204.0), "3 to 1,204");
}

#[test]
fn end_labels_never_touch() {
    assert_eq!(lines::apart(&[100, 102, 101], 20, 240), vec![100, 136, 118]);
    assert_eq!(lines::apart(&[238, 239, 240], 20, 240), vec![204, 222, 240]);
    assert_eq!(lines::without_common_start(&["Still after 3 days", "Still after 10 days"]), ["3 days", "10 days"]);
}

#[test]
fn what_is_counted_has_whole_steps() {
    let steps = |unit, top| {
        let (end, step) = super::draw::scale(unit, top);
        (0..=(end / step).round() as i32).map(|nth| f64::from(nth) * step).collect::<Vec<_>>()
    };
    assert_eq!(steps(Unit::Children, 1.0), [0.0, 1.0]);
    assert_eq!(steps(Unit::Children, 2.0), [0.0, 1.0, 2.0]);
    assert_eq!(steps(Unit::Needs, 9.0), [0.0, 5.0, 10.0], "no step of two and a half");
    assert_eq!(steps(Unit::Count, 90.0), [0.0, 25.0, 50.0, 75.0, 100.0]);
    assert_eq!(steps(Unit::Days, 2.0), [0.0, 0.5, 1.0, 1.5, 2.0], "a day has halves");
}

#[test]
fn a_chart_for_a_phone_keeps_every_word_and_has_each_within_its_frame() {
    let report = endings(None);
    let mut specs: Vec<ChartSpec> =
        report.measures.iter().filter_map(|measure| headline_chart(measure, &report, 36)).collect();
    specs.extend(
        report
            .measures
            .iter()
            .filter_map(|measure| super::control_chart(measure, &report, &judge(measure, &report), 36)),
    );
    for spec in &specs {
        let (phone, page) = (super::svg_narrow(spec), svg(spec));
        let wide = |svg: &str| {
            let frame = svg.split("viewBox=\"0 0 ").nth(1).unwrap().split(' ').next().unwrap();
            frame.parse::<i32>().unwrap()
        };
        assert_eq!(wide(&phone), 400, "{}", spec.id);
        let words = |svg: &str| -> Vec<(i32, String)> {
            let texts =
                svg.split("<text ").skip(1).filter(|text| text.contains("class=\"lb") && !text.contains("mid\""));
            let word = |text: &str| {
                let x = text.split("x=\"").nth(1).unwrap().split('"').next().unwrap().parse().unwrap();
                (x, text.split('>').nth(1).unwrap().split('<').next().unwrap().to_owned())
            };
            texts.map(word).collect()
        };
        let all = |svg: &str| {
            let lines: Vec<String> = words(svg).into_iter().map(|(_, line)| line).collect();
            lines.join(" ")
        };
        assert_eq!(all(&phone), all(&page), "{}", spec.id);
        for (x, line) in words(&phone) {
            assert!(x + super::draw::width_of(&line) <= 400, "{}: {line} at {x}", spec.id);
        }
    }
    assert!(specs.iter().any(|spec| matches!(spec.drawing, Drawing::Endings(_))));
}

/// How waits ended by day 91: half, a quarter and a quarter, and in every quarter of the year `hidden` is withheld.
fn endings(hidden: Option<&str>) -> Report<Board> {
    let mut report = report();
    let ids = ["unassessed-91", "assessed-91", "left-91", "open-91"];
    let measure = report.measures.iter_mut().find(|measure| measure.id == "missing_again").unwrap();
    measure.shape = Shape::Incidence;
    measure.headline_part = Some("unassessed-91".into());
    let part = |id: &str| Part {
        id: id.into(),
        label: format!("{id} by 91 days"),
        unit: Unit::Proportion,
        not_ended: id == "open-91",
    };
    measure.parts = ids.iter().map(|id| part(id)).collect();
    let parts = ids[1..].iter().map(ToString::to_string).collect();
    measure.relations = vec![Relation::AddsUp { whole: DENOMINATOR.into(), parts }];
    let pattern = report.figures.iter().find(|figure| figure.measure == "missing_again").unwrap().clone();
    report.figures.retain(|figure| figure.measure != "missing_again");
    let quarters = ["2025-09", "2025-12", "2026-03", "2026-06"].map(|month| month.parse::<Month>().unwrap().quarter());
    let year = Period::TwelveMonthsTo("2026-06".parse().unwrap());
    for period in quarters.into_iter().map(Period::Quarter).chain([year]) {
        for (id, share) in ids.iter().zip([0.25, 0.5, 0.25, 0.25]) {
            let value = (hidden != Some(id) || period == year).then_some(share);
            let symbol = value.is_none().then_some(Symbol::Confidential);
            let level = format!("total:{id}");
            report.figures.push(Figure { period, level, value, symbol, provisional: false, ..pattern.clone() });
        }
    }
    report.figures = ordered(report.figures);
    report
}

#[test]
fn years_side_by_side_have_no_gap_between_them() {
    let mut report = report();
    let pattern = report.figures.iter().find(|figure| figure.measure == "missing_again").unwrap().clone();
    report.figures.retain(|figure| figure.measure != "missing_again");
    for month in ["2024-06", "2025-06", "2026-06"] {
        let period = Period::TwelveMonthsTo(month.parse().unwrap());
        report.figures.push(Figure { period, value: Some(0.25), symbol: None, provisional: false, ..pattern.clone() });
    }
    report.figures = ordered(report.figures);
    let says = |report: &Report<Board>| describe(&headline_chart(find(report, "missing_again"), report, 36).unwrap());
    assert!(!says(&report).contains("Gaps"), "{}", says(&report));
    // The year between is not given at all.
    report.figures.retain(|figure| figure.period != Period::TwelveMonthsTo("2025-06".parse().unwrap()));
    assert!(says(&report).contains("Gaps where nothing can be shown: 1"), "{}", says(&report));
}

#[test]
fn endings_add_up_to_everyone_by_quarter_or_where_most_of_these_are_withheld_by_year() {
    let columns = |hidden| {
        let report = endings(hidden);
        let spec = headline_chart(find(&report, "missing_again"), &report, 36).unwrap();
        let Drawing::Endings(chart) = spec.drawing else { panic!("columns of endings") };
        assert_eq!(chart.bands, ["assessed-91", "left-91", "open-91"], "a sum of endings is none of them");
        chart.columns.into_iter().map(|column| (column.label, column.values)).collect::<Vec<_>>()
    };
    let everyone = vec![Some(0.5), Some(0.25), Some(0.25)];
    assert_eq!(columns(None).len(), 4);
    assert_eq!(columns(Some("left-91")), [("Year to Jun 2026".to_owned(), everyone)]);
}

#[test]
fn a_small_share_of_one_ending_stands_beside_the_share_that_has_not_ended() {
    let ordered_endings = |hidden| {
        let report = endings(hidden);
        Report { figures: ordered(report.figures.clone()), ..report }
    };
    let report = ordered_endings(None);
    let measure = find(&report, "missing_again");
    let judged = judge(measure, &report);
    for said in [words::sentence(measure, &report, &judged), words::finding(measure, &report, &judged)] {
        assert!(said.contains("25% open-91 by 91 days"), "{said}");
    }
    let withheld = ordered_endings(Some("open-91"));
    let measure = find(&withheld, "missing_again");
    let said = words::sentence(measure, &withheld, &judge(measure, &withheld));
    assert!(said.contains("25%") && !said.contains("open-91"), "{said}");
}

#[test]
fn a_lone_line_ends_with_its_latest_complete_value_and_period() {
    let report = report();
    let measure = find(&report, "missing_again");
    let Drawing::Lines(mut lines) = headline_chart(measure, &report, 36).unwrap().drawing else { panic!("lines") };
    let (latest, value) = latest(measure, &report).and_then(|one| Some((one, one.value?))).unwrap();
    let ends = format!("{} {}", words::value_short(lines.unit, value), words::period_short(latest.period));
    let drawn =
        |lines: &Lines| svg(&ChartSpec { id: "x".into(), title: "X".into(), drawing: Drawing::Lines(lines.clone()) });
    assert!(lines.series[0].points.last().unwrap().provisional);
    assert!(drawn(&lines).contains(&format!(">{ends}<")), "{ends}");
    lines.series[0].points.retain(|point| point.provisional);
    assert!(drawn(&lines).contains("Oct 2026, provisional<"));
}

#[test]
fn an_abbreviation_is_said_as_one() {
    assert_eq!(words::level("nhs"), "NHS");
    assert_eq!(words::level("nhs_trust"), "NHS trust");
    assert_eq!(words::lower_first(&words::level("nhs")), "NHS");
    assert_eq!(words::lower_first("Police"), "police");
}

#[test]
fn groups_are_set_against_what_their_shown_counts_add_up_to() {
    let report = report();
    let pattern = report.figures.iter().find(|figure| figure.measure == "missing_again").unwrap();
    // Of the first group's returns children have many each: its interval is far wider than 40 of 100 would give.
    let group = |level: &str, numerator, interval: (f64, f64)| Figure {
        level: level.into(),
        dimension: Dimension::Locality,
        numerator: Some(numerator),
        denominator: Some(100),
        value: Some(numerator as f64 / 100.0),
        lower: Some(interval.0),
        upper: Some(interval.1),
        symbol: None,
        provisional: false,
        ..pattern.clone()
    };
    let groups = [group("East", 40, (0.1, 0.8)), group("West", 10, (0.055, 0.174))];
    let measure = find(&report, "missing_again");
    let drawn = super::funnel::funnel(measure, pattern.period, &groups.each_ref(), str::to_owned).unwrap();
    assert!((drawn.centre - 0.25).abs() < 1e-12, "{}", drawn.centre);
    let widths: Vec<f64> = drawn.rows.iter().map(|row| row.limits_95.unwrap()).map(|(low, high)| high - low).collect();
    assert!(widths[0] > 2.0 * widths[1], "few independent children, a wide band: {widths:?}");
}

#[test]
fn a_chart_of_groups_has_numbers_beneath_and_says_what_they_are() {
    let report = report();
    let measure = report.measures.iter().find(|measure| measure.id == "missing_again").unwrap();
    let by_locality = super::breakdown(measure, &report, Dimension::Locality).unwrap();
    let spec = super::breakdown_chart(measure, &report, &by_locality).unwrap();
    for svg in [svg(&spec), super::svg_narrow(&spec)] {
        assert!(svg.contains(">0%</text>") && svg.contains(">Share</text>"), "{svg}");
    }
    assert_eq!(words::axis_title(Unit::Per1000ChildDays), "Per 1,000 child-days at risk");
}
