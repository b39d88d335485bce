//! The name that was probably meant.

/// The known name that is most like `wanted`, if one is like it at all.
#[must_use]
pub fn similar<'a>(wanted: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = wanted.to_lowercase();
    let likeness = |name: &str| {
        let name = name.to_lowercase();
        let inside = wanted.len() > 2 && name.contains(&wanted);
        strsim::jaro_winkler(&wanted, &name).max(if inside { 0.9 } else { 0.0 })
    };
    let scored = known.into_iter().map(|name| (likeness(name), name));
    let best = scored.max_by(|a, b| a.0.total_cmp(&b.0).then_with(|| b.1.cmp(a.1)))?;
    (best.0 >= 0.8).then_some(best.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_suggested() {
        let known = ["email", "name", "username", "ip-address", "google-analytics"];
        let check = |wanted: &str, expect: Option<&str>| assert_eq!(similar(wanted, known), expect, "{wanted}");
        check("emial", Some("email"));
        check("E-Mail", Some("email"));
        check("ip", None);
        check("ip-adress", Some("ip-address"));
        check("analytics", Some("google-analytics"));
        check("zzz", None);
        check("", None);
    }
}
