//! Lets one SELECT over declared marts through, and nothing else.
//!
//! polars runs whatever its SQL can say, files and deletions included, so a query is parsed, walked against allow-lists,
//! printed, and only the print is run. Definitions named `:like_this` become whole numbers in the syntax tree.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use sqlparser::ast::{
    Expr, ObjectName, Query, SetExpr, Statement, TableFactor, Value, ValueWithSpan, Visit, VisitMut, Visitor,
    VisitorMut,
};
use sqlparser::dialect::GenericDialect;
use sqlparser::parser::Parser;

use crate::config::most_like;

/// Functions a query may call.
const FUNCTIONS: [&str; 19] = [
    "abs",
    "avg",
    "coalesce",
    "count",
    "date",
    "dense_rank",
    "first_value",
    "greatest",
    "lag",
    "last_value",
    "lead",
    "least",
    "lower",
    "max",
    "min",
    "nullif",
    "row_number",
    "strftime",
    "sum",
];

/// What every query is, where nothing nearer can be said.
const ONE_SELECT: &str = "a query is one SELECT, in polars SQL, over the marts its header declares";

/// Why a query may not be run, with the line of its SQL where that is known, and what to do.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Refused {
    pub(crate) line: Option<usize>,
    pub(crate) says: String,
    pub(crate) hint: String,
}

impl Refused {
    fn new(says: impl Into<String>) -> Self {
        Self { line: None, says: says.into(), hint: ONE_SELECT.into() }
    }

    fn hint(self, hint: String) -> Self {
        Self { hint, ..self }
    }
}

/// The SQL to run, or every reason why it may not be.
pub(crate) fn guarded(sql: &str, marts: &[String], definitions: &[(&str, i64)]) -> Result<String, Vec<Refused>> {
    let statements =
        Parser::parse_sql(&GenericDialect {}, sql).map_err(|error| vec![not_parsed(&error.to_string())])?;
    let mut statements = statements.into_iter();
    let (Some(Statement::Query(mut query)), None) = (statements.next(), statements.next()) else {
        return Err(vec![Refused::new("a measure is exactly one SELECT (WITH … SELECT is one)")]);
    };
    let mut fill = Fill { definitions, unknown: BTreeSet::new() };
    let _ = VisitMut::visit(&mut *query, &mut fill);
    let mut walk = Walk { marts, named: names_of_ctes(&query), problems: BTreeSet::new() };
    let _ = query.visit(&mut walk);
    let unknown = fill.unknown.into_iter().map(|name| {
        let known: Vec<&str> = definitions.iter().map(|(known, _)| *known).collect();
        let like = most_like(name.trim_start_matches(':'), &known);
        let hint = like.map_or_else(|| format!("the definitions are {}", known.join(", ")), did_you_mean);
        Refused::new(format!("`{name}` is no whole number of [definitions]")).hint(hint)
    });
    let problems: Vec<Refused> = walk.problems.into_iter().chain(unknown).collect();
    if problems.is_empty() { Ok(query.to_string()) } else { Err(problems) }
}

/// `sql parser error: Expected: an expression, found: FROM at Line: 3, Column: 1` in our words.
fn not_parsed(said: &str) -> Refused {
    let said = said.strip_prefix("sql parser error: ").unwrap_or(said);
    let (says, place) = said.rsplit_once(" at Line: ").unwrap_or((said, ""));
    let line = place.split(',').next().and_then(|line| line.trim().parse().ok());
    Refused { line, ..Refused::new(format!("SQL does not parse: {says}")) }
}

fn did_you_mean(name: &str) -> String {
    format!("did you mean `{name}`?")
}

/// Puts the partnership's definitions where the query names them.
struct Fill<'a> {
    definitions: &'a [(&'a str, i64)],
    unknown: BTreeSet<String>,
}

impl VisitorMut for Fill<'_> {
    type Break = ();

    fn pre_visit_value(&mut self, value: &mut ValueWithSpan) -> ControlFlow<()> {
        if let Value::Placeholder(name) = &value.value {
            let known = self.definitions.iter().find(|(known, _)| name.strip_prefix(':') == Some(known));
            match known {
                Some((_, number)) => value.value = Value::Number(number.to_string(), false),
                None => {
                    self.unknown.insert(name.clone());
                }
            }
        }
        ControlFlow::Continue(())
    }
}

/// `"a", "b"`.
fn quoted(names: &[String]) -> String {
    names.iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", ")
}

fn names_of_ctes(query: &Query) -> BTreeSet<String> {
    struct Ctes(BTreeSet<String>);
    impl Visitor for Ctes {
        type Break = ();
        fn pre_visit_query(&mut self, query: &Query) -> ControlFlow<()> {
            let tables = query.with.iter().flat_map(|with| &with.cte_tables);
            self.0.extend(tables.map(|cte| cte.alias.name.value.to_lowercase()));
            ControlFlow::Continue(())
        }
    }
    let mut ctes = Ctes(BTreeSet::new());
    let _ = query.visit(&mut ctes);
    ctes.0
}

/// Checks every part of the tree against what is allowed.
struct Walk<'a> {
    marts: &'a [String],
    named: BTreeSet<String>,
    problems: BTreeSet<Refused>,
}

impl Walk<'_> {
    fn check_body(&mut self, body: &SetExpr) {
        match body {
            SetExpr::Select(_) | SetExpr::Query(_) => {}
            SetExpr::SetOperation { left, right, .. } => {
                self.check_body(left);
                self.check_body(right);
            }
            _ => {
                self.problems.insert(Refused::new("only SELECT, WITH and UNION ALL are allowed"));
            }
        }
    }

    fn check_table(&mut self, name: &ObjectName) {
        let name = name.to_string().to_lowercase();
        if self.named.contains(&name) || self.marts.contains(&name) {
            return;
        }
        self.problems.insert(if crate::marts::mart(&name).is_some() {
            Refused::new(format!("mart `{name}` is read but not declared in `needs`"))
                .hint(format!("add it: needs = [{}, \"{name}\"]", quoted(self.marts)))
        } else {
            let every: Vec<&str> = crate::marts::MARTS.iter().map(|mart| mart.name).collect();
            let like = most_like(&name, &every).map_or_else(String::new, |like| format!("{} ", did_you_mean(like)));
            let declared = format!("{like}declared in `needs`: {}", self.marts.join(", "));
            Refused::new(format!("`{name}` is no mart")).hint(declared)
        });
    }
}

impl Visitor for Walk<'_> {
    type Break = ();

    fn pre_visit_query(&mut self, query: &Query) -> ControlFlow<()> {
        self.check_body(&query.body);
        ControlFlow::Continue(())
    }

    fn pre_visit_table_factor(&mut self, table: &TableFactor) -> ControlFlow<()> {
        match table {
            TableFactor::Table { name, args: None, .. } => self.check_table(name),
            TableFactor::Derived { .. } | TableFactor::NestedJoin { .. } => {}
            _ => {
                self.problems.insert(Refused::new("tables are marts by name: no function may stand in their place"));
            }
        }
        ControlFlow::Continue(())
    }

    fn pre_visit_expr(&mut self, expr: &Expr) -> ControlFlow<()> {
        if let Expr::Function(function) = expr {
            let name = function.name.to_string().to_lowercase();
            if !FUNCTIONS.contains(&name.as_str()) {
                let like =
                    most_like(&name, &FUNCTIONS).map_or_else(String::new, |like| format!("{} ", did_you_mean(like)));
                let allowed = format!("{like}a query is polars SQL, and may call {}", FUNCTIONS.join(", "));
                self.problems.insert(Refused::new(format!("function `{name}` is not allowed")).hint(allowed));
            }
        }
        ControlFlow::Continue(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(sql: &str) -> Result<String, Vec<Refused>> {
        guarded(sql, &["missing_spells".into()], &[("missing_again_days", 28)])
    }

    #[test]
    fn one_select_over_declared_marts_passes_with_its_definitions_filled_in() {
        let sql = "WITH a AS (SELECT child_id FROM missing_spells) SELECT child_id, :missing_again_days AS n FROM a";
        let printed = said(sql).unwrap();
        assert!(printed.contains("28 AS n"), "{printed}");
    }

    #[test]
    fn a_name_that_is_nearly_right_is_led_to_the_right_one() {
        for (sql, hint) in [
            ("SELECT a FROM missing_spels", "did you mean `missing_spells`? declared in `needs`: missing_spells"),
            ("SELECT a FROM risk_periods", "add it: needs = [\"missing_spells\", \"risk_periods\"]"),
            (
                "SELECT coalese(a, 1) FROM missing_spells",
                "did you mean `coalesce`? a query is polars SQL, and may call abs, ",
            ),
            ("SELECT :missing_again_day FROM missing_spells", "did you mean `missing_again_days`?"),
            ("SELECT 1; SELECT 2", "in polars SQL"),
        ] {
            let refused = said(sql).unwrap_err();
            assert!(refused[0].hint.contains(hint), "{sql}: {}", refused[0].hint);
        }
    }

    #[test]
    fn what_does_not_parse_is_told_with_its_line() {
        let refused = said("SELECT child_id,\n1 AS numerator,\n= 3 FROM missing_spells").unwrap_err();
        assert_eq!(refused.first().unwrap().line, Some(3), "{refused:?}");
        assert!(!refused.first().unwrap().says.contains("Line:"), "{refused:?}");
    }

    #[test]
    fn everything_else_is_refused_by_name() {
        for (sql, says) in [
            ("SELECT 1; SELECT 2", "exactly one SELECT"),
            ("DELETE FROM missing_spells", "exactly one SELECT"),
            ("WITH x AS (SELECT 1) DELETE FROM missing_spells", "only SELECT"),
            ("SELECT * FROM read_csv('/any/file')", "no function may stand"),
            (
                "SELECT * FROM missing_spells WHERE child_id IN (SELECT a FROM read_parquet('x'))",
                "no function may stand",
            ),
            ("SELECT * FROM \"/any/file.csv\"", "is no mart"),
            ("SELECT * FROM risk_periods", "not declared in `needs`"),
            ("SELECT system('ls') FROM missing_spells", "`system` is not allowed"),
            ("SELECT :other FROM missing_spells", "no whole number"),
            ("SELEC child_id", "does not parse"),
            ("CREATE TABLE a AS SELECT 1", "exactly one SELECT"),
        ] {
            let problems: Vec<String> = said(sql).expect_err(sql).into_iter().map(|refused| refused.says).collect();
            let problems = problems.join("; ");
            assert!(problems.contains(says), "{sql}: {problems}");
        }
    }
}
