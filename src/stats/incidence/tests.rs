//! Curves against R, and what holds for every curve.

use super::*;
use crate::stats::{Followed, KaplanMeier, Waiting, WaitingSpell};
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

#[test]
fn agrees_with_waiting_where_there_is_no_entry() {
    let rows = [(2, 1, 1), (5, 2, 1), (5, 1, 2), (5, 0, 3), (8, 1, 3), (8, 2, 4), (8, 0, 4), (12, 1, 5), (15, 0, 5)];
    let ours: Vec<Ending> =
        rows.iter().map(|&(time, cause, child)| Ending { child, entry: None, time, cause }).collect();
    let curves = CumulativeIncidence::new(&ours).unwrap();
    let waiting = rows
        .iter()
        .map(|&(time, cause, child)| WaitingSpell { time, cause: cause as u8, child: child as i64 })
        .collect();
    let waiting = Waiting::new(waiting, 1);
    for day in 0..15 {
        let (share, _) = curves.at(1, day).unwrap();
        assert!((waiting.still_waiting_at(day).unwrap().value - (1.0 - share)).abs() < 1e-12);
    }
}

type Row = (u64, i64, u32, usize);

fn rows() -> impl Strategy<Value = Vec<Row>> {
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
