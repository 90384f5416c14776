//! A plotters backend that writes our own SVG: one path a series, classes instead of styles, real text.

use std::convert::Infallible;
use std::fmt::Write as _;

use plotters::style::RGBColor;
use plotters_backend::text_anchor::HPos;
use plotters_backend::{BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind};

/// What a mark is for; the stylesheet says how it looks. Handed to plotters as a colour and read back as a class.
#[derive(Clone, Copy, Debug)]
pub(super) enum Ink {
    Grid,
    Axis,
    Target,
    Note,
    Text,
    Quiet,
    Whisker,
    Whole,
    Line(usize),
    Dotted(usize),
    Dot(usize),
    Hollow(usize),
    Band(usize),
    Fill(usize),
    Pale(usize),
    Label(usize),
    Bar,
    Centre,
    Limit,
    Way,
    Better,
    Worse,
    Changed,
    Common,
    Wide,
    Narrow,
    Outline,
    Apart,
}

const CLASSES: [&str; 28] = [
    "gr", "ax", "tg", "nt", "tx", "qt", "wh", "wl", "ln", "dt", "dot", "ho", "bd", "fi", "pa", "lb", "br", "ce", "lm",
    "wy", "bt", "ws", "ch", "cm", "f2", "f1", "fo", "ap",
];
/// The classes that carry the number of a series.
const NUMBERED: std::ops::RangeInclusive<u8> = 8..=15;

impl Ink {
    /// A colour that stands for the class: red is the class, green its number.
    pub(super) fn token(self) -> RGBColor {
        let (class, number) = match self {
            Self::Grid => (0, 0),
            Self::Axis => (1, 0),
            Self::Target => (2, 0),
            Self::Note => (3, 0),
            Self::Text => (4, 0),
            Self::Quiet => (5, 0),
            Self::Whisker => (6, 0),
            Self::Whole => (7, 0),
            Self::Line(at) => (8, at),
            Self::Dotted(at) => (9, at),
            Self::Dot(at) => (10, at),
            Self::Hollow(at) => (11, at),
            Self::Band(at) => (12, at),
            Self::Fill(at) => (13, at),
            Self::Pale(at) => (14, at),
            Self::Label(at) => (15, at),
            Self::Bar => (16, 0),
            Self::Centre => (17, 0),
            Self::Limit => (18, 0),
            Self::Way => (19, 0),
            Self::Better => (20, 0),
            Self::Worse => (21, 0),
            Self::Changed => (22, 0),
            Self::Common => (23, 0),
            Self::Wide => (24, 0),
            Self::Narrow => (25, 0),
            Self::Outline => (26, 0),
            Self::Apart => (27, 0),
        };
        RGBColor(class, (number % 4) as u8, 0)
    }
}

fn class(color: BackendColor) -> String {
    let (class, number, _) = color.rgb;
    let name = CLASSES.get(usize::from(class)).copied().unwrap_or("ax");
    if NUMBERED.contains(&class) { format!("{name} c{number}") } else { name.to_owned() }
}

/// Where the SVG is written.
pub(super) struct Canvas<'a> {
    out: &'a mut String,
    size: (u32, u32),
}

impl<'a> Canvas<'a> {
    pub(super) fn new(out: &'a mut String, size: (u32, u32)) -> Self {
        Self { out, size }
    }

    fn points(&mut self, path: impl IntoIterator<Item = BackendCoord>) {
        let mut last = None;
        for (x, y) in path {
            match last {
                None => _ = write!(self.out, "M{x} {y}"),
                Some((_, old)) if old == y => _ = write!(self.out, "H{x}"),
                Some((old, _)) if old == x => _ = write!(self.out, "V{y}"),
                Some(_) => _ = write!(self.out, "L{x} {y}"),
            }
            last = Some((x, y));
        }
    }
}

type Drawn = Result<(), DrawingErrorKind<Infallible>>;

impl DrawingBackend for Canvas<'_> {
    type ErrorType = Infallible;

    fn get_size(&self) -> (u32, u32) {
        self.size
    }

    fn ensure_prepared(&mut self) -> Drawn {
        Ok(())
    }

    fn present(&mut self) -> Drawn {
        Ok(())
    }

    fn draw_pixel(&mut self, point: BackendCoord, color: BackendColor) -> Drawn {
        let class = class(color);
        _ = write!(self.out, r#"<path class="{class}" d="M{} {}h1"/>"#, point.0, point.1);
        Ok(())
    }

    fn draw_line<S: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, style: &S) -> Drawn {
        self.draw_path([from, to], style)
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, path: I, style: &S) -> Drawn {
        _ = write!(self.out, r#"<path class="{}" d=""#, class(style.color()));
        self.points(path);
        self.out.push_str("\"/>");
        Ok(())
    }

    fn draw_rect<S: BackendStyle>(
        &mut self,
        (left, top): BackendCoord,
        (right, bottom): BackendCoord,
        style: &S,
        _fill: bool,
    ) -> Drawn {
        let (width, height) = ((right - left).abs(), (bottom - top).abs());
        _ = write!(
            self.out,
            r#"<path class="{}" d="M{} {}h{width}v{height}h-{width}z"/>"#,
            class(style.color()),
            left.min(right),
            top.min(bottom),
        );
        Ok(())
    }

    fn draw_circle<S: BackendStyle>(&mut self, (x, y): BackendCoord, radius: u32, style: &S, _fill: bool) -> Drawn {
        let class = class(style.color());
        _ = write!(self.out, r#"<circle class="{class}" cx="{x}" cy="{y}" r="{radius}"/>"#);
        Ok(())
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, points: I, style: &S) -> Drawn {
        _ = write!(self.out, r#"<path class="{}" d=""#, class(style.color()));
        self.points(points);
        self.out.push_str("z\"/>");
        Ok(())
    }

    fn draw_text<T: BackendTextStyle>(&mut self, text: &str, style: &T, (x, y): BackendCoord) -> Drawn {
        let anchor = match style.anchor().h_pos {
            HPos::Left => "",
            HPos::Center => " mid",
            HPos::Right => " end",
        };
        let class = class(style.color());
        _ = write!(self.out, r#"<text class="{class}{anchor}" x="{x}" y="{y}">{}</text>"#, escaped(text));
        Ok(())
    }
}

/// Text made safe inside SVG and HTML.
pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
