//! Journeys, by hand, in days; the as-at date is day 400.

use super::*;

fn need(identified_on: Day) -> Need {
    Need { identified_on, service: Code::for_tests("youth_work"), identified_by: None }
}

fn referral(referred_on: Day) -> Referral {
    Referral {
        referred_on,
        first_attended_on: None,
        last_attended_on: None,
        offered_on: None,
        outcome: None,
        sustained_on: None,
        ended_on: None,
        service: Code::for_tests("youth_work"),
        agency: None,
        end_reason: None,
    }
}

fn attended(first: Day, referral: Referral) -> Referral {
    Referral { first_attended_on: Some(first), ..referral }
}

/// (need, referred, started, ended).
type Told = (Day, Option<Day>, Option<Day>, Option<Day>);

/// Journeys, told in days.
fn told(needs: &[Day], referrals: &[Referral]) -> Vec<Told> {
    let needs = needs.iter().map(|day| need(*day)).collect();
    journeys(needs, referrals, None, 400, &Definitions::default())
        .into_iter()
        .map(|one| {
            let referred_on = one.referral.map(|referral| referral.referred_on);
            (one.need.identified_on, referred_on, one.started_on, one.ended.map(|(on, _)| on))
        })
        .collect()
}

#[test]
fn a_need_never_referred_is_a_journey() {
    assert_eq!(told(&[10], &[]), [(10, None, None, None)]);
}

#[test]
fn a_repeat_joins_while_waiting_until_half_a_year() {
    assert_eq!(told(&[10, 189], &[]).len(), 1);
    assert_eq!(told(&[10, 190], &[]).len(), 2);
    // Help had started on day 20, so the need on day 50 is a new one, met already by the child's attendance.
    let helped = attended(20, referral(15));
    assert_eq!(told(&[10, 50], &[helped]), [(10, Some(15), Some(20), None), (50, Some(15), Some(50), None)]);
}

#[test]
fn the_earliest_referral_on_or_after_the_need_or_still_live_on_it() {
    let ended = Referral { ended_on: Some(10), ..referral(5) };
    assert_eq!(told(&[10], &[ended, referral(30), referral(40)]), [(10, Some(30), None, None)]);
    assert_eq!(told(&[10], &[referral(5), referral(30)]), [(10, Some(5), None, None)]);
    let declined = Referral { outcome: Some(Outcome::Declined), offered_on: Some(8), ..referral(5) };
    assert_eq!(told(&[10], &[declined, referral(30)]), [(10, Some(30), None, None)]);
    let refused_later = Referral { offered_on: Some(12), ..declined };
    assert_eq!(told(&[10], &[refused_later, referral(30)]), [(10, Some(5), None, Some(12))]);
}

#[test]
fn attending_in_the_ninety_days_before_is_help_already() {
    let last = |day| Referral { last_attended_on: Some(day), ..attended(50, referral(40)) };
    assert_eq!(told(&[200], &[last(110)]), [(200, Some(40), Some(200), None)]);
    assert_eq!(told(&[200], &[last(109)]), [(200, Some(40), None, None)]);
    assert_eq!(told(&[140], &[attended(50, referral(40))]), [(140, Some(40), Some(140), None)]);
}

#[test]
fn a_wait_lasts_until_nobody_waits_any_more() {
    let waits_of = |needs: &[Day], referrals: &[Referral]| {
        let needs = needs.iter().map(|day| need(*day)).collect();
        waits(&journeys(needs, referrals, None, 400, &Definitions::default()))
    };
    // The need of day 190 comes while that of day 10 still waits: one wait, not two.
    assert_eq!(waits_of(&[10, 190], &[]), [Some((10, None)), None]);
    // Both are answered by the referral of day 195; then a need of day 300 waits anew.
    let helped = attended(200, Referral { ended_on: Some(250), ..referral(195) });
    assert_eq!(waits_of(&[10, 190, 300], &[helped]), [Some((10, Some(200))), None, Some((300, None))]);
}
