//! Curves against R, and what holds for every curve.

use super::*;
use crate::stats::{Followed, KaplanMeier};
use proptest::prelude::*;

fn endings(rows: &[(u64, i64, u32, usize)]) -> Vec<Ending> {
    rows.iter()
        .map(|&(child, entry, time, cause)| Ending { child, entry: u32::try_from(entry).ok(), time, cause })
        .collect()
}

#[test]
fn nobody_and_nothing() {
    let nobody = CumulativeIncidence::new(&[]).unwrap();
    assert_eq!((nobody.causes(), nobody.at(1, 0), nobody.left_at(5)), (0, None, 1.0));
    let open = CumulativeIncidence::new(&endings(&[(1, -1, 9, 0), (2, -1, 4, 0)])).unwrap();
    assert_eq!(open.at(1, 9), Some((0.0, 0.0)));
    assert_eq!(open.curve(1), Vec::new());
    let late = CumulativeIncidence::new(&endings(&[(1, 4, 4, 1)]));
    assert_eq!(late, Err(EntryNotBeforeTime { row: 1 }));
}

/// Published: nine of 305 women with breast cancer, the others alive and censored later; overall survival and the cumulative
/// incidence of death from breast cancer in per cent, by months (Satagopan and others 2004, British Journal of Cancer 91:
/// 1229-1235, table 2). The paper multiplies rounded factors, so its last digit may be one off.
#[test]
fn breast_cancer_deaths_as_satagopan_publishes_them() {
    let told = [(7, 0), (10, 1), (14, 0), (16, 1), (18, 2), (23, 1), (24, 0), (26, 2), (27, 1)];
    let others = std::iter::repeat_n((28, 0), 305 - told.len());
    let rows: Vec<Ending> = (0..)
        .zip(told.into_iter().chain(others))
        .map(|(child, (time, cause))| Ending { child, entry: None, time, cause })
        .collect();
    let curves = CumulativeIncidence::new(&rows).unwrap();
    for (month, survival, incidence) in
        [(10, 99.7, 0.3), (16, 99.3, 0.6), (18, 99.0, 0.6), (23, 98.7, 0.9), (26, 98.3, 0.9), (27, 98.0, 1.2)]
    {
        assert!((curves.left_at(month) * 100.0 - survival).abs() < 0.1, "{month}");
        assert!((curves.at(1, month).unwrap().0 * 100.0 - incidence).abs() < 0.15, "{month}");
    }
    // Exactly: two of 304 and 302; then 301 and 300 at risk.
    let exact = 1.0 / 304.0 + 303.0 / 304.0 / 302.0;
    assert!((curves.at(1, 16).unwrap().0 - exact).abs() < 1e-12);
}

type Told = (u64, i64, u32, usize);

fn rows() -> impl Strategy<Value = Vec<Told>> {
    prop::collection::vec((0_u64..15, -1_i64..8, 8_u32..30, 0_usize..4), 1..50)
}

proptest! {
    #[test]
    fn incidences_and_those_left_make_one(of in rows()) {
        let curves = CumulativeIncidence::new(&endings(&of)).unwrap();
        for day in 0..31 {
            let ended: f64 = (1..=3).map(|cause| curves.weighted(cause, |time| f64::from(u8::from(time <= day)))).sum();
            prop_assert!((ended + curves.left_at(day) - 1.0).abs() < 1e-9);
        }
    }

    #[test]
    fn order_does_not_matter(of in rows()) {
        let curves = CumulativeIncidence::new(&endings(&of)).unwrap();
        let mut turned = of;
        turned.reverse();
        prop_assert_eq!(curves, CumulativeIncidence::new(&endings(&turned)).unwrap());
    }

    #[test]
    fn one_cause_is_kaplan_meier_and_greenwood(of in prop::collection::vec((-1_i64..8, 8_u32..30, any::<bool>()), 1..50)) {
        let spells: Vec<Followed> = of
            .iter()
            .map(|&(entry, time, event)| Followed { entry: u32::try_from(entry).ok(), time, event })
            .collect();
        let plain = KaplanMeier::new(&spells).unwrap();
        let own: Vec<(u64, Followed)> = (0..).zip(spells).collect();
        let clustered = KaplanMeier::clustered(&own).unwrap();
        for (one, other) in plain.steps().iter().zip(clustered.steps()) {
            prop_assert!((one.survival - other.survival).abs() < 1e-12);
            prop_assert_eq!(one.se.is_some(), other.se.is_some());
            prop_assert!(one.se.zip(other.se).is_none_or(|(one, other)| (one - other).abs() < 1e-9));
        }
        let tau = 25;
        if let (Some((one, se)), Some((other, robust))) = (plain.restricted_mean(tau), clustered.restricted_mean(tau)) {
            prop_assert!((one - other).abs() < 1e-9 && (se - robust).abs() < 1e-6);
        }
    }
}
