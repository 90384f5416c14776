//! A realistic board report for tests: thirty-six months, gaps, withheld figures, one measure that cannot be known.

use std::marker::PhantomData;

use chrono::NaiveDate;

use crate::domain::{Dimension, Figure, Month, Period, Symbol, Unit};
use crate::release::{
    About, Better, Board, ControlChart, Definition, Event, Kind, LinkRate, Measure, Part, Report, RuleCount, Shape,
    SignalOn, Source, Sufficiency, Target,
};

fn on(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn measure(id: &str, title: &str, theme: &str, shape: Shape, unit: Unit) -> Measure {
    Measure {
        id: id.into(),
        title: title.into(),
        question: format!("{title}: is it getting better for children?"),
        theme: theme.into(),
        kind: Kind::Outcome,
        explains: None,
        better: Better::Lower,
        shape,
        unit,
        headline_part: None,
        sentence: format!("{{value}} for {}", title.to_lowercase()),
        definition: "Of children who returned in the month, those missing again within 28 days.".into(),
        numerator: "children".into(),
        denominator: "children".into(),
        parts: Vec::new(),
        dimensions: vec![Dimension::Locality, Dimension::AgeBand],
        relations: Vec::new(),
        rules: Vec::new(),
        smallest_shown: None,
        ask: "What was done about it?".into(),
        cannot_tell: "It cannot tell whether every episode was reported.".into(),
        source: "Partnership definition".into(),
        owner: "Head of safeguarding".into(),
        reviewed_on: on("2026-10-01"),
        method: "Wilson, 95%".into(),
        sql: "SELECT child_id FROM missing_spells".into(),
        needs: vec!["missing_spells".into()],
        sources: Vec::new(),
        horizon_days: 28,
        chart: ControlChart::Auto,
        signal_on: SignalOn::Month,
        target: None,
        sufficiency: Sufficiency::Sufficient,
    }
}

fn parts(list: &[(&str, &str, Unit)]) -> Vec<Part> {
    list.iter()
        .map(|(id, label, unit)| Part { id: (*id).into(), label: (*label).into(), unit: *unit, not_ended: false })
        .collect()
}

fn figure(measure: &str, period: Period, dimension: Dimension, level: &str, unit: Unit, value: f64) -> Figure {
    let ratio = matches!(unit, Unit::Proportion | Unit::Per1000ChildDays);
    Figure {
        measure: measure.into(),
        period,
        dimension,
        level: level.into(),
        numerator: Some(if ratio { (value * 80.0) as i64 } else { value as i64 }),
        denominator: ratio.then_some(80),
        value: Some(value),
        lower: ratio.then_some(value * 0.8),
        upper: ratio.then_some(if unit == Unit::Proportion { (value * 1.2).min(1.0) } else { value * 1.2 }),
        unit,
        symbol: None,
        provisional: false,
    }
}

/// Thirty-six months to October 2026, with a withheld month, a gap, a provisional last month and one unanswerable measure.
#[expect(clippy::too_many_lines, reason = "one whole report, read from top to bottom")]
pub(crate) fn report() -> Report<Board> {
    let last: Month = "2026-10".parse().unwrap();
    let target = |value| Some(Target { value, by: on("2027-03-31"), owner_role: "Head of missing services".into() });
    let mut measures = vec![
        Measure {
            parts: parts(&[
                ("first_in_12_months", "First return in 12 months", Unit::Proportion),
                ("known_repeaters", "Known repeaters", Unit::Proportion),
            ]),
            target: target(0.15),
            ..measure("missing_again", "Missing again within 28 days", "missing", Shape::Proportion, Unit::Proportion)
        },
        Measure {
            parts: parts(&[
                ("over-24h", "Over 24 hours", Unit::Children),
                ("over-72h", "Over 72 hours", Unit::Children),
                ("longest", "Longest", Unit::Days),
            ]),
            ..measure("missing_now", "Children missing at month end", "missing", Shape::Stock, Unit::Children)
        },
        measure("missing_nights", "Nights missing", "missing", Shape::Rate, Unit::Per1000ChildDays),
        Measure {
            parts: parts(&[
                ("0-3", "0 to 3 days", Unit::Children),
                ("4-10", "4 to 10 days", Unit::Children),
                ("11-45", "11 to 45 days", Unit::Children),
                ("over-45", "Over 45 days", Unit::Children),
            ]),
            target: target(40.0),
            ..measure(
                "unassessed_now",
                "Children in unassessed risk at month end",
                "unassessed",
                Shape::Stock,
                Unit::Children,
            )
        },
        Measure {
            headline_part: Some("s10".into()),
            parts: parts(&[
                ("s3", "Still unassessed after 3 days", Unit::Proportion),
                ("s10", "Still unassessed after 10 days", Unit::Proportion),
                ("s45", "Still unassessed after 45 days", Unit::Proportion),
                ("median", "Median days", Unit::Days),
            ]),
            ..measure("time_to_assessment", "Time to assessment", "unassessed", Shape::Survival, Unit::Proportion)
        },
        Measure {
            better: Better::Higher,
            target: target(0.5),
            dimensions: vec![Dimension::Service],
            ..measure("help_started", "Help started within 90 days", "help", Shape::Proportion, Unit::Proportion)
        },
        Measure {
            better: Better::Higher,
            headline_part: Some("attended".into()),
            parts: parts(&[
                ("referred", "Referred", Unit::Proportion),
                ("offered", "Offered", Unit::Proportion),
                ("accepted", "Accepted", Unit::Proportion),
                ("attended", "First attended", Unit::Proportion),
                ("sustained", "Sustained", Unit::Proportion),
                ("referred-wait", "Days from need to referral", Unit::Days),
            ]),
            dimensions: vec![Dimension::Service],
            ..measure("uptake_chain", "From need to help, step by step", "help", Shape::Chain, Unit::Proportion)
        },
        Measure {
            sufficiency: Sufficiency::CannotBeKnown {
                wanted: vec!["needs from every service that works with children".into()],
            },
            ..measure("unmet_need_now", "Needs waiting for a first contact", "help", Shape::Stock, Unit::Needs)
        },
        Measure {
            kind: Kind::Context,
            sufficiency: Sufficiency::CannotBeKnown { wanted: vec!["training records".into()] },
            ..measure("trained_now", "People with training in date", "workforce", Shape::Proportion, Unit::Proportion)
        },
        Measure {
            kind: Kind::Context,
            sufficiency: Sufficiency::CannotBeKnown { wanted: vec!["training records".into()] },
            ..measure("training_applied", "Training applied", "workforce", Shape::Proportion, Unit::Proportion)
        },
        Measure {
            kind: Kind::Process,
            explains: Some("missing_again".into()),
            better: Better::Higher,
            ..measure(
                "rhi_held_72h",
                "Return home interview within 72 hours",
                "missing",
                Shape::Proportion,
                Unit::Proportion,
            )
        },
    ];
    if let Some(partial) = measures.get_mut(2) {
        partial.sufficiency = Sufficiency::Partial { because: vec!["Police data end on 30 September 2026.".into()] };
    }
    Report {
        support: Vec::new(),
        residents: Vec::new(),
        published: None,
        id: "3fa9c1d2e5".into(),
        figures: ordered(measures.iter().flat_map(|measure| figures(measure, last)).collect()),
        measures,
        about: About {
            partnership: "Northmoor Safeguarding Children Partnership".into(),
            area: "Northmoor".into(),
            as_at: on("2026-10-31"),
            month: last,
            sample: true,
            policy: "counts of 1 to 5 are withheld".into(),
            public: false,
            definitions: vec![Definition {
                name: "missing_again_days".into(),
                value: "28".into(),
                decides: "a child is missing again if the next spell starts within this many days".into(),
            }],
            links: vec![LinkRate {
                agency: "Police".into(),
                identifiers: Some(1204),
                linked: Some(1180),
                own_identifiers: false,
            }],
            events: vec![Event {
                on: on("2025-03-01"),
                title: "New front door opened".into(),
                measures: vec![],
                rebase: None,
            }],
        },
        plan: Some(crate::plan::fixture::plan(on("2026-10-31"))),
        workforce: Some(crate::plan::fixture::workforce(on("2026-10-31"))),
        findings: crate::plan::fixture::findings(),
        sources: vec![Source {
            name: "police".into(),
            agency: "Northmoor Police".into(),
            format: "native".into(),
            tables: vec!["missing_episodes".into()],
            data_to: on("2026-09-30"),
            latest_event: Some("2026-09".parse().unwrap()),
            data_from: None,
            reporting: Vec::new(),
            cadence: Some("monthly".into()),
            due_on: Some(on("2026-10-10")),
            late_by_days: Some(21),
            owner_role: Some("Force data lead".into()),
            rows_in: Some(5204),
            kept: Some(5190),
            quarantined: Some(10),
            dropped: None,
            findings: vec![RuleCount {
                rule: "M567".into(),
                says: "end before start".into(),
                outcome: "quarantined".into(),
                rows: Some(10),
            }],
            completeness: std::iter::once(("missing_episodes.returned_at".to_owned(), 0.97)).collect(),
        }],
        edition: PhantomData,
    }
}

/// As a release keeps them.
pub(crate) fn ordered(mut figures: Vec<Figure>) -> Vec<Figure> {
    figures.sort_by(|a, b| {
        (&a.measure, a.dimension, &a.level, a.period).cmp(&(&b.measure, b.dimension, &b.level, b.period))
    });
    figures
}

/// Figures that a measure of any shape could have.
pub(crate) fn figures(measure: &Measure, last: Month) -> Vec<Figure> {
    if matches!(measure.sufficiency, Sufficiency::CannotBeKnown { .. }) {
        return Vec::new();
    }
    let mut out = Vec::new();
    let seed = measure.id.len() as f64;
    for step in 0..36 {
        let month = last.plus(step - 35);
        let wave = 1.0 + 0.15 * (f64::from(step) / 3.0 + seed).sin();
        let base = match measure.unit {
            Unit::Proportion => 0.38,
            Unit::Per1000ChildDays => 8.0,
            _ => 60.0,
        } * wave;
        let mut add = |period, level: String, unit, value| {
            out.push(figure(&measure.id, period, Dimension::Total, &level, unit, value));
        };
        match measure.shape {
            Shape::Effect => {}
            Shape::Incidence | Shape::Recurrent => {
                let period = match measure.shape {
                    Shape::Incidence => Period::Quarter(month.quarter()),
                    _ => Period::TwelveMonthsTo(month),
                };
                for (at, part) in measure.parts.iter().enumerate().filter(|_| month.ends_quarter()) {
                    add(period, format!("total:{}", part.id), part.unit, 0.3 * 0.8_f64.powi(at as i32));
                }
            }
            Shape::Survival => {
                if month.ends_quarter() {
                    let shares = measure.parts.iter().filter(|part| part.unit == Unit::Proportion).zip([0.8, 0.5, 0.2]);
                    for (part, share) in shares {
                        let level = format!("total:{}", part.id);
                        add(Period::Quarter(month.quarter()), level, Unit::Proportion, share * wave);
                    }
                }
            }
            Shape::Chain => {
                for (at, part) in measure.parts.iter().enumerate() {
                    let value = if part.unit == Unit::Days { 12.0 } else { 0.95 - 0.15 * at as f64 };
                    add(Period::TwelveMonthsTo(month), format!("total:{}", part.id), part.unit, value);
                }
            }
            Shape::Stock if measure.parts.len() == 4 => {
                let bands: Vec<f64> = [0.2, 0.3, 0.3, 0.2].iter().map(|share| (base * share).round()).collect();
                add(Period::Month(month), "total".into(), measure.unit, bands.iter().sum());
                for (part, value) in measure.parts.iter().zip(&bands) {
                    add(Period::Month(month), format!("total:{}", part.id), part.unit, *value);
                }
            }
            _ => {
                add(Period::Month(month), "total".into(), measure.unit, base);
                add(Period::TwelveMonthsTo(month), "total".into(), measure.unit, base);
                for (at, part) in measure.parts.iter().enumerate() {
                    add(
                        Period::Month(month),
                        format!("total:{}", part.id),
                        part.unit,
                        base * (0.9 - 0.3 * at as f64).max(0.1),
                    );
                }
            }
        }
        if month.ends_quarter() {
            for dimension in &measure.dimensions {
                for (at, level) in
                    ["north", "south", "Moorside and the coastal villages", "not known"].iter().enumerate()
                {
                    let part = measure.headline_part.as_ref().map_or_else(String::new, |part| format!(":{part}"));
                    let mut one = figure(
                        &measure.id,
                        Period::TwelveMonthsTo(month),
                        *dimension,
                        &format!("{level}{part}"),
                        measure.unit,
                        base * (0.8 + 0.1 * at as f64),
                    );
                    if at == 3 {
                        withhold(&mut one);
                    }
                    out.push(one);
                }
            }
        }
    }
    for one in &mut out {
        let month = one.period.last_month();
        one.provisional = month == last && measure.shape != Shape::Stock;
        if month == last.plus(-14) && measure.id == "missing_again" {
            withhold(one);
        }
    }
    out.retain(|one| !(measure.id == "missing_nights" && one.period.last_month() == last.plus(-20)));
    out
}

pub(crate) fn withhold(figure: &mut Figure) {
    (figure.numerator, figure.denominator, figure.value, figure.lower, figure.upper) = (None, None, None, None, None);
    figure.symbol = Some(Symbol::Confidential);
}
