//! Each method against published examples and against R 4.2.2 (survival 3.5-3), with the call that made the numbers.

use super::*;

fn near(left: f64, right: f64, within: f64) {
    assert!((left - right).abs() <= within * right.abs().max(1.0), "{left} is not {right}");
}

fn followed(time: u32, event: u32) -> Followed {
    Followed { entry: None, time, event: event == 1 }
}

/// Acute myelogenous leukaemia: maintained and not (Miller 1997; R's `survival::aml`).
const AML: [[(u32, u32); 12]; 2] = [
    [(9, 1), (13, 1), (13, 0), (18, 1), (23, 1), (28, 0), (31, 1), (34, 1), (45, 0), (48, 1), (161, 0), (0, 9)],
    [(5, 1), (5, 1), (8, 1), (8, 1), (12, 1), (16, 0), (23, 1), (27, 1), (30, 1), (33, 1), (43, 1), (45, 1)],
];

fn aml(group: usize) -> Vec<Followed> {
    AML[group].iter().filter(|(_, event)| *event < 2).map(|&(time, event)| followed(time, event)).collect()
}

#[test]
fn survival_of_leukaemia_as_r_gives_it() {
    // fit <- survfit(Surv(time, status) ~ x, aml, conf.type = "log-log"); quantile(fit, .5)
    let (kept, left) = (KaplanMeier::new(&aml(0)).unwrap(), KaplanMeier::new(&aml(1)).unwrap());
    assert_eq!(kept.quantile(0.5), Some(Estimate { value: 31.0, lower: Some(13.0), upper: None }));
    assert_eq!(left.quantile(0.5), Some(Estimate { value: 23.0, lower: Some(5.0), upper: Some(33.0) }));
    // summary(fit, times = c(12, 24), extend = TRUE)
    for (curve, day, at_risk, survival, se, lower, upper) in [
        (&kept, 12, 10, 0.909_090_909_090_9, 0.086_678_417_204_14, 0.508_080_205_769_9, 0.986_673_822_667_8),
        (&kept, 24, 6, 0.613_636_363_636_4, 0.152_632_331_027_12, 0.265_752_040_001_3, 0.835_299_243_250_2),
        (&left, 12, 8, 0.583_333_333_333_3, 0.142_318_760_638_33, 0.270_138_924_085_5, 0.800_940_192_333_4),
        (&left, 24, 5, 0.486_111_111_111_1, 0.148_130_062_553_48, 0.191_876_619_618_7, 0.729_671_569_779_5),
    ] {
        let step = curve.at(day).unwrap();
        assert_eq!(step.at_risk, at_risk);
        near(step.survival, survival, 1e-12);
        near(step.se.unwrap(), se, 1e-12);
        near(step.estimate().lower.unwrap(), lower, 1e-12);
        near(step.estimate().upper.unwrap(), upper, 1e-12);
    }
    // summary(survfit(Surv(time, status) ~ 1, aml[aml$x == …, ]), rmean = 28)$table
    for (curve, mean, se) in [(kept, 23.375, 2.042_828_965_133), (left, 18.916_666_666_667, 2.835_953_309_355)] {
        let (ours, error) = curve.restricted_mean(28).unwrap();
        near(ours, mean, 1e-12);
        near(error, se, 1e-12);
    }
    // quantile(survfit(Surv(time, 1 - status) ~ 1, aml, conf.type = "log-log"), .5): 161, limits 28 and NA.
    let follow_up = KaplanMeier::follow_up(&[aml(0), aml(1)].concat()).unwrap();
    assert_eq!(follow_up.quantile(0.5), Some(Estimate { value: 161.0, lower: Some(28.0), upper: None }));
}

#[test]
fn log_rank_of_leukaemia_as_r_gives_it() {
    // survdiff(Surv(time, status) ~ x, aml): 3.39638869897760, p 0.06533932204051.
    let rows: Vec<(usize, Followed)> =
        (0..2).flat_map(|group| aml(group).into_iter().map(move |row| (group, row))).collect();
    let test = logrank(&rows).unwrap();
    near(test.statistic, 3.396_388_698_977_60, 1e-12);
    near(test.p, 0.065_339_322_040_51, 1e-11);
}

/// time, event, group, child, entry (−1 before 0), cause: ties, late entry, several spells a child.
const SPELLS: [(u32, u32, usize, u64, i64, usize); 12] = [
    (1, 1, 0, 1, -1, 1),
    (2, 1, 1, 1, -1, 2),
    (2, 0, 2, 2, 0, 0),
    (3, 1, 0, 2, 1, 1),
    (4, 1, 1, 3, -1, 1),
    (4, 1, 2, 3, 2, 2),
    (5, 0, 0, 4, 3, 0),
    (6, 1, 1, 4, -1, 2),
    (6, 1, 2, 5, 4, 1),
    (7, 0, 0, 5, 0, 0),
    (8, 1, 1, 6, 5, 1),
    (9, 0, 2, 6, 2, 0),
];

fn spell(row: &(u32, u32, usize, u64, i64, usize)) -> Followed {
    Followed { entry: u32::try_from(row.4).ok(), time: row.0, event: row.1 == 1 }
}

#[test]
fn log_rank_of_three_groups_and_clustered_as_r_gives_it() {
    // survdiff(Surv(time, event) ~ g): 0.7426188026967, p 0.6898304740581 (lifelines' multivariate_logrank_test: the same).
    let plain: Vec<_> = SPELLS.iter().map(|row| (row.2, Followed { entry: None, ..spell(row) })).collect();
    let test = logrank(&plain).unwrap();
    near(test.statistic, 0.742_618_802_696_7, 1e-12);
    near(test.p, 0.689_830_474_058_1, 1e-12);
    // fit <- coxph(Surv(entry, time, event) ~ factor(g) + cluster(id), init = c(0, 0), iter.max = 0, ties = "breslow")
    // m <- rowsum(residuals(fit, "score"), id); u <- colSums(m); u %*% solve(t(m) %*% m) %*% u: 1.18237961082
    let rows: Vec<_> = SPELLS.iter().map(|row| (row.2, row.3, spell(row))).collect();
    near(clustered_logrank(&rows).unwrap().statistic, 1.182_379_610_82, 1e-10);
    // The same of the first group against the others: 0.002828818748153.
    let two: Vec<_> = SPELLS.iter().map(|row| (usize::from(row.2 > 0), row.3, spell(row))).collect();
    near(clustered_logrank(&two).unwrap().statistic, 0.002_828_818_748_153, 1e-12);
}

#[test]
fn clustered_survival_as_r_gives_it() {
    // survfit(Surv(entry, time, event) ~ 1, cluster = id): surv and std.err.
    let rows: Vec<_> = SPELLS.iter().map(|row| (row.3, spell(row))).collect();
    let curve = KaplanMeier::clustered(&rows).unwrap();
    for (day, survival, se) in [
        (1, 0.833_333_333_333_3, 0.124_225_998_749_99),
        (2, 0.694_444_444_444_4, 0.233_784_836_536_16),
        (3, 0.578_703_703_703_7, 0.211_312_715_086_87),
        (4, 0.385_802_469_135_8, 0.193_969_947_646_58),
        (6, 0.231_481_481_481_5, 0.126_670_178_698_94),
        (8, 0.115_740_740_740_7, 0.063_335_089_349_47),
    ] {
        near(curve.at(day).unwrap().survival, survival, 1e-12);
        near(curve.at(day).unwrap().se.unwrap(), se, 1e-12);
    }
}

#[test]
fn competing_ends_with_late_entry_as_r_gives_them() {
    // survfit(Surv(entry, time, factor(cause, 0:2)) ~ 1, id = 1:12): pstate and std.err.
    let endings: Vec<Ending> = (0..)
        .zip(SPELLS)
        .map(|(own, row)| Ending { child: own, entry: u32::try_from(row.4).ok(), time: row.0, cause: row.5 })
        .collect();
    let curves = CumulativeIncidence::new(&endings).unwrap();
    for (cause, day, incidence, se) in [
        (1, 1, 0.166_666_666_666_7, 0.152_145_154_862_5),
        (1, 3, 0.282_407_407_407_4, 0.178_955_796_730_2),
        (1, 4, 0.378_858_024_691_4, 0.175_439_522_191_2),
        (1, 6, 0.456_018_518_518_5, 0.180_508_560_677_4),
        (1, 9, 0.571_759_259_259_3, 0.179_661_379_295_0),
        (2, 2, 0.138_888_888_888_9, 0.130_124_715_949_6),
        (2, 4, 0.235_339_506_172_8, 0.154_331_168_217_0),
        (2, 9, 0.312_5, 0.157_665_343_314_2),
    ] {
        let (share, error) = curves.at(cause, day).unwrap();
        near(share, incidence, 1e-12);
        near(error, se, 1e-12);
    }
    near(curves.left_at(9), 0.115_740_740_740_7, 1e-12);
    assert_eq!(curves.curve(1).len(), 6);
}

#[test]
fn orange_juice_cans_as_published() {
    // Montgomery, Statistical Quality Control, example 7.1: p̄ = 0.2313, limits 0.0524 and 0.4102.
    let cans =
        [12, 15, 8, 10, 4, 7, 16, 9, 14, 10, 5, 6, 17, 12, 22, 8, 10, 5, 13, 11, 20, 18, 24, 15, 9, 12, 7, 13, 9, 6];
    let chart = attributes_chart(&cans.map(|x| (x, 50.0)), Basis::Share, Laney::Off, None).unwrap();
    let point = chart.points[0];
    near(point.centre, 0.2313, 5e-5);
    near(point.lower, 0.0524, 5e-5);
    near(point.upper, 0.4102, 5e-5);
}

#[test]
fn circuit_boards_as_published() {
    // Montgomery, example 7.3: c̄ = 19.85, limits 6.48 and 33.22.
    let boards =
        [21, 24, 16, 12, 15, 5, 28, 20, 31, 25, 20, 24, 16, 19, 10, 17, 13, 22, 18, 39, 30, 24, 16, 19, 17, 15];
    let point = count_chart(&boards, None).unwrap().points[0];
    near(point.centre, 19.85, 5e-4);
    near(point.lower, 6.48, 2e-3);
    near(point.upper, 33.22, 5e-4);
}

#[test]
fn loan_costs_as_published() {
    // Montgomery, example 6.5: mean 300.5, mean range 7.79, limits 279.78 and 321.22.
    let costs = [
        310.0, 288.0, 297.0, 298.0, 307.0, 303.0, 294.0, 297.0, 308.0, 306.0, 294.0, 299.0, 297.0, 299.0, 314.0, 295.0,
        293.0, 306.0, 301.0, 304.0,
    ];
    let chart = xmr(&costs.map(Some), &[], XmrOptions { screening: false, ..XmrOptions::default() });
    near(chart.points[0].mean.unwrap(), 300.5, 1e-12);
    near(chart.points[0].limits.unwrap().lower, 279.78, 1e-5);
    near(chart.points[0].limits.unwrap().upper, 321.22, 1e-5);
}

#[test]
fn valve_failures_as_r_gives_them() {
    // Hours of Montgomery, table 7.14, whose chart has its centre at 5.39; qic.t's rules in R 4: y <- h^(1/3.6), ranges
    // screened once at 3.267 means, mean(y) ± 2.66 × mean range, all back by ^3.6.
    let hours = [
        286.0, 948.0, 536.0, 124.0, 816.0, 729.0, 4.0, 143.0, 431.0, 8.0, 2837.0, 596.0, 81.0, 227.0, 603.0, 492.0,
        1199.0, 1214.0, 2831.0, 96.0,
    ];
    let lines = time_lines(&hours, None, true).unwrap();
    near(lines.centre, 430.040_951_789_76, 1e-12);
    near(lines.centre.powf(1.0 / 3.6), 5.39, 2e-4);
    let (lower, upper) = lines.limits.unwrap();
    assert!(lower <= 0.0);
    near(upper, 6_940.084_220_614_8, 1e-12);
}

#[test]
fn primes_as_r_gives_them() {
    // R 4, the rules of qicharts2's qic.pp and qic.up (which do not screen): z <- (x / n - c) / sd; sigma <- mean(abs(diff(z)))
    // / 1.128; ranges of 3.267 means left out where screened.
    let x = [12, 13, 12, 11, 13, 12, 40, 41, 39, 40, 41, 40];
    let n = [100.0, 98.0, 101.0, 100.0, 97.0, 100.0, 100.0, 103.0, 99.0, 100.0, 101.0, 100.0];
    let points: Vec<(u64, f64)> = x.into_iter().zip(n).collect();
    for (basis, screening, sigma, upper) in [
        (Basis::Share, true, 0.215_238_982_707_25, 0.290_274_516_393_03),
        (Basis::Share, false, 0.708_933_635_042_21, 0.355_391_901_734_63),
        (Basis::Rate, true, 0.184_919_612_438_03, 0.290_274_516_393_03),
        (Basis::Rate, false, 0.609_070_584_646_82, 0.355_391_901_734_63),
    ] {
        let options = AttributeOptions { basis, laney: Laney::AsMeasured, baseline: None, screening };
        let chart = attributes_chart_with(&points, options).unwrap();
        near(chart.sigma_z, sigma, 1e-12);
        near(chart.points[0].upper, upper, 1e-12);
    }
}

#[test]
fn rare_events_as_r_gives_them() {
    // qgeom(c(.5, .00135, .99865), 1 / (1 + 4.6)): 3, 0, 33.
    let gaps = [0, 3, 12, 7, 1];
    let point = gap_chart(&gaps, None).unwrap().points[0];
    assert_eq!((point.centre, point.lower, point.upper), (3.0, 0.0, 33.0));
    let three = gap_chart_with(&gaps, None, GapLimits::ThreeSigma).unwrap().points[0];
    near(three.upper, 4.6 + 3.0 * (4.6_f64 * 5.6).sqrt(), 1e-12);
    assert_eq!((three.centre, three.lower), (4.6, 0.0));
}

#[test]
fn intervals_as_r_gives_them() {
    // prop.test(3, 40, correct = FALSE, conf.level = .998); statsmodels' proportion_confint(…, method = "wilson"): the same.
    let share = wilson(3, std::num::NonZeroU64::new(40).unwrap(), 0.998);
    near(share.lower.unwrap(), 0.015_206_763_705_007, 1e-10);
    near(share.upper.unwrap(), 0.298_611_226_403_309, 1e-10);
    // poisson.test(3, conf.level = .9), poisson.test(9)
    let three = poisson_rate_at(3, 1.0, 1.0, 0.9).unwrap();
    near(three.lower.unwrap(), 0.817_691_447_163_95, 1e-9);
    near(three.upper.unwrap(), 7.753_656_527_932_73, 1e-9);
    let nine = poisson_rate_at(9, 1.0, 1.0, 0.95).unwrap();
    near(nine.lower.unwrap(), 4.115_373_097_378_3, 1e-9);
    near(nine.upper.unwrap(), 17.084_803_451_419_2, 1e-9);
    // Dobson's formula in R, as in the department of health's own package (calculate_dsr, Dobson):
    // 1105.12532734755, 752.49357588936, 1564.43228165326 for events 4, 8, 20.
    let stratum = |events, population, standard| Stratum { events: Events::Independent(events), population, standard };
    let strata = [stratum(4, 900.0, 5_000.0), stratum(8, 1_100.0, 6_000.0), stratum(20, 600.0, 2_500.0)];
    let rate = standardised_rate(&strata, 100_000.0).unwrap();
    near(rate.value, 1_105.125_327_347_55, 1e-12);
    near(rate.lower.unwrap(), 752.493_575_889_36, 1e-12);
    near(rate.upper.unwrap(), 1_564.432_281_653_26, 1e-12);
}
