//! Every statistical method a page can name: in words, with its source.

use crate::judgement::Method;

/// One method for the methods page.
#[derive(Clone, Copy, Debug)]
pub struct MethodText {
    /// The anchor on the page.
    pub id: &'static str,
    /// Its heading.
    pub name: &'static str,
    /// How it works and how to read it.
    pub says: &'static str,
    /// Who described it.
    pub source: &'static str,
}

/// In the order of the methods page: charts first, then intervals, then time to an event, then comparisons.
pub const METHODS: [MethodText; 14] = [
    MethodText {
        id: "signals",
        name: "Signals: when a change is said to be a change",
        says: "Every measure goes up and down by chance. A control chart draws the average of the months so far and limits about three standard deviations either side. Four things are unlikely to be chance: a point beyond a limit; seven points in a row each higher, or each lower, than the one before; two of three points in a row far out on one side (beyond two thirds of the way to the limit); seven in a row on one side of the average. The first that holds, in that order, is named. A month that is withheld, missing or provisional is a gap and breaks every run. With fewer than 13 points the limits are called trial limits; with fewer than seven nothing is judged.",
        source: "NHS England, Making Data Count; NHSRplotthedots 0.2.2",
    },
    MethodText {
        id: Method::PPrime.id(),
        name: "p′ chart of shares",
        says: "For shares of those counted. The average is all counted over all asked about; each month's limits are as wide as chance makes a share of that many, then widened where months differ by more than chance (never narrowed).",
        source: "Laney 2002; Montgomery, Introduction to Statistical Quality Control, chapter 7",
    },
    MethodText {
        id: Method::UPrime.id(),
        name: "u′ chart of rates",
        says: "For events over the days children spent at risk. As p′, for counts over an exposure. Never used for nights or days, which are not events: one child can have many.",
        source: "Laney 2002; Montgomery, chapter 7",
    },
    MethodText {
        id: Method::Xmr.id(),
        name: "XmR chart of individual values",
        says: "For days and nights, and for shares read off a curve. The limits come from how far the value usually moves from one period to the next: the average plus and minus 2.66 times the mean movement, movements of more than 3.267 times the mean left out once.",
        source: "Wheeler, Understanding Variation; NHS England, Making Data Count",
    },
    MethodText {
        id: Method::Flow.id(),
        name: "Started less stopped, behind a number waiting",
        says: "How many are waiting at a month's end depends on the month before, so a control chart of it would show runs that mean nothing. What started less what stopped in the month is judged instead, about nought: above nought the number waiting grows. Seven of these each above, or below, the one before are no signal: what shrinks by less each month still shrinks. Where an edition cannot show what started and stopped, the change from one month end to the next is used.",
        source: "Partnership method; NHS England, Making Data Count, on caseloads",
    },
    MethodText {
        id: Method::Steps.id(),
        name: "Change from one month to the next, of a level that lasts",
        says: "A child at risk this month is mostly at risk next month too, so months of such a rate or share are alike whatever happens, and limits for months that stand alone would mark chance as change: in simulated partnerships in which nothing changed they did in 28 to 94 of 100. The move from each month to the next is judged instead, about nought: a move larger than usual, or seven the same way. Moves that grow or shrink are not themselves a signal. Beside it stands how far the latest month is from that of a year before.",
        source: "Partnership method, as for a number waiting; Alwan and Roberts 1988 on control charts of correlated values",
    },
    MethodText {
        id: Method::Yearly.id(),
        name: "Whole years side by side",
        says: "For what is too rare for a monthly chart, and for what is counted by whole years. Years that do not overlap stand side by side without limits, and nothing is signalled.",
        source: "Partnership method",
    },
    MethodText {
        id: "assurance",
        name: "How a target fared",
        says: "The target is held against the limits: where the whole of them lies on its right side it was usually met so far; on its wrong side, usually not met so far; where it lies between them, sometimes met and sometimes not. A number waiting has no limits: the periods that met the target are counted. This speaks of the past alone.",
        source: "NHS England, Making Data Count",
    },
    MethodText {
        id: "proportion",
        name: "Interval of a share",
        says: "The range in which the true share plausibly lies, given how few or many were counted: Wilson's interval, or where a child is counted several times one that treats children, not events, as the ones drawn by chance.",
        source: "Wilson 1927; Newcombe 1998; variance clustered by child",
    },
    MethodText {
        id: "rate",
        name: "Interval of a rate",
        says: "Nights and days are totals of unequal children. The children are drawn again and again, as many as there were, and the middle 95% of the rates so made is the interval. It is too narrow with fewer than about 50 children.",
        source: "Efron and Tibshirani, An Introduction to the Bootstrap",
    },
    MethodText {
        id: "survival",
        name: "Still waiting after so many days",
        says: "Everyone whose clock started in the period is followed, those still waiting too. Other endings (closed without assessment, leaving) compete with the one awaited and are not taken for it.",
        source: "Kaplan and Meier 1958; Aalen and Johansen 1978",
    },
    MethodText {
        id: "funnel",
        name: "Groups against the whole",
        says: "Groups differ in size, and a small one strays further by chance. Each group is drawn with the band in which 95% and 99.8% of groups of its size would lie if it were like all the groups shown together. Outside the wider band it differs by more than chance; why is a question, not an answer. With ten groups or more, bands widened for what groups always differ by are drawn too. Groups are never ranked.",
        source: "Spiegelhalter 2005, Funnel plots for comparing institutional performance",
    },
    MethodText {
        id: "provisional",
        name: "Provisional periods",
        says: "A period is provisional until everything that can still happen to it has had time to happen and to be reported. It is drawn hollow and dotted, is in no average and no limit, and is never judged.",
        source: "Partnership method",
    },
    MethodText {
        id: "chance",
        name: "What chance alone would mark",
        says: "Of charts of measures that do not change at all, at most about 2 in 100 are marked in any one month. On a page with many measures some marks are therefore false, and each page says how many to expect. A real fall of a quarter in a small area may go unmarked for half a year: no mark does not mean no change.",
        source: "Simulated: 5,000 stable series of 36 months for each kind of chart",
    },
];
