//! Edits that take out what hides nothing, as text.

use smol_str::SmolStr;

/// A change to a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// Path from the scanned root.
    pub file: SmolStr,
    /// Hash of the bytes that the offsets are of.
    pub digest: u64,
    /// First byte of the decoded text.
    pub start: u32,
    /// Byte after the last.
    pub end: u32,
    /// What stands there instead; none takes the comment out, with its line if nothing else is on it.
    pub text: Option<String>,
}

/// The text after edits, which are sorted and do not overlap. What is around them stays as it is, line ends too.
#[must_use]
pub fn applied(text: &str, edits: &[Edit]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut taken = 0;
    for edit in edits {
        let (start, end) = (edit.start as usize, edit.end as usize);
        let (start, end) = if edit.text.is_some() { (start, end) } else { with_blanks(text, start, end) };
        out.push_str(text.get(taken..start).unwrap_or_default());
        out.push_str(edit.text.as_deref().unwrap_or_default());
        taken = end.max(taken);
    }
    out.push_str(text.get(taken..).unwrap_or_default());
    out
}

/// A comment with the white space that only it needs: its whole line, or what stands between it and the code before.
fn with_blanks(text: &str, start: usize, end: usize) -> (usize, usize) {
    let (before, after) = (text.get(..start).unwrap_or_default(), text.get(end..).unwrap_or_default());
    let line = before.rsplit('\n').next().unwrap_or_default();
    let rest = after.split('\n').next().unwrap_or_default();
    let blank = |text: &str| text.trim().is_empty();
    match (blank(line), blank(rest)) {
        (true, true) => {
            let line_end = end + rest.len() + usize::from(after.len() > rest.len());
            (start - line.len(), line_end)
        }
        (true, false) => (start, end + (rest.len() - rest.trim_start().len())),
        (false, true) => (start - (line.len() - line.trim_end().len()), end),
        (false, false) if line.ends_with(' ') && rest.starts_with(' ') => (start, end + 1),
        (false, false) => (start, end),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_go_and_nothing_else() {
        let check = |text: &str, comment: &str, instead: Option<&str>, expect: &str| {
            let start = text.find(comment).unwrap();
            let offset = |at: usize| u32::try_from(at).unwrap();
            let (start, end) = (offset(start), offset(start + comment.len()));
            let edit = Edit { file: "".into(), digest: 0, start, end, text: instead.map(str::to_owned) };
            assert_eq!(applied(text, &[edit]), expect, "{text:?}");
        };
        check("a();\r\n  // x\r\nb();\r\n", "// x", None, "a();\r\nb();\r\n");
        check("a(); // x\r\nb();\n", "// x", None, "a();\r\nb();\n");
        check("a();\n// x", "// x", None, "a();\n");
        check("// x\na();", "// x", None, "a();");
        check("f(a, /* x */ b)", "/* x */", None, "f(a, b)");
        check("/* x */ f(b)\n", "/* x */", None, "f(b)\n");
        check("<p>\n\t{/* x */}\n</p>", "{/* x */}", None, "<p>\n</p>");
        check("é // x y -- z\n", "x y", Some("x"), "é // x -- z\n");
    }
}
