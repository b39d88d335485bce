//! One line of source, cut to a window, with labels that do not overlap.

use std::ops::Range;

use unicode_width::UnicodeWidthChar;

use super::Mark;
use crate::report::{neutral, redact, terminal::drawing::whole_words};

/// The widest window in columns: beyond it a line is hard to read on any screen.
const MAX_WINDOW: usize = 200;
/// Columns shown before the first label of a line that is cut.
const LEAD: usize = 12;
/// Columns that a label's text wants to the right of where its line starts.
const LABEL_ROOM: usize = 26;
/// What a tab becomes.
const TAB: &str = "  ";
/// Where a line is cut.
const CUT: char = '…';

/// A line as it is shown.
pub struct Row {
    /// Its number in the file, from 1.
    pub line: u32,
    /// What to show, clean, without a line end.
    pub text: String,
    /// What to say of it, from left to right.
    pub labels: Vec<RowLabel>,
}

/// A label on a row.
pub struct RowLabel {
    /// The text, with line breaks where it would leave the screen.
    pub text: String,
    /// Bytes of the row's text.
    pub range: Range<usize>,
    /// Column of the place in the file, from 1.
    pub column: u32,
    /// Whether it is the diagnostic's own place.
    pub primary: bool,
}

/// A label on a line, in code points from 0.
struct Spot {
    range: Range<usize>,
    text: String,
    column: u32,
    primary: bool,
}

/// Lays out one line with its labels in rows of at most `room` columns: one, or several where labels lie too far apart.
pub fn rows(line: u32, text: &str, marks: &[&Mark], room: usize) -> Vec<Row> {
    let chars: Vec<char> = redact::masked(text.trim_end()).chars().collect();
    let room = room.min(MAX_WINDOW);
    let mut spots = apart(spots(&chars, marks), &chars);
    if spots.is_empty() {
        return vec![row(line, &chars, window(&chars, 0, room), Vec::new(), room)];
    }
    let mut rows = Vec::new();
    while !spots.is_empty() {
        let start = window_start(&chars, &spots, room);
        let view = window(&chars, start, room);
        let fits = |spot: &Spot| columns(&chars[view.start..spot.range.start.max(view.start)]) + LABEL_ROOM <= room;
        let here = spots.iter().take_while(|spot| view.contains(&spot.range.start) && fits(spot)).count().max(1);
        let later = spots.split_off(here);
        rows.push(row(line, &chars, view, spots, room));
        spots = later;
    }
    rows
}

/// The labels of a line from left to right; a place that runs over several lines is cut at the end of its first.
fn spots(chars: &[char], marks: &[&Mark]) -> Vec<Spot> {
    let spot = |mark: &&Mark| {
        let place = &mark.stop.location;
        let start = (place.column as usize).saturating_sub(1).min(chars.len());
        let end = if place.end_line > place.line { chars.len() } else { (place.end_column as usize).saturating_sub(1) };
        let range = start..end.clamp(start, chars.len());
        Spot { range, text: mark.stop.label.clone(), column: place.column.max(1), primary: mark.primary }
    };
    let mut spots: Vec<_> = marks.iter().map(spot).collect();
    spots.sort_by_key(|spot| (spot.range.start, spot.range.end));
    spots
}

/// Shortens labels that reach into the next one: a call that contains its argument keeps its callee.
fn apart(spots: Vec<Spot>, chars: &[char]) -> Vec<Spot> {
    let mut apart: Vec<Spot> = Vec::new();
    for mut spot in spots {
        if let Some(last) = apart.last_mut().filter(|last| spot.range.start < last.range.end) {
            if spot.range.start == last.range.start && spot.range.end > last.range.end {
                spot.range.start = last.range.end;
            } else if spot.range.start <= last.range.start {
                // The one before may have been moved behind where this one starts.
                last.text = format!("{}; {}", last.text, spot.text);
                last.primary |= spot.primary;
                continue;
            } else {
                last.range.end = head_end(&chars[last.range.start..spot.range.start]) + last.range.start;
            }
        }
        apart.push(spot);
    }
    apart
}

/// Where the callee (or the name of the element) ends in the beginning of a call.
fn head_end(beginning: &[char]) -> usize {
    let trimmed = beginning.iter().rposition(|c| !c.is_whitespace()).map_or(1, |at| at + 1);
    let stop = beginning.iter().position(|c| *c == '(').or_else(|| beginning.iter().position(|c| c.is_whitespace()));
    stop.filter(|at| *at > 0).unwrap_or(trimmed)
}

fn columns(chars: &[char]) -> usize {
    chars.iter().map(|c| width(*c)).sum()
}

fn width(c: char) -> usize {
    match c {
        '\t' => TAB.len(),
        c if neutral::is_hostile(c) => 1,
        c => c.width().unwrap_or(0),
    }
}

/// The first character to show: the line's, where it and the text of its labels fit; else a little before the first
/// label.
fn window_start(chars: &[char], spots: &[Spot], room: usize) -> usize {
    let (first, last) = (&spots[0], &spots[spots.len() - 1]);
    let middle = columns(&chars[..usize::midpoint(last.range.start, last.range.end)]);
    if columns(chars) <= room && middle + LABEL_ROOM <= room {
        return 0;
    }
    let mut start = first.range.start;
    let mut lead = 0;
    while start > 0 && lead + width(chars[start - 1]) <= LEAD {
        start -= 1;
        lead += width(chars[start]);
    }
    if columns(&chars[..start]) <= 1 { 0 } else { start }
}

/// The characters from `start` that fit in `room` columns, leaving a column for each cut.
fn window(chars: &[char], start: usize, room: usize) -> Range<usize> {
    let room = room.saturating_sub(usize::from(start > 0));
    if columns(&chars[start..]) <= room {
        return start..chars.len();
    }
    let (mut end, mut used) = (start, 0);
    while end < chars.len() && used + width(chars[end]) < room {
        used += width(chars[end]);
        end += 1;
    }
    start..end
}

/// Writes out what is in the window.
fn row(line: u32, chars: &[char], view: Range<usize>, spots: Vec<Spot>, room: usize) -> Row {
    let mut text = String::new();
    if view.start > 0 {
        text.push(CUT);
    }
    let mut bytes = Vec::with_capacity(view.len() + 1);
    for &c in &chars[view.clone()] {
        bytes.push(text.len());
        match c {
            '\t' => text.push_str(TAB),
            c if neutral::is_hostile(c) => text.push(neutral::picture(c)),
            c => text.push(c),
        }
    }
    bytes.push(text.len());
    if view.end < chars.len() {
        text.push(CUT);
    }
    let label = |spot: Spot| {
        let [start, end] = [spot.range.start, spot.range.end].map(|at| at.clamp(view.start, view.end));
        let middle = columns(&chars[view.start..usize::midpoint(start, end)]);
        RowLabel {
            text: broken(&spot.text, room.saturating_sub(middle + 5)),
            range: bytes[start - view.start]..bytes[end - view.start],
            column: spot.column,
            primary: spot.primary,
        }
    };
    Row { line, labels: spots.into_iter().map(label).collect(), text }
}

/// A label's text in lines of at most `room` columns, though never hopelessly narrow ones.
fn broken(text: &str, room: usize) -> String {
    textwrap::wrap(text, whole_words(room.max(LABEL_ROOM - 6))).join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{group::Stop, model::Location};

    /// Draws rows as text with `^` under each label, for marks given as `start..end` columns (from 1).
    fn check(text: &str, room: usize, places: &[(u32, u32)], expected: &[&str]) {
        let mark = |&(column, end_column): &(u32, u32)| {
            let location = Location { file: "a".into(), line: 1, column, end_line: 1, end_column };
            Mark { stop: Stop { location, label: "label".into() }, primary: false, context: false }
        };
        let marks: Vec<_> = places.iter().map(mark).collect();
        let drawn: Vec<_> = rows(1, text, &marks.iter().collect::<Vec<_>>(), room).iter().map(draw).collect();
        assert_eq!(drawn.concat(), expected);
        for row in rows(1, text, &marks.iter().collect::<Vec<_>>(), room) {
            assert!(columns(&row.text.chars().collect::<Vec<_>>()) <= room, "{}", row.text);
        }
    }

    fn draw(row: &Row) -> [String; 2] {
        let under = |(at, c): (usize, char)| match row.labels.iter().position(|label| label.range.contains(&at)) {
            Some(_) => "^".repeat(width(c)),
            None => " ".repeat(width(c)),
        };
        let under: String = row.text.char_indices().map(under).collect();
        [row.text.clone(), under.trim_end().to_owned()]
    }

    #[test]
    fn short_lines_are_whole() {
        check("a(b.c)", 80, &[(3, 6)], &["a(b.c)", "  ^^^"]);
        check("\ta(日本)", 80, &[(4, 6)], &["  a(日本)", "    ^^^^"]);
        check("", 80, &[(1, 1)], &["", ""]);
        check("abc", 80, &[(9, 12)], &["abc", ""]);
        check("abc", 80, &[(0, 0)], &["abc", ""]);
    }

    #[test]
    fn a_call_that_holds_its_argument_keeps_its_callee() {
        check("f.g(a.b)", 80, &[(1, 9), (5, 8)], &["f.g(a.b)", "^^^ ^^^"]);
        check("<Id email={a.b} />", 80, &[(1, 19), (12, 15)], &["<Id email={a.b} />", "^^^        ^^^"]);
        check("a.b.c()", 80, &[(1, 4), (1, 8)], &["a.b.c()", "^^^^^^^"]);
        check("a.b", 80, &[(1, 4), (1, 4)], &["a.b", "^^^"]);
        check("f(a, b, c)", 80, &[(1, 4), (1, 11), (3, 4)], &["f(a, b, c)", "^^^^^^^^^^"]);
    }

    #[test]
    fn long_lines_are_cut_around_their_labels() {
        let long = format!("{}track(me.email){}", "x".repeat(100), "y".repeat(100));
        let cut = format!("…{}track(me.email){}…", "x".repeat(12), "y".repeat(31));
        check(&long, 60, &[(101, 106)], &[&cut, "             ^^^^^"]);
        let far = format!("a(b);{}c(d);", " ".repeat(300));
        let head = format!("a(b);{}…", " ".repeat(54));
        check(&far, 60, &[(3, 4), (308, 309)], &[&head, "  ^", "…          c(d);", "             ^"]);
    }

    #[test]
    fn hostile_characters_take_one_column() {
        check("a\u{202e}b\x1b", 80, &[(2, 3)], &["a\u{fffd}b␛", " ^"]);
    }
}
