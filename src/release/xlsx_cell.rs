//! What goes into a workbook in words: a sheet's name, and a cell that a page shows as text and that is a number.

use std::collections::BTreeSet;

/// The longest name a sheet may have.
const NAME_AT_MOST: usize = 31;
/// Characters a sheet's name may not have.
const NOT_IN_A_NAME: [char; 8] = ['[', ']', ':', '*', '?', '/', '\\', '\''];
/// Words that no name ends with: what they lead to was cut off.
const LEADS_ON: [&str; 21] = [
    "a", "and", "as", "at", "by", "cannot", "for", "from", "in", "it", "of", "or", "since", "that", "the", "their",
    "these", "this", "to", "which", "with",
];

/// A sheet's name: the title as far as whole words have room, allowed, and its own.
pub(super) fn name(title: &str, taken: &mut BTreeSet<String>) -> String {
    // What stands before a colon says what it is; what follows says more of it.
    let short = title.split_once(": ").filter(|_| title.chars().count() > NAME_AT_MOST).map_or(title, |(head, _)| head);
    let words: String = short.replace(NOT_IN_A_NAME, " ");
    let mut own = within(&words, NAME_AT_MOST);
    let mut number = 1;
    while own.is_empty() || !taken.insert(own.to_lowercase()) {
        number += 1;
        let end = format!(" {number}");
        own = format!("{}{end}", within(&words, NAME_AT_MOST - end.len()));
    }
    own
}

/// As many whole words as there is room for; of one that is longer, its beginning.
fn within(words: &str, room: usize) -> String {
    let mut kept: Vec<&str> = Vec::new();
    let mut long = 0;
    let all: Vec<&str> = words.split_whitespace().collect();
    for word in &all {
        long += word.chars().count() + usize::from(long > 0);
        if long > room {
            break;
        }
        kept.push(word);
    }
    if kept.len() < all.len() {
        while kept.len() > 1 && kept.last().is_some_and(|last| LEADS_ON.contains(last)) {
            kept.pop();
        }
    }
    match (kept.is_empty(), all.first()) {
        (true, Some(long)) => long.chars().take(room).collect(),
        _ => kept.join(" ").trim_end_matches([',', ';']).to_owned(),
    }
}

/// The number that a cell shows, and how a spreadsheet is to show it: `1,204`, `31%` (0.31), `−0.40`. None for anything
/// else: symbols, dates, dashes, identifiers with noughts before them.
pub(super) fn number_shown(cell: &str) -> Option<(f64, String)> {
    let (digits, percent) = cell.strip_suffix('%').map_or((cell, false), |digits| (digits, true));
    let (digits, sign) = match digits.strip_prefix(['\u{2212}', '-']) {
        Some(rest) => (rest, -1.0),
        None => (digits.strip_prefix('+').unwrap_or(digits), 1.0),
    };
    let (whole, decimals) = digits.split_once('.').map_or((digits, None), |(whole, rest)| (whole, Some(rest)));
    let all_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let groups: Vec<&str> = whole.split(',').collect();
    let grouped =
        groups.iter().skip(1).all(|group| group.len() == 3) && groups.first().is_some_and(|one| one.len() <= 3);
    let plain = groups.len() == 1 || grouped;
    let no_nought_before = whole == "0" || !whole.starts_with('0');
    if !groups.iter().all(|group| all_digits(group)) || !plain || !no_nought_before {
        return None;
    }
    if decimals.is_some_and(|rest| !all_digits(rest)) {
        return None;
    }
    let value: f64 = digits.replace(',', "").parse().ok()?;
    let places = decimals.map_or(0, str::len);
    let after = if places > 0 { format!(".{}", "0".repeat(places)) } else { String::new() };
    let before = if groups.len() > 1 { "#,##0" } else { "0" };
    let scale = if percent { 100.0 } else { 1.0 };
    Some((sign * value / scale, format!("{before}{after}{}", if percent { "%" } else { "" })))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sheets_name_is_allowed_short_and_its_own() {
        let mut taken = BTreeSet::new();
        assert_eq!(name("Going: again?", &mut taken), "Going again");
        let long = "Children in unassessed risk at month end";
        assert_eq!(name(long, &mut taken), "Children in unassessed risk");
        assert_eq!(name(long, &mut taken), "Children in unassessed risk 2");
        assert_eq!(
            name("Share of actions still open, by days since each was agreed", &mut taken),
            "Share of actions still open"
        );
        assert_eq!(name("Every threshold as this partnership set it", &mut taken), "Every threshold");
        assert_eq!(name("Going missing again: where these measures stand", &mut taken), "Going missing again");
        let one_word = "Llanfairpwllgwyngyllgogerychwyrndrobwll";
        assert_eq!(name(one_word, &mut taken).len(), 31);
        assert_eq!(name("", &mut taken), " 2");
    }

    #[test]
    fn what_a_page_shows_as_a_number_is_one_and_nothing_else_is() {
        let shown = number_shown;
        assert_eq!(shown("1,204"), Some((1204.0, "#,##0".into())));
        assert_eq!(shown("31%"), Some((0.31, "0%".into())));
        assert_eq!(shown("4.2%"), Some((0.042, "0.0%".into())));
        assert_eq!(shown("\u{2212}0.40"), Some((-0.4, "0.00".into())));
        assert_eq!(shown("0"), Some((0.0, "0".into())));
        for text in [
            "[c]", "-", "", "007", "3 to 5", "14 days", "2026-10", "1,20", "16-17", "=1", "1.", "[x]", "Oct 2026",
            "5 of 9", "0-9",
        ] {
            assert_eq!(shown(text), None, "{text}");
        }
    }
}
